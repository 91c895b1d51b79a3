"""How often a page may ask again: ladders of growing delays that end by themselves.

The server hands out the next delay with each answer; the last answer carries none. What is asked is always our own
database, never the operator. `partials/poll.html` writes a `Poll` into the element that asks.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from quotes.views.numbers import whole

# (seconds, how many times)
ACT = ((2, 5), (5, 12), (15, 20))  # a command is on its way
JOB = ((1, 5), (3, 20), (10, 30))  # an export or a forced reading
WATCH = ((60, 30),)  # a page waits for prices


@dataclass(frozen=True)
class Poll:
    href: str
    seconds: int


def poll(ladder, address: str, n: int = 0, **query) -> Poll | None:
    """The request after `n` others; None when the ladder has ended."""
    delays = [seconds for seconds, times in ladder for _ in range(times)]
    if n >= len(delays):
        return None
    return Poll(f"{address}?{urlencode({**query, 'n': n + 1})}", delays[n])


def asked(request) -> int:
    """How many requests the element has made, this one included; a text that is no such number ends the ladder."""
    return whole(request.GET.get("n", "0"), 3, 1000)

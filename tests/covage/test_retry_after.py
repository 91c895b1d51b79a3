"""How long the operator asks us to wait, whatever it writes there."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from quotes.covage import CovageBusy, CovageUnavailable
from quotes.covage.outcomes import retry_after
from quotes.covage.transport import Answer
from tests.wire import Reply


def asked(value, status=429, **headers):
    return retry_after(Answer(status, {"retry-after": value, **headers}))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30), (" 30 ", 30), ("1.5", 1.5), ("0", 1), ("1000000000", 3600), ("-5", 0), ("abc", 0), ("nan", 0),
        ("inf", 3600), ("12 12", 0), ("Thu, 99 Foo 2026", 0),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", 0), ("Fri, 31 Dec 9999 23:59:59 -2359", 0),
    ],
)  # fmt: skip
def test_seconds(value, seconds):
    assert asked(value) == seconds


@pytest.mark.parametrize(("ahead", "seconds"), [(90, 90), (-90, 1), (86400, 3600)])
def test_a_date_is_compared_with_the_clock_of_the_operator(ahead, seconds):
    theirs = datetime(2031, 1, 1, tzinfo=UTC)
    until = format_datetime(theirs + timedelta(seconds=ahead), usegmt=True)
    assert asked(until, date=format_datetime(theirs, usegmt=True)) == seconds


def test_a_date_without_their_clock_is_compared_with_ours():
    until = datetime.now(UTC) + timedelta(seconds=100)
    assert 50 < asked(format_datetime(until, usegmt=True)) <= 100


@pytest.mark.parametrize(("status", "seconds"), [(429, 0), (503, None), (500, None), (200, None)])
def test_no_header(status, seconds):
    assert retry_after(Answer(status, {})) == seconds


def test_only_too_many_and_unavailable_ask_everybody_to_wait():
    assert [asked("9", status) for status in (200, 202, 301, 404, 429, 500, 503)] == [None] * 4 + [9, None, 9]


def test_the_caller_learns_it(wire, client):
    reply = Reply(429, json={"detail": "Slow down."}, headers={"Retry-After": "17"})
    wire.on("GET", "/api/v1/quote/q1/", reply)
    wire.on("PATCH", "/api/v1/quote/q1/", reply)
    with pytest.raises(CovageUnavailable) as read:
        client.get_basket("q1")
    with pytest.raises(CovageBusy) as write:
        client.update_basket("q1", {})
    assert (read.value.retry_after, write.value.retry_after) == (17, 17)
    assert write.value.errors == {"": ["Slow down."]}

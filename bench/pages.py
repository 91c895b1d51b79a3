"""Lists and pages over many lines: milliseconds of each, in one process, without the network.

BENCH_LINES sets how many (default 2,000; about half a minute to fill).
"""

import os
import statistics
import time

from bench import _database

PAGES = (
    "/",
    "/baskets/",
    "/lines/",
    "/lines/?state=ready&sort=validity_date",
    "/lines/?q=client",
    "/review/",
    "{line}",
)
ROUNDS = 15


def main() -> None:
    _database.set_up()
    lines = int(os.environ.get("BENCH_LINES", "2000"))
    _fill(lines)
    print(f"{lines} lines, SQLite, median and slowest of {ROUNDS}")
    print(f"{'page':45} {'ms':>8} {'slowest':>8}")
    client, address = _manager()
    for page in PAGES:
        _measure(client, page.format(line=address))


def _fill(count: int) -> None:
    from quotes import covage
    from quotes.sync import store
    from quotes.sync.asked import Asked

    for number in range(count // 5):
        answer = {"id": f"basket-{number}", "external_id": f"B-{number}", "state": "ready"}
        answer["creation_date"] = "2026-04-23T10:00:00+02:00"
        store.basket(covage.Basket.read(answer), Asked.now())
    for number in range(count):
        store.line(covage.Line.read(_database.answer_of_a_line(number)), Asked.now())


def _manager():
    from django.contrib.auth.models import User
    from django.test import Client

    from quotes.models import Line

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="manager"))
    return client, f"/lines/{Line.objects.first().pk}/"


def _measure(client, page: str) -> None:
    assert client.get(page).status_code == 200, page
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(page)
        times.append((time.perf_counter() - started) * 1000)
    print(f"{page[:45]:45} {statistics.median(times):>8.1f} {max(times):>8.1f}")


if __name__ == "__main__":
    main()

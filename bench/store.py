"""The store of the mirrors: lines a second when all are new, and when nothing changed.

BENCH_LINES sets how many (default 1,000).
"""

import os
import time

from bench import _database


def main() -> None:
    _database.set_up()
    from quotes import covage
    from quotes.sync import store
    from quotes.sync.asked import Asked

    first, count = 10_000_000, int(os.environ.get("BENCH_LINES", "1000"))
    lines = [covage.Line.read(_database.answer_of_a_line(first + n)) for n in range(count)]
    for name in ("all new", "nothing changed"):
        started = time.perf_counter()
        for line in lines:
            store.line(line, Asked.now())
        seconds = time.perf_counter() - started
        print(f"{name:20} {len(lines) / seconds:>10.0f} lines/s")


if __name__ == "__main__":
    main()

"""What the operator has in these tests, and the worker's reading of all of it."""

from dataclasses import dataclass
from threading import Thread

from django.db import connection

from quotes.models import Basket, Line
from quotes.sync import discover, watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE
from tests.operator import Fault

NOON = "2026-11-25T12:00:00Z"


def draft(operator, lines: int = 1, **fields) -> str:
    """A basket with some lines, made elsewhere; its id at the operator."""
    basket_id = operator.world.draft(**fields)
    for number in range(lines):
        operator.world.add_line(basket_id, COMPLETE | {"external_id": f"SITE-{number}"})
    return basket_id


def priced(operator, *products) -> tuple[str, str]:
    """A confirmed basket whose one line got prices; both ids."""
    basket_id = draft(operator)
    operator.world.confirm(basket_id)
    line_id = lines_of(operator, basket_id)[0]
    operator.world.price(line_id, *(products or ("2173", "2175")))
    return basket_id, line_id


def lines_of(operator, basket_id: str) -> list[str]:
    return [line["id"] for line in operator.world.lines.values() if line["basket"] == basket_id]


def read_all() -> Tally:
    """Lists, then whatever is due, then the lines without a basket."""
    tally = Tally()
    discover.baskets(connect(), tally, full=True)
    tally.cursor = {}
    discover.lines(connect(), tally)
    watch.due_baskets(connect(), tally, most=None)
    watch.orphans(connect(), tally)
    return tally


def read_list(*, full: bool = True) -> Tally:
    tally = Tally()
    discover.baskets(connect(), tally, full=full)
    return tally


def mirrored_basket(operator, lines: int = 1, **fields) -> Basket:
    basket_id = draft(operator, lines, **fields)
    read_all()
    return Basket.objects.get(remote_id=basket_id)


def mirrored_line(operator, *products) -> Line:
    _, line_id = priced(operator, *products)
    read_all()
    return Line.objects.get(remote_id=line_id)


@dataclass
class Meanwhile(Fault):
    """No fault: something happens at the operator just before it answers the call that this takes."""

    action: object  # called without arguments

    def takes(self, method, path):
        if super().takes(method, path):
            self.action()
        return False


def at_once(*works):
    """Run each in a thread and with a database connection of its own; return what they returned or raised."""
    results = [None] * len(works)

    def run(place, work):
        try:
            results[place] = work()
        except Exception as error:  # handed to the test
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "it hangs"
    return results

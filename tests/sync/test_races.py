"""Two that write mirrors at the same moment: one row, the newest answer, and nobody waits for ever."""

import itertools
from threading import Barrier

import pytest

from quotes import covage
from quotes.models import AuditHead, Basket, Command, Event, Line
from quotes.models.events import broken_links
from quotes.services import baskets, lines
from quotes.sync import discover, store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce
from tests.sync.scenes import at_once, draft, mirrored_basket, read_all

pytestmark = pytest.mark.django_db(transaction=True)


def basket_answer(number=0, lines=()):
    raw = {"id": "B", "state": "confirmed", "external_id": f"E{number}"}
    return covage.Basket.read(raw | {"quote_item": [line_raw(line, number) for line in lines]})


def line_raw(name, number=0):
    return {"id": name, "state": "confirmed", "note": f"N{number}", "prices": [{"product_id": "1", "price": number}]}


def together(*works):
    """All of them start when all are ready."""
    barrier = Barrier(len(works))

    def started(work):
        barrier.wait(20)
        return work()

    results = at_once(*[lambda work=work: started(work) for work in works])
    errors = [result for result in results if isinstance(result, Exception)]
    assert not errors, errors
    return results


def test_the_same_new_basket_stored_by_four_at_once_is_one_row():
    asked = Asked.now()
    together(*[lambda: store.basket(basket_answer(), asked, detail=False)] * 4)
    assert Basket.objects.get().remote_id == "B"
    assert Event.objects.filter(kind="basket_found").count() == 1


def test_the_same_new_line_found_by_a_list_and_by_its_basket_at_once_is_one_row():
    asked = Asked.now()
    line = covage.Line.read(line_raw("L"))
    together(
        lambda: store.basket(basket_answer(lines=["L"]), asked),
        lambda: store.line(line, asked, detail=False),
        lambda: store.line(line, asked),
    )
    assert Line.objects.get().remote_id == "L"
    store.basket(basket_answer(lines=["L"]), Asked.now())
    row = store.line(line, Asked.now())
    assert (row.basket, row.offers.count()) == (Basket.objects.get(), 1)


def test_baskets_lines_touches_and_watches_at_once_do_not_lock_each_other_out():
    names = ["L1", "L2", "L3"]
    basket = store.basket(basket_answer(lines=names), Asked.now())
    numbers = itertools.count(1)

    def store_baskets():
        for _ in range(6):
            store.basket(basket_answer(next(numbers), names), Asked.now(own_write=True))

    def store_lines():
        for name in names * 2:
            store.line(covage.Line.read(line_raw(name, next(numbers))), Asked.now(own_write=True))

    def touch_and_wake():
        for line in [*Line.objects.all()] * 2:
            store.touch(line)
            watch.wake(basket)
            store.missing(line, Asked.now(), 0)

    together(store_baskets, store_baskets, store_lines, touch_and_wake)
    assert Line.objects.count() == 3
    assert not list(broken_links())
    assert AuditHead.objects.get().count == Event.objects.count()


def test_reading_everything_twice_at_once_gives_the_same_as_once(operator):
    for _ in range(3):
        draft(operator, lines=2)
    together(read_all, read_all)
    assert Basket.objects.count() == 3
    assert set(Line.objects.values_list("remote_id", flat=True)) == set(operator.world.lines)
    assert Event.objects.filter(kind__in=["basket_found", "line_found"]).count() == 9


@pytest.mark.parametrize("name", ["Under another name", ""])
def test_a_basket_that_a_list_found_before_its_own_creates_answer_came_is_one_basket(operator, sales, name):
    operator.shapes.names = "upper"
    with operator.hold("/quote/$", method="POST", after=True) as held:

        def find_it():
            held.wait()
            discover.baskets(connect(), Tally(), full=True)
            found = Basket.objects.get(remote_id__isnull=False)
            held.release()
            return found

        command, found = at_once(lambda: baskets.create(actor=sales, nonce=nonce(), external_id=name), find_it)
    [row] = Basket.objects.filter(is_void=False)
    assert (command.state, command.basket_id, row.remote_id) == ("done", row.pk, found.remote_id)
    assert row.external_id == next(iter(operator.world.baskets.values()))["external_id"]
    found.refresh_from_db()
    assert found == row or (found.is_void, found.remote_id) == (True, None)


def test_a_line_that_a_list_found_before_its_own_creates_answer_came_is_one_line(operator, sales):
    basket = mirrored_basket(operator, lines=0)
    with operator.hold("/quote_item/$", method="POST", after=True) as held:

        def find_it():
            held.wait()
            discover.lines(connect(), Tally())
            orphan = Line.objects.get(remote_id__isnull=False)
            held.release()
            return orphan

        command, orphan = at_once(
            lambda: lines.add(actor=sales, nonce=nonce(), basket=basket, fields=COMPLETE), find_it
        )
    row = Line.objects.get(is_void=False)
    assert isinstance(command, Command), command
    assert (command.state, command.line_id, row.remote_id, row.basket) == ("done", row.pk, orphan.remote_id, basket)
    read_all()
    assert Line.objects.filter(is_void=False).count() == 1

"""What cannot be read or kept is put aside with its reason, and everything else goes on."""

import json

import pytest
from django.db import connection

from quotes.models import Basket, Line, Rejected
from quotes.sync import discover, quarantine, watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.sync.scenes import draft, lines_of, mirrored_basket, read_list

pytestmark = pytest.mark.django_db
MALFORMED = [None, 7, "text", [], {}, {"id": None}, {"id": ""}, {"id": "../../x"}, {"id": {"a": 1}}, {"state": "ready"}]


@pytest.mark.parametrize("thing", MALFORMED)
def test_a_malformed_item_is_put_aside_and_the_page_goes_on(operator, thing):
    good = [{"id": "a", "state": "ready"}, {"id": "b", "state": "ready"}]
    operator.fail(200, "/quote/$", body={"next_page": None, "results": [good[0], thing, good[1]]})
    tally = read_list()
    assert set(Basket.objects.values_list("remote_id", flat=True)) == {"a", "b"}
    row = Rejected.objects.get()
    assert (tally.rejected, row.collection, row.count) == (1, "baskets", 1)
    assert json.loads(row.raw) in (thing, {"value": thing})


def test_the_same_item_again_is_counted_not_kept_twice(operator):
    operator.fail(200, "/quote_item/$", times=3, body={"results": [{"state": "ready"}]})
    for _ in range(3):
        discover.lines(connect(), Tally())
    row = Rejected.objects.get()
    assert (row.collection, row.count, row.seen_at > row.first_seen_at) == ("lines", 3, True)


def test_a_malformed_line_in_a_basket_leaves_the_others_readable(operator):
    basket = mirrored_basket(operator, lines=1)
    answer = operator.world.shown_basket(operator.world.baskets[basket.remote_id], detail=True)
    answer["quote_item"] = [{"state": "ready"}, *answer["quote_item"], {"id": "new", "state": "acknowledged"}]
    operator.fail(200, f"/quote/{basket.remote_id}/$", body=answer)
    watch.read_basket(connect(), basket)
    assert set(basket.lines.values_list("remote_id", flat=True)) == {*lines_of(operator, basket.remote_id), "new"}
    assert Rejected.objects.get().raw == '{"state": "ready"}'


def test_an_answer_about_something_else_is_put_aside(operator):
    basket = mirrored_basket(operator, lines=2)
    wrong, right = lines_of(operator, basket.remote_id)
    operator.fail(200, f"/quote_item/{wrong}/$", body={"id": right, "end_customer_name": "Somebody else"})
    tally = read_now(basket)
    assert not Line.objects.filter(end_customer_name="Somebody else").exists()
    assert (tally.seen, tally.rejected) == (1, 1)
    assert "another id" in Rejected.objects.get().reason


@pytest.mark.parametrize("action", [500, 403, "html", "empty", "wrong_type"])
def test_a_line_that_cannot_be_read_does_not_keep_the_others_from_being_read(operator, action):
    basket = mirrored_basket(operator, lines=3)
    Line.objects.update(read_at=None)
    operator.fail(action, f"/quote_item/{lines_of(operator, basket.remote_id)[0]}/$", times=9)
    tally = read_now(basket)
    assert Line.objects.exclude(read_at=None).count() == 2
    assert (tally.seen, tally.rejected, Rejected.objects.get().collection) == (1, 1, "line")


@pytest.mark.parametrize("action", [500, 403, "html", "empty", "wrong_type"])
def test_a_basket_that_cannot_be_read_does_not_keep_the_others_from_being_read(operator, action):
    broken, fine = mirrored_basket(operator, lines=0), mirrored_basket(operator, lines=0)
    Basket.objects.update(read_at=None)
    operator.fail(action, f"/quote/{broken.remote_id}/$", times=9)
    for basket in (broken, fine):
        watch.wake(basket)
    tally = Tally()
    watch.due_baskets(connect(), tally)
    assert (tally.seen, tally.rejected) == (1, 1)
    assert list(Basket.objects.exclude(read_at=None)) == [fine]


def test_an_item_that_the_database_refuses_is_put_aside(operator):
    refuse_in_the_database("NO")
    for name in ("A", "NO", "B"):
        operator.world.draft(external_id=name)
    tally = read_list()
    assert set(Basket.objects.values_list("external_id", flat=True)) == {"A", "B"}
    assert (tally.rejected, json.loads(Rejected.objects.get().raw)["external_id"]) == (1, "NO")


def refuse_in_the_database(name):
    """Until the test's transaction is rolled back."""
    statement = {
        "sqlite": f"CREATE TRIGGER refuse BEFORE INSERT ON quotes_basket WHEN NEW.external_id = '{name}' "
        "BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "postgresql": f"ALTER TABLE quotes_basket ADD CONSTRAINT refuse CHECK (external_id <> '{name}')",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)


def read_now(basket) -> Tally:
    watch.wake(basket)
    tally = Tally()
    watch.due_baskets(connect(), tally)
    return tally


def test_what_is_kept_is_cut_and_forgotten_in_the_end(db):
    quarantine.put_aside(Tally(), "baskets", {"id": "", "note": "x" * 100_000}, "no usable id")
    assert len(Rejected.objects.get().raw) == quarantine.LENGTH_KEPT
    for number in range(quarantine.ITEMS_KEPT + 5):
        quarantine.put_aside(Tally(), "baskets", {"number": number}, "no usable id")
    assert Rejected.objects.count() == quarantine.ITEMS_KEPT
    assert not Rejected.objects.filter(raw__contains="xxx").exists()


def test_text_with_nul_can_be_put_aside(db):
    quarantine.put_aside(Tally(), "basket", "a\0b", "no JSON")
    assert Rejected.objects.get().raw == "ab"


def test_a_draft_with_a_malformed_line_is_still_a_basket(operator):
    basket_id = draft(operator, lines=1)
    answer = operator.world.shown_basket(operator.world.baskets[basket_id], detail=True) | {"quote_item": "oops"}
    read_list()
    operator.fail(200, f"/quote/{basket_id}/$", body=answer)
    watch.read_basket(connect(), Basket.objects.get())
    assert Basket.objects.get().read_at is not None

"""Many acts as one job: each item once, through the ordinary services, whatever happens in between."""

import pytest

from quotes.errors import Invalid, NotPossible
from quotes.models import Batch, Event
from quotes.services import baskets, batches, lines
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce

pytestmark = pytest.mark.django_db


@batches.does("rehearsal")
def _add_line(item):
    """A kind of the tests: each item adds a line."""
    if item.fields.get("wrong"):
        raise Invalid({"": ["incomplete"]})
    return lines.add(actor=item.batch.actor, nonce=item.nonce, basket=item.batch.basket, fields=item.fields)


@pytest.fixture
def basket(operator, sales):
    return baskets.create(actor=sales, nonce=nonce(), external_id="A").basket


def rows(n: int) -> list[dict]:
    return [{"fields": COMPLETE | {"external_id": f"row-{i}"}} for i in range(n)]


def made(basket, sales, items, **fields) -> Batch:
    return batches.make(actor=sales, kind="rehearsal", nonce=nonce(), basket=basket, items=items, **fields)


def run() -> Tally:
    Batch.objects.filter(state="running").update(due_at="2020-01-01T00:00Z")
    tally = Tally()
    batches.run_due(tally)
    return tally


def outcomes(batch) -> list[str]:
    batch.refresh_from_db()
    return [item.outcome for item in batch.items.select_related("command")]


def test_every_item_is_done_in_its_order_and_the_batch_ends(operator, basket, sales):
    batch = made(basket, sales, rows(3))
    assert run().seen == 3
    assert outcomes(batch) == ["done"] * 3
    assert [line.external_id for line in basket.lines.order_by("added_at")] == ["row-0", "row-1", "row-2"]
    assert batch.state == "done"
    assert list(Event.objects.filter(kind__startswith="batch_").order_by("id").values_list("kind", flat=True)) == [
        "batch_running",
        "batch_done",
    ]


def test_the_same_form_twice_is_one_batch(basket, sales):
    wish = {"actor": sales, "kind": "rehearsal", "nonce": nonce(), "basket": basket}
    assert batches.make(items=rows(1), **wish) == batches.make(items=rows(1), **wish)
    assert Batch.objects.count() == 1


def test_nothing_is_sent_while_a_batch_is_being_prepared(operator, basket, sales):
    batch = made(basket, sales, rows(2), start=False)
    run()
    assert operator.sent("POST", "/quote_item/$") == []
    batches.begin(batch)
    run()
    assert len(operator.sent("POST", "/quote_item/$")) == 2


def test_an_item_with_errors_does_not_stop_the_others(operator, basket, sales):
    items = [*rows(1), {"fields": {"wrong": True}}, {"fields": COMPLETE | {"external_id": "last"}}]
    batch = made(basket, sales, items)
    run()
    assert outcomes(batch) == ["done", "invalid", "done"]
    assert batch.items.get(position=2).errors == {"": ["incomplete"]}


def test_a_person_who_lost_the_right_gets_nothing_done(operator, basket, sales):
    batch = made(basket, sales, rows(1))
    sales.groups.clear()
    del sales._rights
    run()
    assert outcomes(batch) == ["skipped"]
    assert operator.sent("POST", "/quote_item/$") == []


def test_a_stopped_batch_begins_nothing_further_and_goes_on_when_asked(operator, basket, sales):
    batch = made(basket, sales, rows(2))
    batches.stop(batch, sales)
    run()
    assert outcomes(batch) == ["waiting", "waiting"]
    with pytest.raises(NotPossible):
        batches.stop(batch, sales)
    batches.resume(batch, sales)
    run()
    assert outcomes(batch) == ["done", "done"]


def test_an_item_that_a_dead_process_had_sent_is_not_sent_again(operator, basket, sales):
    batch = made(basket, sales, rows(2))
    first = batch.items.first()
    _add_line(first)  # … and the process died before it could note so at the item
    run()
    assert outcomes(batch) == ["done", "done"]
    assert len(operator.sent("POST", "/quote_item/$")) == 2


def test_a_batch_waits_while_several_of_its_items_are_in_doubt(operator, basket, sales):
    operator.fail("reset", "/quote_item/$", method="POST", after=True, times=10)
    batch = made(basket, sales, rows(6))
    run()
    assert outcomes(batch) == ["uncertain"] * 3 + ["waiting"] * 3
    run()
    assert len(operator.sent("POST", "/quote_item/$")) == 3


def test_a_batch_that_somebody_else_works_on_is_left_alone(operator, basket, sales):
    batch = made(basket, sales, rows(1))
    Batch.objects.filter(pk=batch.pk).update(claimed_until=batches.timezone.now() + batches.LONGEST)
    assert run().seen == 0
    assert outcomes(batch) == ["waiting"]

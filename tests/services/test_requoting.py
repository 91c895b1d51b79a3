"""Lines that came to nothing are asked again in a new basket, as one batch that survives what happens to it."""

import json

import pytest

from quotes.errors import NotAllowed, NotPossible
from quotes.models import Batch, BatchItem, Command, Line
from quotes.selectors import lineage
from quotes.services import baskets, batches, lines, reconciler, requoting, traces
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce
from tests.kmz_files import make_kmz

pytestmark = pytest.mark.django_db
KMZ = make_kmz()
CONTACTS = [{"name": "Anne Kermadec", "email_address": "anne@example.org"}]


@pytest.fixture
def old(operator, sales):
    """Two lines, the first with a trace, that the operator could not serve."""
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="FLASH-1", project_id="FLASH").basket
    wishes = [
        COMPLETE
        | {"external_id": "A-1", "related_contact_information": CONTACTS, "expected_response_date": "2020-01-31"},
        COMPLETE | {"note": "two\nlines", "option_ids": ["GTR"], "expected_response_date": "2099-01-31"},
    ]
    found = [lines.add(actor=sales, nonce=nonce(), basket=basket, fields=wish).line for wish in wishes]
    traces.upload(actor=sales, nonce=nonce(), line=found[0], name="way.kmz", data=KMZ)
    operator.world.confirm(basket.remote_id)
    for line in found:
        operator.world.price(line.remote_id, state="unable_to_provide")
    return [lines.refresh(line) for line in found]


def ask_again(actor, old, **kwargs):
    basket = {"external_id": "FLASH-1-2", "project_id": "FLASH"}
    with_trace = {line.pk for line in old}
    return requoting.start(
        actor=actor, nonce=nonce(), chosen=old, basket=basket, **{"with_trace": with_trace, **kwargs}
    )


def run(batch, times=6):
    for _ in range(times):
        Batch.objects.update(due_at="2020-01-01T00:00Z")
        batches.run_due(Tally())
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
    batch.refresh_from_db()
    return batch


def test_fields_contacts_and_traces_travel_and_a_passed_date_does_not(operator, old, sales):
    batch = run(ask_again(sales, old, with_trace={old[0].pk}))
    assert (batch.state, batch.basket.external_id) == ("done", "FLASH-1-2")
    first, second = sorted(batch.basket.lines.all(), key=lambda line: line.added_at)
    sent = [json.loads(call["body"]) for call in operator.sent("POST", "/quote_item/$")[2:]]
    assert sent[0] == COMPLETE | {"external_id": "A-1", "related_contact_information": CONTACTS}
    assert sent[1] == COMPLETE | {
        "external_id": second.external_id, "note": "two\nlines", "option_ids": ["GTR"],
        "expected_response_date": "2099-01-31",
    }  # fmt: skip
    assert second.external_id not in ("", old[1].external_id)
    assert operator.world.lines[first.remote_id]["trace"] == KMZ
    assert operator.world.lines[second.remote_id]["trace"] == b""
    assert {line.state for line in Line.objects.filter(pk__in=[line.pk for line in old])} == {"unable_to_provide"}


def test_what_builds_on_a_basket_that_was_refused_is_left_out_with_the_reason(operator, old, sales):
    operator.fail(422, "/quote/$", method="POST")
    batch = run(ask_again(sales, old, with_trace={old[0].pk}))
    assert batch.state == "done"
    assert [(item.outcome, item.reason) for item in batch.items.all()] == [
        ("refused", ""), *[("skipped", "create_failed")] * 3,
    ]  # fmt: skip
    assert len(operator.world.lines) == 2


def test_a_lost_answer_holds_the_rest_back_until_it_is_known(operator, old, sales):
    operator.fail("reset", "/quote/$", method="POST", after=True)
    batch = ask_again(sales, old, with_trace={old[0].pk})
    Batch.objects.update(due_at="2020-01-01T00:00Z")
    batches.run_due(Tally())
    assert [item.outcome for item in batch.items.all()] == ["uncertain", "waiting", "waiting", "waiting"]
    run(batch)
    assert [item.outcome for item in batch.items.all()] == ["done"] * 4
    assert len(operator.world.baskets) == 2 and len(operator.world.lines) == 4


def test_a_trace_waits_while_the_operator_is_away(operator, old, sales):
    old[0].traces.all().delete()  # then it is fetched
    batch = ask_again(sales, old[:1])
    operator.fail(503, "/trace/download/", times=20)
    run(batch, times=1)
    assert batch.items.get(position=3).state == "waiting"
    operator.faults.clear()
    run(batch)
    assert batch.items.get(position=3).outcome == "done"


def test_who_may_and_which_lines(operator, old, sales, people):
    with pytest.raises(NotAllowed):
        ask_again(people["auditor"], old)
    Line.objects.filter(pk=old[0].pk).update(state="accepted")
    old[0].refresh_from_db()
    with pytest.raises(NotPossible):
        ask_again(sales, old)
    assert not Batch.objects.exists()


def test_both_lines_know_each_other_and_the_prices_stand_side_by_side(operator, old, sales):
    run(ask_again(sales, old))
    new = lineage.of(old[0]).after[0]
    assert lineage.of(new).before == old[0] and lineage.asked_again(old) == {line.pk for line in old}
    assert lineage.of(new).prices is None
    operator.world.lines[old[0].remote_id]["state"] = "expired"
    operator.world.price(old[0].remote_id, "2173", state="expired")
    operator.world.confirm(new.basket.remote_id)
    operator.world.price(new.remote_id, "2173", "2175")
    operator.world.lines[new.remote_id]["offers"][0]["monthly"] = 99.9
    lines.refresh(old[0])
    found = lineage.of(lines.refresh(new))
    assert [str(price.value) for price in found.prices] == ["119.9", "99.9"]
    assert str(found.difference) == "-20.0"


def test_a_batch_taken_up_by_two_makes_each_thing_once(operator, old, sales):
    batch = ask_again(sales, old)
    item = batch.items.select_related("batch__actor").get(position=1)
    assert requoting.ask_again(item) == requoting.ask_again(BatchItem.objects.get(pk=item.pk))
    run(batch)
    assert len(operator.world.baskets) == 2 and len(operator.world.lines) == 4

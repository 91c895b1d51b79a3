"""Creating, editing and confirming baskets, against an operator over real HTTP."""

import json

import pytest

from quotes.errors import Invalid, NotAllowed, NotPossible
from quotes.models import Basket, Command
from quotes.services import baskets, lines, reconciler
from tests.cast import COMPLETE, nonce
from tests.operator import LOST

pytestmark = pytest.mark.django_db


def create(actor, **fields):
    return baskets.create(actor=actor, nonce=nonce(), **fields)


def test_a_basket_is_created_with_the_persons_own_reference_untouched(operator, sales):
    command = create(sales, external_id="EXT123", project_id="FLASH")
    assert (command.state, command.basket.state, command.basket.external_id) == ("done", "acknowledged", "EXT123")
    [sent] = operator.sent("POST", "/quote/$")
    assert json.loads(sent["body"]) == {"external_id": "EXT123", "project_id": "FLASH"}
    assert command.basket.remote_id in operator.world.baskets


def test_an_empty_reference_is_generated_so_that_the_basket_can_be_found_again(operator, sales):
    command = create(sales)
    assert command.basket.external_id.startswith("p-")


def test_a_reference_that_exists_at_the_operator_gets_a_token(operator, sales):
    operator.world.draft(external_id="EXT123")
    command = create(sales, external_id="EXT123")
    assert command.basket.external_id.startswith("EXT123~")
    assert command.basket.wished_external_id == "EXT123"


def test_the_same_form_twice_is_one_basket(operator, sales):
    once = nonce()
    first = baskets.create(actor=sales, nonce=once, external_id="A")
    second = baskets.create(actor=sales, nonce=once, external_id="A")
    assert first == second
    assert len(operator.world.baskets) == Basket.objects.count() == 1


def test_the_same_form_with_other_content_is_refused(operator, sales):
    once = nonce()
    baskets.create(actor=sales, nonce=once, external_id="A")
    with pytest.raises(Invalid):
        baskets.create(actor=sales, nonce=once, external_id="B")
    assert len(operator.world.baskets) == 1


def test_an_auditor_creates_nothing(operator, people):
    with pytest.raises(NotAllowed):
        create(people["auditor"])
    assert not operator.requests


@pytest.mark.parametrize("action", LOST)
def test_a_create_whose_answer_was_lost_is_adopted_by_its_name(operator, sales, action):
    operator.fail(action, "/quote/$", method="POST", after=True)
    command = create(sales, external_id="LOST")
    assert (command.state, command.basket.remote_id) == ("uncertain", None)
    command = reconciler.reconcile(command.pk)
    assert command.state == "done"
    assert command.basket.remote_id in operator.world.baskets
    assert len(operator.sent("POST", "/quote/$")) == len(operator.world.baskets) == 1


def test_a_create_that_never_arrived_ends_as_not_applied_and_is_not_repeated(operator, sales):
    operator.fail("reset", "/quote/$", method="POST")
    command = create(sales, external_id="NEVER")
    for _ in range(3):
        command = reconciler.reconcile(command.pk)
    assert command.state == "not_applied"
    assert command.basket.is_void
    assert len(operator.sent("POST", "/quote/$")) == 1


def test_a_create_that_happens_after_all_is_found_and_said(operator, sales):
    operator.fail("reset", "/quote/$", method="POST")
    command = create(sales, external_id="SLOW")
    for _ in range(3):
        reconciler.reconcile(command.pk)
    operator.world.create_basket({"external_id": "SLOW"})
    from quotes.sync import discover
    from quotes.sync.connection import connect
    from quotes.sync.jobs import Tally

    discover.baskets(connect(), Tally(), full=True)
    reconciler.sweep()
    command.refresh_from_db()
    assert (command.state, command.reason, command.basket.is_void) == ("done", "late", False)
    assert Basket.objects.count() == 1


def test_a_doubled_create_is_adopted_once_and_the_double_is_told(operator, sales):
    operator.fail("reset", "/quote/$", method="POST", after=True)
    command = create(sales, external_id="TWICE")
    operator.world.create_basket({"external_id": "TWICE"})
    command = reconciler.reconcile(command.pk)
    assert command.state == "done"
    assert command.events.filter(kind="command_doubled").count() == 1
    assert Basket.objects.exclude(remote_id=None).count() == 2


def test_with_the_operator_down_a_create_is_kept_and_goes_out_later(operator, sales, settings):
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    command = create(sales, external_id="LATER")
    assert (command.state, command.reason, command.attempts) == ("recorded", "unreachable", 0)
    settings.COVAGE_API_URL = url
    Command.objects.update(next_try_at=None)
    reconciler.sweep()
    command.refresh_from_db()
    assert command.state == "done"


@pytest.mark.parametrize("errors", ["fields", "detail", "details", "html", "nothing"])
def test_a_refusal_is_told_in_the_operators_words_and_the_basket_is_void(operator, sales, errors):
    operator.shapes.errors = errors
    operator.fail(400, "/quote/$", method="POST", body=operator.shapes.refusal({"project_id": ["Unknown project."]}))
    command = create(sales, project_id="NOPE")
    assert (command.state, command.operator_status, command.basket.is_void) == ("refused", 400, True)
    words = " ".join(text for texts in command.errors.values() for text in texts)
    assert "Unknown project." in words or errors == "nothing"


def test_an_edit_sends_only_what_changed(operator, sales):
    basket = create(sales, external_id="A", project_id="P").basket
    baskets.update(actor=sales, nonce=nonce(), basket=basket, changes={"project_id": "Q"}, before={"project_id": "P"})
    [sent] = operator.sent("PATCH", "/quote/")
    assert json.loads(sent["body"]) == {"project_id": "Q"}
    basket.refresh_from_db()
    assert basket.project_id == "Q"


def test_an_edit_does_not_step_over_a_change_made_elsewhere(operator, sales):
    basket = create(sales, external_id="A", project_id="P").basket
    operator.world.baskets[basket.remote_id]["project_id"] = "ELSE"
    command = baskets.update(
        actor=sales, nonce=nonce(), basket=basket, changes={"project_id": "Q"}, before={"project_id": "P"}
    )
    assert (command.state, command.reason) == ("refused", "changed_elsewhere")
    assert not operator.sent("PATCH", "/quote/")


def test_an_edit_whose_answer_was_lost_is_proven_by_reading(operator, sales):
    basket = create(sales, external_id="A", project_id="P").basket
    operator.fail("reset", "/quote/", method="PATCH", after=True)
    command = baskets.update(
        actor=sales, nonce=nonce(), basket=basket, changes={"project_id": "Q"}, before={"project_id": "P"}
    )
    assert command.state == "uncertain"
    assert reconciler.reconcile(command.pk).state == "done"


def test_an_edit_that_did_not_arrive_is_sent_again_three_times_at_most(operator, sales):
    basket = create(sales, external_id="A", project_id="P").basket
    operator.fail("reset", "/quote/", method="PATCH", times=9)
    command = baskets.update(
        actor=sales, nonce=nonce(), basket=basket, changes={"project_id": "Q"}, before={"project_id": "P"}
    )
    for _ in range(20):
        Command.objects.filter(pk=command.pk).update(next_try_at=None)
        reconciler.sweep()
    command.refresh_from_db()
    assert (command.state, len(operator.sent("PATCH", "/quote/"))) == ("not_applied", 3)


def ready_basket(sales):
    basket = create(sales, external_id="A").basket
    lines.add(actor=sales, nonce=nonce(), basket=basket, fields=COMPLETE)
    basket.refresh_from_db()
    return basket


def test_confirm_sends_once_and_the_basket_waits_for_prices(operator, sales):
    basket = ready_basket(sales)
    command = baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    basket.refresh_from_db()
    assert (command.state, basket.state) == ("done", "confirmed")
    assert operator.world.effects["confirm", basket.remote_id] == 1


@pytest.mark.parametrize("action", LOST)
@pytest.mark.parametrize("after", [True, False])
def test_a_confirm_without_an_answer_is_read_and_never_repeated(operator, sales, action, after):
    basket = ready_basket(sales)
    operator.fail(action, "/confirm/", after=after)
    command = baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    for _ in range(4):
        command = reconciler.reconcile(command.pk)
    assert command.state == ("done" if after else "not_applied")
    assert len(operator.sent("PATCH", "/confirm/")) == 1


def test_two_people_cannot_confirm_at_once(operator, sales, manager):
    basket = ready_basket(sales)
    operator.fail("reset", "/confirm/")
    baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    with pytest.raises(NotPossible):
        baskets.confirm(actor=manager, nonce=nonce(), basket=basket)


def test_a_confirmed_basket_is_not_confirmed_again(operator, sales):
    basket = ready_basket(sales)
    operator.world.confirm(basket.remote_id)
    command = baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    assert (command.state, command.reason) == ("refused", "state_moved")
    assert not operator.sent("PATCH", "/confirm/")

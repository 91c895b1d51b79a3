"""Accept, decline, restore: an accept is an order, sent once whatever happens."""

import json

import pytest
import time_machine

from quotes.errors import NotAllowed, NotPossible, WorldMoved
from quotes.models import Basket, Command, Line
from quotes.services import decisions, lines, reconciler
from quotes.sync import watch
from quotes.sync.connection import connect
from tests.cast import COMPLETE, nonce
from tests.operator import LOST, Shapes

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(operator, sales):
    """A line with two priced offers, as the mirror has it after a reading."""
    return priced(operator)


def priced(operator, *products) -> Line:
    basket_id = operator.world.draft(external_id="A")
    line_id = operator.world.add_line(basket_id, COMPLETE)["id"]
    operator.world.confirm(basket_id)
    operator.world.price(line_id, *(products or ("2173", "2175")))
    return mirrored(basket_id)


def mirrored(basket_id) -> Line:
    from quotes.sync import discover
    from quotes.sync.jobs import Tally

    discover.baskets(connect(), Tally(), full=True)
    discover.lines(connect(), Tally())
    watch.read_basket(connect(), Basket.objects.get(remote_id=basket_id))
    watch.orphans(connect(), Tally())
    return Line.objects.get()


def accept(line, actor, product="2173", **kwargs):
    offer = line.offers.get(product_id=product)
    return decisions.accept(actor=actor, nonce=nonce(), offer=offer, fingerprint=offer.fingerprint, **kwargs)


def settle(command, times=5):
    for _ in range(times):
        command = reconciler.reconcile(command.pk)
    return command


def accepts(operator):
    return operator.sent("PATCH", "/accept/")


def test_an_accept_makes_one_order_and_keeps_its_ids(operator, line, manager):
    command = accept(line, manager)
    line.refresh_from_db()
    assert (command.state, command.gap, line.state) == ("done", "", "accepted")
    assert command.result == {"product_order_id": "PO-1", "product_order_item_id": "POI-1"}
    assert json.loads(accepts(operator)[0]["body"]) == {"product_id": "2173"}
    assert line.offers.get(product_id="2175").state == "refused"


def test_sales_cannot_accept(operator, line, sales):
    with pytest.raises(NotAllowed):
        accept(line, sales)
    assert not accepts(operator)


@pytest.mark.parametrize("action", LOST)
def test_a_lost_answer_after_the_order_is_found_by_reading_and_never_sent_again(operator, line, manager, action):
    operator.fail(action, "/accept/", after=True)
    command = settle(accept(line, manager))
    assert (command.state, command.gap) == ("done", "order_ids")
    assert len(operator.world.orders) == len(accepts(operator)) == 1


@pytest.mark.parametrize("action", LOST)
def test_an_accept_that_never_arrived_ends_as_not_applied_and_may_be_given_again(operator, line, manager, action):
    operator.fail(action, "/accept/")
    command = settle(accept(line, manager))
    assert command.state == "not_applied"
    assert not operator.world.orders
    assert accept(line, manager).state == "done"
    assert len(accepts(operator)) == 2


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429])
def test_a_refusal_counts_only_when_a_reading_agrees(operator, line, manager, status):
    operator.fail(status, "/accept/", after=True, body={"detail": "no"})
    command = accept(line, manager)
    assert (command.state, command.gap) == ("done", "order_ids")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429])
def test_a_true_refusal_is_told_and_leaves_the_line_open(operator, line, manager, status):
    operator.fail(status, "/accept/", body={"detail": "No, thank you."})
    command = accept(line, manager)
    assert (command.state, command.operator_status) == ("refused", status)
    assert command.errors == {"": ["No, thank you."]}
    assert accept(line, manager).state == "done"


def test_a_refusal_that_cannot_be_checked_is_not_believed(operator, line, manager):
    operator.fail(400, "/accept/", after=True, body={"detail": "no"})
    operator.fail(500, "/quote_item/", method="GET", skip=1, times=9)
    command = accept(line, manager)
    assert command.state == "uncertain"
    operator.faults.clear()
    assert settle(command).state == "done"


@pytest.mark.parametrize(
    "ids", [{}, {"product_order_id": None, "product_order_item_id": None}, {"product_order_id": "1"}]
)
def test_success_without_the_ids_is_a_gap_and_not_a_failure(operator, line, manager, ids):
    operator.fail(200, "/accept/", after=True, body=ids)
    command = settle(accept(line, manager))
    assert (command.state, command.gap) == ("done", "order_ids")


def test_a_price_that_moved_since_the_page_was_read_stops_the_accept(operator, line, manager):
    offer = line.offers.get(product_id="2173")
    with pytest.raises(WorldMoved):
        decisions.accept(actor=manager, nonce=nonce(), offer=offer, fingerprint="of another price")
    assert not Command.objects.exists()


def test_a_price_that_moved_at_the_operator_stops_the_accept_before_it_is_sent(operator, line, manager):
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 999.0
    command = accept(line, manager)
    assert (command.state, command.reason, command.attempts) == ("refused", "price_moved", 0)
    assert not accepts(operator)


def test_a_line_decided_elsewhere_meanwhile_stops_the_accept(operator, line, manager):
    operator.world.accept(line.remote_id, "2175")
    command = accept(line, manager)
    assert (command.state, command.reason) == ("refused", "state_moved")
    assert len(operator.world.orders) == 1


def test_the_second_manager_is_told_who_was_faster(operator, line, manager, people):
    first = accept(line, manager)
    with pytest.raises(NotPossible) as told:
        accept(line, people["manager2"], "2175")
    assert told.value.command == first
    assert len(accepts(operator)) == 1


def test_an_uncertain_accept_holds_every_other_decision_back(operator, line, manager, people):
    operator.fail("reset", "/accept/", after=True)
    accept(line, manager)
    offer = line.offers.get(product_id="2175")
    with pytest.raises(NotPossible):
        decisions.decline(actor=people["manager2"], nonce=nonce(), offer=offer)
    with pytest.raises(NotPossible):
        accept(line, people["manager2"], "2175")


def test_an_accept_is_not_sent_when_its_two_minutes_have_passed(operator, line, manager, settings):
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    settings.SYNC = settings.SYNC | {"accept": 120}
    command = accept(line, manager)
    assert command.state == "recorded"
    settings.COVAGE_API_URL = url
    with time_machine.travel(command.not_after.timestamp() + 1):
        reconciler.sweep()
    command.refresh_from_db()
    assert (command.state, command.attempts) == ("expired", 0)
    assert not accepts(operator)


def test_an_accept_kept_during_an_outage_goes_out_within_its_two_minutes(operator, line, manager, settings):
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    settings.SYNC = settings.SYNC | {"accept": 120}
    command = accept(line, manager)
    settings.COVAGE_API_URL = url
    Command.objects.update(next_try_at=None)
    reconciler.sweep()
    command.refresh_from_db()
    assert command.state == "done"


def test_a_manager_who_lost_the_right_meanwhile_orders_nothing(operator, line, manager, settings):
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    settings.SYNC = settings.SYNC | {"accept": 120}
    command = accept(line, manager)
    manager.groups.clear()
    settings.COVAGE_API_URL = url
    Command.objects.update(next_try_at=None)
    reconciler.sweep()
    command.refresh_from_db()
    assert (command.state, command.reason) == ("refused", "right_lost")


def test_accepted_with_another_product_needs_a_person(operator, line, manager):
    operator.fail("reset", "/accept/")
    command = accept(line, manager)
    operator.world.accept(line.remote_id, "2175")
    assert settle(command).state == "needs_person"


def test_decline_with_a_comment_and_restore(operator, line, manager):
    offer = line.offers.get(product_id="2173")
    command = decisions.decline(actor=manager, nonce=nonce(), offer=offer, comment="Too dear")
    offer.refresh_from_db()
    assert (command.state, offer.state) == ("done", "refused")
    assert json.loads(operator.sent("PATCH", "/decline/")[0]["body"]) == {"product_id": "2173", "comment": "Too dear"}
    line.refresh_from_db()
    decisions.restore(actor=manager, nonce=nonce(), offer=line.offers.get(product_id="2173"))
    offer.refresh_from_db()
    assert offer.state == "ready"


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("action", ["reset", "hang", "html", 500])
def test_a_decline_without_an_answer_is_read_and_never_repeated(operator, line, manager, action, after):
    operator.fail(action, "/decline/", after=after)
    command = decisions.decline(actor=manager, nonce=nonce(), offer=line.offers.get(product_id="2173"))
    assert settle(command).state == ("done" if after else "not_applied")
    assert len(operator.sent("PATCH", "/decline/")) == 1


def test_sales_decline_only_when_the_setting_allows(operator, line, people, settings):
    offer = line.offers.get(product_id="2173")
    with pytest.raises(NotAllowed):
        decisions.decline(actor=people["sales"], nonce=nonce(), offer=offer)
    settings.PORTAL_SALES_MAY_DECLINE = True
    assert decisions.decline(actor=people["sales2"], nonce=nonce(), offer=offer).state == "done"


@pytest.mark.parametrize(
    "operator",
    [
        Shapes(prices="nested", numbers="comma", dates="bare", empty="null", next_page="path"),
        Shapes(prices="keyed", numbers="text", dates="z", empty="absent", ids="text", quote_item="ids", extra=True),
        Shapes(prices="mef", ids="number", next_page="number", errors="details", quote_item="empty"),
        Shapes(prices="bare", offer_states=False, next_page="text", errors="html"),
    ],
    indirect=True,
)
def test_every_legal_shape_can_be_accepted(operator, manager):
    line = priced(operator)
    assert sorted(line.offers.values_list("product_id", flat=True)) == ["2173", "2175"]
    command = accept(line, manager)
    line.refresh_from_db()
    assert (command.state, line.state, operator.world.orders) == ("done", "accepted", [(line.remote_id, "2173")])


def test_without_states_in_the_prices_a_lost_decline_needs_a_person(operator, manager):
    operator.shapes.offer_states = False
    line = priced(operator)
    operator.fail("reset", "/decline/", after=True)
    command = decisions.decline(actor=manager, nonce=nonce(), offer=line.offers.get(product_id="2173"))
    assert settle(command).state == "needs_person"


def test_an_unknown_state_allows_nothing(operator, line, manager):
    operator.world.lines[line.remote_id]["state"] = "on_hold"
    lines.refresh(line)
    line.refresh_from_db()
    with pytest.raises(NotPossible):
        accept(line, manager)


def test_a_lost_restore_of_an_offer_that_expired_meanwhile_is_not_told_as_done(operator, line, manager):
    decisions.decline(actor=manager, nonce=nonce(), offer=line.offers.get(product_id="2173"))
    operator.fail("reset", "/restore_price/")
    line.refresh_from_db()
    command = decisions.restore(actor=manager, nonce=nonce(), offer=line.offers.get(product_id="2173"))
    operator.world.lines[line.remote_id]["offers"][0]["state"] = "expired"
    assert settle(command).state == "needs_person"


def test_a_numeric_order_id_is_kept_though_the_other_is_missing(operator, line, manager):
    operator.fail(200, "/accept/", after=True, body={"product_order_id": 4711})
    command = settle(accept(line, manager))
    assert (command.state, command.gap, command.result["product_order_id"]) == ("done", "order_ids", "4711")

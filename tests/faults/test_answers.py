"""Rows of the fault matrix in which the operator answers wrongly, late, or not at all (docs/faults.md)."""

import time

import pytest
import time_machine

from quotes.errors import NotPossible
from quotes.models import Basket, Command, Event
from quotes.services import journal, lines, reconciler, searching
from quotes.sync import discover
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce
from tests.faults import stage
from tests.faults.crowd import beside

pytestmark = pytest.mark.django_db
HALF = {"product_order_id": "PO-77"}


@pytest.fixture
def patient(settings):
    """A quiet time so long that only a clock that is moved ends it."""
    settings.SYNC = settings.SYNC | {"quiet_accept": 60}


def state_of(command) -> tuple[str, str]:
    command.refresh_from_db()
    return command.state, command.gap or command.reason


def test_f3_an_order_made_behind_a_gateway_that_gave_up_is_not_denied_too_early(
    operator, line, manager, patient, sweep, holds
):
    operator.fail(504, "/accept/", later=True, body="<html><title>Gateway Time-out</title></html>")
    command = stage.accept(line, manager)
    sweep(5)
    assert state_of(command) == ("uncertain", "no_answer")
    operator.catch_up()
    sweep()
    assert state_of(command) == ("done", "order_ids")
    holds()


def test_f3_an_order_that_shows_after_the_quiet_time_is_put_before_a_person(operator, line, manager, sweep, holds):
    operator.fail(504, "/accept/", later=True)
    command = stage.accept(line, manager)
    sweep(4)
    assert state_of(command)[0] == "not_applied"
    operator.catch_up()
    lines.refresh(line)
    sweep()
    assert state_of(command) == ("needs_person", "late")
    holds()


def test_f3_readings_count_and_a_clock_that_jumps_ahead_does_not(operator, line, manager, patient, sweep):
    operator.fail(504, "/accept/", later=True)
    command = stage.accept(line, manager)
    with time_machine.travel(command.sent_at.timestamp() + 86_400):
        sweep(3)
    assert state_of(command) == ("uncertain", "no_answer")


@pytest.mark.parametrize("read_before", [True, False])
def test_f29_a_clock_that_was_set_back_keeps_no_reading_waiting(operator, line, manager, sweep, holds, read_before):
    operator.fail("reset", "/accept/", after=True)
    with time_machine.travel(time.time() + 3600):
        command = stage.accept(line, manager)
        if read_before:
            operator.fail(503, f"/quote_item/{line.remote_id}/$", method="GET", times=3)
            sweep()
    assert state_of(command)[0] == "uncertain"
    reconciler.sweep()
    assert state_of(command) == ("done", "order_ids")
    holds()


@pytest.mark.parametrize("body", ["{}", '{"product_order_id": null, "product_order_item_id": null}', "[]", "true"])
@pytest.mark.parametrize("status", [200, 202])
def test_f17_a_success_without_order_ids_is_read_again(operator, line, manager, sweep, holds, body, status):
    operator.fail(status, "/accept/", after=True, body=body)
    command = stage.accept(line, manager)
    assert command.state == "uncertain"
    sweep()
    assert state_of(command) == ("done", "order_ids")
    holds()


def test_f17_one_of_the_two_order_ids_is_kept(operator, line, manager, sweep, holds):
    operator.fail(200, "/accept/", after=True, body=HALF)
    command = stage.accept(line, manager)
    sweep()
    assert state_of(command) == ("done", "order_ids")
    assert command.result == HALF
    holds()


def test_f14_half_an_order_id_is_never_kept(operator, line, manager, sweep, holds):
    operator.fail("truncate", "/accept/", after=True)
    command = stage.accept(line, manager)
    sweep()
    assert state_of(command) == ("done", "order_ids")
    assert command.result == {}
    holds()


def test_f18_a_204_to_a_write_is_read_again(operator, line, manager, sweep, holds):
    operator.fail(204, "/decline/", after=True, body="")
    command = stage.decline(line, manager)
    assert command.state == "uncertain"
    sweep()
    assert state_of(command) == ("done", "")
    holds()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_f19_a_redirect_is_not_followed_and_believes_nothing(operator, line, manager, sweep, holds, status):
    operator.fail(status, "/accept/", headers={"Location": "/api/v1/elsewhere/"})
    command = stage.accept(line, manager)
    assert command.state == "uncertain"
    assert not operator.sent(".*", "/elsewhere/")
    sweep(4)
    assert state_of(command)[0] == "not_applied"
    holds()


def test_f20_an_unknown_state_after_an_accept_needs_a_person(operator, line, manager, sweep, holds):
    operator.fail("reset", "/accept/", after=True)
    command = stage.accept(line, manager)
    operator.world.lines[line.remote_id]["state"] = "on_hold"
    for offer in operator.world.lines[line.remote_id]["offers"]:
        offer["state"] = "on_hold"
    sweep()
    assert state_of(command) == ("needs_person", "contradiction")
    holds()


def test_f21_an_accept_waits_while_the_operator_shows_no_price(operator, line, manager, holds):
    shown = operator.world.shown_line

    def without_prices(row, where):
        return {name: value for name, value in shown(row, where).items() if name != "prices"}

    operator.world.shown_line = without_prices
    command = stage.accept(line, manager)
    assert (command.state, command.attempts) == ("recorded", 0)
    operator.world.shown_line = shown
    holds()


def test_f21_a_line_shown_without_its_state_proves_nothing(operator, line, manager, patient, sweep, holds):
    operator.fail("reset", "/accept/", after=True)
    command = stage.accept(line, manager)
    world = operator.world
    shown = world.shown_line
    world.shown_line = lambda row, where: {n: v for n, v in shown(row, where).items() if n not in ("state", "prices")}
    sweep(5)
    assert state_of(command)[0] == "uncertain"
    world.shown_line = shown
    sweep()
    assert state_of(command) == ("done", "order_ids")
    holds()


def test_f21_an_edit_that_empties_nothing_is_not_taken_for_done(operator, manager, sweep, holds):
    """The operator leaves empty fields out: a note that is not there is not the note that was sent."""
    operator.shapes.empty = "absent"
    line = stage.draft(operator).lines.get()
    operator.fail("reset", "/quote_item/", method="PATCH")
    command = stage.edit(line, manager, "Sous-sol")
    sweep(3)
    assert state_of(command)[0] == "done"
    assert operator.world.lines[line.remote_id]["note"] == "Sous-sol"
    holds()


def test_f49_a_price_that_changed_between_page_and_click_stops_the_accept(operator, line, manager, holds):
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 240.0
    command = stage.accept(line, manager)
    assert state_of(command) == ("refused", "price_moved")
    assert not operator.sent("PATCH", "/accept/")
    holds()


def test_f49_a_line_that_expires_between_reading_and_sending_is_refused_by_the_operator(operator, line, manager, holds):
    with operator.hold("/accept/") as held:

        def expire():
            held.wait()
            operator.world.lines[line.remote_id]["state"] = "expired"
            held.release()

        with beside(expire):
            command = stage.accept(line, manager)
    assert (command.state, command.operator_status, operator.world.orders) == ("refused", 400, [])
    holds()


def test_f50_a_line_accepted_outside_with_another_product_needs_a_person(operator, line, manager, sweep):
    operator.fail("reset", "/accept/")
    command = stage.accept(line, manager)
    operator.world.accept(line.remote_id, "2175")
    sweep()
    assert state_of(command) == ("needs_person", "contradiction")


def test_f46_a_line_accepted_before_the_restored_backup_cannot_be_accepted_again(operator, line, manager, people):
    """The restored database knows nothing of the accept; the operator does."""
    operator.world.accept(line.remote_id, "2173")
    command = stage.accept(line, manager)
    assert state_of(command) == ("refused", "state_moved")
    line.refresh_from_db()
    assert line.state == "accepted"
    assert Event.objects.filter(kind="line_state", line=line, actor=None, data__new="accepted").exists()
    assert len(operator.world.orders) == 1


@pytest.mark.parametrize("names", ["cut", "dropped", "upper"])
def test_f51_a_create_that_the_operator_may_have_misnamed_is_not_denied(operator, sales, sweep, names):
    operator.shapes.names = names
    operator.fail("reset", "/quote/$", method="POST", after=True)
    command = stage.create(sales, "Ar Men 2026/12")
    sweep(6)
    assert state_of(command) == ("needs_person", "undecidable")
    assert len(operator.sent("POST", "/quote/$")) == 1


@pytest.mark.parametrize("names", ["cut", "dropped", "upper"])
def test_f51_a_line_that_was_refused_and_may_be_there_under_another_name_is_not_denied(operator, sales, sweep, names):
    basket = stage.draft(operator)
    operator.shapes.names = names
    operator.fail(422, "/quote_item/$", method="POST", after=True)
    command = stage.add_line(basket, sales, external_id="Ar Men 2026/12")
    assert command.state == "uncertain"
    sweep()
    assert state_of(command) == ("needs_person", "undecidable")
    assert len(operator.sent("POST", "/quote_item/$")) == 1


def test_what_was_there_before_makes_no_doubt_of_a_refusal(operator, sales):
    """A nameless line of somebody else, that no reading of ours has met."""
    basket = stage.draft(operator)
    operator.world.add_line(basket.remote_id, {**COMPLETE, "external_id": ""})
    operator.fail(422, "/quote_item/$", method="POST")
    assert stage.add_line(basket, sales).state == "refused"


def test_a_create_that_waits_for_a_person_is_done_when_a_list_shows_it(operator, sales, sweep, holds):
    operator.fail("reset", "/quote/$", method="POST", after=True)
    command = stage.create(sales, "Ar Men")
    journal.needs_person(Command.objects.get(pk=command.pk), reason="undecidable")
    discover.baskets(connect(), Tally(), full=True)
    sweep()
    assert state_of(command) == ("done", "late")
    holds()


@pytest.mark.parametrize("names", ["cut", "dropped", "upper"])
def test_f51_a_misnamed_basket_that_was_answered_is_ours_and_no_other_row(operator, sales, holds, names):
    operator.shapes.names = names
    command = stage.create(sales, "Ar Men 2026/12")
    assert (command.state, Basket.objects.count()) == ("done", 1)
    holds()


@pytest.mark.parametrize("name_filter", ["exact", "ignored"])
def test_f51_a_lost_create_is_found_whatever_the_list_filter_does(operator, sales, sweep, holds, name_filter):
    operator.shapes.name_filter = name_filter
    operator.world.draft(external_id="Ar Men 2")
    operator.fail("reset", "/quote/$", method="POST", after=True)
    command = stage.create(sales, "Ar Men")
    sweep()
    assert state_of(command) == ("done", "")
    assert command.basket.external_id == "Ar Men"
    holds()


@pytest.mark.parametrize("quote_item", ["objects", "ids", "empty"])
@pytest.mark.parametrize("after", [True, False])
def test_f52_a_lost_line_is_found_in_every_shape_of_the_basket(operator, sales, sweep, holds, quote_item, after):
    operator.shapes.quote_item = quote_item
    basket = stage.draft(operator)
    operator.fail("reset", "/quote_item/$", method="POST", after=after)
    command = stage.add_line(basket, sales, external_id="SITE")
    sweep(3)
    assert state_of(command)[0] == ("done" if after else "not_applied")
    assert len(operator.world.lines) == 1 + after
    holds()


@pytest.mark.parametrize(("kept", "outcome"), [("kept", "done"), ("repacked", "done"), ("ignored", "not_applied")])
def test_f53_a_lost_upload_is_judged_by_what_the_operator_then_holds(operator, sales, sweep, kept, outcome):
    line = stage.draft(operator).lines.get()
    old = stage.make_kmz([[(-4.3, 47.9), (-4.4, 47.8)]], "old")
    stage.upload(line, sales, data=old)
    operator.shapes.traces = kept
    operator.fail("reset", "/trace/upload/", after=True, times=3)
    line.refresh_from_db()
    command = stage.upload(line, sales)
    sweep(12)
    assert state_of(command)[0] == outcome


def test_f55_a_restore_waits_until_the_lost_decline_is_settled(operator, line, manager, people, sweep, holds):
    operator.fail("reset", "/decline/", after=True)
    stage.decline(line, manager)
    with pytest.raises(NotPossible):
        stage.restore(line, people["manager2"])
    sweep()
    line.refresh_from_db()
    assert stage.restore(line, people["manager2"]).state == "done"
    assert operator.world.lines[line.remote_id]["offers"][0]["state"] == "ready"
    holds()


def test_f57_the_answer_about_another_line_settles_nothing(operator, line, manager, patient, sweep):
    other = stage.priced(operator)
    operator.fail("reset", "/accept/")
    command = stage.accept(line, manager)
    operator.world.accept(other.remote_id, "2173")
    theirs = operator.world.shown_line(operator.world.line(other.remote_id), "detail")
    operator.fail(200, f"/quote_item/{line.remote_id}/", method="GET", body=theirs)
    sweep()
    assert state_of(command)[0] == "uncertain"


def test_a_line_that_the_operator_no_longer_shows_is_put_before_a_person_in_the_end(
    operator, line, manager, patient, sweep
):
    operator.fail("reset", "/accept/", after=True)
    command = stage.accept(line, manager)
    del operator.world.lines[line.remote_id]
    sweep(5)
    assert state_of(command)[0] == "uncertain"
    with time_machine.travel(command.sent_at.timestamp() + 300):
        sweep()
    assert state_of(command) == ("needs_person", "undecidable")


def test_a_refusal_that_no_reading_can_confirm_stays_open(operator, line, manager, sweep, holds):
    operator.fail(403, "/accept/", after=True, body={"detail": "no"})
    operator.fail("html", f"/quote_item/{line.remote_id}/", method="GET", skip=1)
    command = stage.accept(line, manager)
    assert state_of(command) == ("uncertain", "refused")
    sweep()
    assert state_of(command) == ("done", "order_ids")
    holds()


def test_an_answer_that_comes_after_the_reading_still_brings_the_order_ids(operator, line, manager, sweep, holds):
    """The sender was taken for dead; its answer is knowledge all the same."""
    operator.fail("reset", "/accept/", after=True)
    command = stage.accept(line, manager)
    zombie = Command.objects.get(pk=command.pk)
    sweep()
    assert state_of(command) == ("done", "order_ids")
    journal.done(zombie, result={"product_order_id": "PO-1", "product_order_item_id": "POI-1"})
    assert state_of(command) == ("done", "")
    holds()


def test_one_command_that_fails_keeps_no_other_waiting(operator, manager, sales, sweep, settings, holds):
    upload_to = stage.draft(operator).lines.get()
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    upload = stage.upload(upload_to, sales)
    create = stage.create(sales, "NEXT")
    settings.COVAGE_API_URL = url
    trace = upload_to.traces.get()
    trace.file.delete(save=False)  # the disk lost it
    sweep()
    assert state_of(upload) == ("uncertain", "process_died")
    assert state_of(create)[0] == "done"
    holds()


@pytest.mark.parametrize("body", [["not", "what", "was", "asked"], {"results": [{"external_id": "Ar Men"}]}])
def test_a_list_with_something_unreadable_denies_no_create(operator, sales, sweep, holds, body):
    """Refused after it was done, and the reading that should confirm the refusal shows nothing that has an id."""
    lie = operator.fail(200, "/quote/$", method="GET", body=body, times=99)
    operator.fail(401, "/quote/$", method="POST", after=True)
    command = stage.create(sales, "Ar Men")
    assert command.state == "uncertain"
    lie.times = 0
    sweep()
    assert state_of(command)[0] == "done"
    holds()


def test_a_basket_with_an_unreadable_line_denies_no_line(operator, sales, sweep, holds):
    basket = stage.draft(operator, lines=0)
    body = {"id": basket.remote_id, "state": "acknowledged", "quote_item": [{"state": "acknowledged"}]}
    operator.fail(401, "/quote_item/$", method="POST", after=True)
    lie = operator.fail(200, f"/quote/{basket.remote_id}/$", method="GET", body=body, skip=1, times=99)
    command = stage.add_line(basket, sales)
    assert command.state == "uncertain"
    lie.times = 0
    sweep()
    assert state_of(command)[0] == "done"
    holds()


def test_what_waits_longest_is_not_always_first(operator, line, manager, sales, settings):
    """An accept has two minutes, a basket has time."""
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    create, accept = stage.create(sales), stage.accept(line, manager)
    settings.COVAGE_API_URL = url
    Command.objects.update(next_try_at=None)
    assert reconciler._due("recorded") == [accept.pk, create.pk]


def test_lines_are_not_changed_while_their_basket_is_being_confirmed(operator, sales, manager, sweep, holds):
    basket = stage.draft(operator)
    operator.fail("reset", "/confirm/", after=True)
    confirm = stage.confirm(basket, sales)
    for attempt in (lambda: stage.add_line(basket, manager), lambda: stage.edit(basket.lines.get(), manager, "N")):
        with pytest.raises(NotPossible) as told:
            attempt()
        assert told.value.command == confirm
    sweep()
    assert state_of(confirm)[0] == "done"
    holds()


def test_a_name_that_could_not_be_looked_for_to_the_end_is_sent_with_a_token(operator, sales, monkeypatch, holds):
    """The operator ignores the filter, and its list is longer than can be read."""
    operator.shapes.name_filter = "ignored"
    monkeypatch.setattr(searching, "MOST_PAGES", 2)
    for _ in range(9):
        operator.world.draft(external_id=nonce())
    command = stage.create(sales, "Ar Men")
    assert command.state == "done"
    assert command.basket.external_id.startswith("Ar Men~")
    holds()


def test_f23_what_is_not_on_the_pages_that_came_is_not_denied(operator, sales, patient, sweep, holds):
    """The list leads back to its first page: a lost create that is not seen may still be there."""
    for number in range(9):
        operator.world.draft(external_id=f"B{number}")
    operator.shapes.name_filter = "ignored"
    operator.fail("reset", "/quote/$", method="POST", after=True)
    command = stage.create(sales, "Ar Men")
    page = {"results": [], "count": 10, "next_page": "/api/v1/quote/?page=1"}
    operator.fail(200, "/quote/$", method="GET", body=page, times=99)
    sweep(4)
    assert state_of(command)[0] == "uncertain"
    operator.faults.clear()
    sweep()
    assert state_of(command)[0] == "done"
    holds()

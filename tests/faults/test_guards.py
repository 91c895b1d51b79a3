"""Each guard is switched off in turn, and what it guards against must then happen: a guard that nobody would miss fails
here, and so does a checker that notices nothing. This is the only reason for which a test reaches into the code.
"""

import threading
import time
from contextlib import contextmanager
from urllib.parse import urljoin

import pytest
import requests
import time_machine
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from quotes.covage import transport
from quotes.covage.deadline import Watchdog
from quotes.errors import NotPossible
from quotes.models import Command, Line, OperatorState, Revision
from quotes.services import claims, crashing, journal, reconciler, recording, sender
from quotes.services.decisions import Accept, Decision
from quotes.sync import watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect
from tests.cast import nonce
from tests.faults import stage
from tests.faults.crowd import at_once
from tests.faults.invariants import broken, unlike

pytestmark = pytest.mark.django_db(transaction=True)
ORDER = {"product_order_id": "PO-FALSE", "product_order_item_id": "POI-FALSE"}


@contextmanager
def without(name: str):
    """One of the journal's constraints is taken away for a while."""
    constraint = next(found for found in Command._meta.constraints if found.name == name)
    Command._meta.constraints.remove(constraint)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Command, constraint)
    try:
        yield
    finally:
        Command.objects.all().delete()
        Command._meta.constraints.append(constraint)
        with connection.schema_editor() as editor:
            editor.add_constraint(Command, constraint)


@contextmanager
def without_unique_nonce():
    unique = Command._meta.get_field("nonce")
    free = models.CharField(max_length=64)
    free.set_attributes_from_name("nonce")
    free.model = Command
    with connection.schema_editor() as editor:
        editor.alter_field(Command, unique, free)
    try:
        yield
    finally:
        Command.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.alter_field(Command, free, unique)


@contextmanager
def nothing():
    yield


def recorded(kind, line, actor, product="2173") -> Command:
    """A command as another way in might record it, past the checks of the service."""
    offer = line.offers.get(product_id=product)
    with transaction.atomic():
        return Command.objects.create(
            kind=kind, nonce=nonce(), actor=actor, basket=line.basket, line=line, product_id=product,
            params={"product_id": product}, fingerprint=offer.fingerprint if kind == "accept" else "",
        )  # fmt: skip


def kept_while_away(settings, line, actor) -> Command:
    """An accept that could not leave; the operator is back now."""
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    command = stage.accept(line, actor)
    settings.COVAGE_API_URL = url
    OperatorState.objects.update(failures=0, open_until=None)
    return command


def behind_a_lock(*calls) -> list:
    """All of them have checked what they check, and none has written yet, when the lock is let go."""
    locked = threading.Event()

    def hold():
        with transaction.atomic():
            Revision.objects.select_for_update().get(pk=1)
            locked.set()
            time.sleep(0.7)

    def wait_and(call):
        locked.wait(20)
        return call()

    return at_once(hold, *[lambda call=call: wait_and(call) for call in calls])[1:]


def test_a_form_is_one_command_because_its_nonce_is_unique(operator, sales, guarded):
    form = nonce()
    with nothing() if guarded else without_unique_nonce():
        behind_a_lock(*[lambda: stage.create(sales, "TWICE", form=form)] * 2)
        assert broken(operator) == ([] if guarded else [f"I10: 2 commands of the form {form}"])


def test_a_line_holds_one_accept_because_the_database_says_so(operator, line, people, guarded):
    with nothing() if guarded else without("one_accept_a_line"):
        recorded("accept", line, people["manager"])
        if guarded:
            with pytest.raises(IntegrityError):
                recorded("accept", line, people["manager2"], "2175")
        else:
            recorded("accept", line, people["manager2"], "2175")
        assert broken(operator) == ([] if guarded else [f"I2: 2 accepts hold line {line.pk}"])


def test_decline_and_restore_do_not_cross_because_one_write_a_line_lives(operator, line, people, sweep, guarded):
    """The decline acts late, behind a gateway that gave up; the restore is the last that a person wished."""
    operator.fail(504, "/decline/", later=True)
    with nothing() if guarded else without("one_live_write_a_line"):
        stage.decline(line, people["manager"])
        operator.world.lines[line.remote_id]["offers"][0]["state"] = "refused"  # as far as the restore can see
        line.offers.filter(product_id="2173").update(state="refused")
        restore = recorded("restore", line, people["manager2"])
        sender.run(restore.pk)
        if guarded:
            operator.world.lines[line.remote_id]["offers"][0]["state"] = "ready"
        operator.catch_up()
        sweep(3)
        offer = operator.world.lines[line.remote_id]["offers"][0]
        assert offer["state"] == ("ready" if guarded else "refused")


def test_an_accept_is_sent_once_because_the_database_counts(operator, line, manager, sweep, monkeypatch, guarded):
    monkeypatch.setattr(Accept, "sent_once", False)  # a fault of ours that would repeat it
    monkeypatch.setattr(reconciler, "SENT_AT_MOST", 9)
    operator.fail("reset", "/accept/", times=2)
    with nothing() if guarded else without("an_accept_is_sent_once"):
        command = stage.accept(line, manager)
        sweep(8)
        times = 1 if guarded else 3
        assert len(operator.sent("PATCH", "/accept/")) == times
        assert broken(operator) == ([] if guarded else [f"I2: {command} went out 3 times"])


def test_two_workers_send_once_because_the_move_is_conditional(operator, line, manager, monkeypatch, guarded):
    command = recorded("accept", line, manager)
    if not guarded:
        monkeypatch.setattr(journal, "claim", lambda pk: Command.objects.select_related("line").get(pk=pk))
        monkeypatch.setattr(journal, "begin", _begin_whatever_the_state)
    with operator.hold(f"/quote_item/{line.remote_id}/$", method="GET", times=2) as held:
        meanwhile = threading.Timer(0.7, held.release)
        meanwhile.start()
        at_once(*[lambda: sender.run(command.pk)] * 2)
    found = broken(operator)
    assert found == ([] if guarded else [f"I2: {command} went out 2 times"])


def _begin_whatever_the_state(command):
    Command.objects.filter(pk=command.pk).update(state="sending", attempts=1, sent_at=timezone.now())
    command.state = "sending"
    return True


def test_a_price_is_ordered_as_seen_because_it_is_read_again(operator, line, manager, monkeypatch, guarded):
    if not guarded:
        monkeypatch.setattr(Decision, "prepare", lambda *args: None)
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 990.0
    command = stage.accept(line, manager)
    assert broken(operator) == ([] if guarded else [f"I9: {command} ordered at another price than was seen"])


def test_nothing_leaves_after_a_pause_because_the_time_since_the_commit_counts(
    operator, line, manager, monkeypatch, guarded
):
    """The process stood still between the commit and the call: somebody may have taken it for dead."""
    monkeypatch.setattr(crashing, "here", lambda point: time.sleep(0.5) if point == "sending" else None)
    monkeypatch.setattr(sender, "LONGEST_PAUSE", 0.2 if guarded else 99)
    stage.accept(line, manager)
    assert len(operator.sent("PATCH", "/accept/")) == (0 if guarded else 1)


def test_a_right_that_was_taken_away_is_not_used_because_it_is_asked_again(
    operator, line, manager, settings, sweep, monkeypatch, guarded
):
    kept_while_away(settings, line, manager)
    manager.groups.clear()
    if not guarded:
        monkeypatch.setattr(sender, "require", lambda *args: None)
    sweep()
    assert len(operator.world.orders) == (0 if guarded else 1)


@pytest.mark.parametrize("hours", [1, -1], ids=["late", "set_back"])
def test_no_order_goes_out_late_because_an_accept_has_an_end(
    operator, line, manager, settings, sweep, monkeypatch, hours, guarded
):
    command = kept_while_away(settings, line, manager)
    if not guarded:
        monkeypatch.setattr(claims, "too_late", lambda now: Q(pk__in=[]))
    with time_machine.travel(time.time() + hours * 3600):
        sweep()
    command.refresh_from_db()
    assert (command.state, len(operator.world.orders)) == (("expired", 0) if guarded else ("done", 1))
    if hours > 0:
        assert [found[:2] for found in broken(operator)] == ([] if guarded else ["I8"])


def test_an_older_reading_is_dropped_because_readings_are_numbered(operator, line, manager, monkeypatch, guarded):
    if not guarded:
        monkeypatch.setattr(Asked, "is_older_than", lambda self, row: False)
    with operator.hold(f"/quote_item/{line.remote_id}/$", method="GET", after=True) as held:

        def write():
            held.wait()
            stage.decline(line, manager)
            held.release()

        at_once(lambda: watch.read_line(connect(), Line.objects.get(pk=line.pk)), write)
    assert [found[:2] for found in unlike(operator)] == ([] if guarded else ["I7"])


def test_a_redirect_orders_nothing_because_none_is_followed(operator, line, manager, monkeypatch, guarded):
    operator.fail(302, "/accept/", headers={"Location": "/api/v1/elsewhere/"})
    operator.fail(200, "/elsewhere/", method="GET", body=ORDER)
    if not guarded:
        monkeypatch.setattr(transport._Adapter, "send", _following(transport._Adapter.send))
    command = stage.accept(line, manager)
    expected = f"I4: {command} is done, the operator knows nothing of it"
    assert broken(operator) == ([] if guarded else [expected])


def _following(send):
    def follow(self, request, **kwargs):
        response = send(self, request, **kwargs)
        if not response.is_redirect:
            return response
        there = urljoin(request.url, response.headers["Location"])
        headers = {"Authorization": request.headers["Authorization"]}
        return send(self, requests.Request("GET", there, headers=headers).prepare(), **kwargs)

    return follow


def test_f12_a_dripping_answer_ends_because_the_whole_call_has_a_deadline(
    operator, line, manager, settings, monkeypatch, guarded
):
    settings.COVAGE_READ_TIMEOUT, settings.COVAGE_TOTAL_TIMEOUT = 1, 1.5
    operator.fail("drip", "/accept/", after=True, pace=0.05)
    if not guarded:
        monkeypatch.setattr(Watchdog, "_bite", lambda self: None)
    assert stage.accept(line, manager).state == ("uncertain" if guarded else "done")


def test_a_refusal_is_believed_because_a_reading_agrees(operator, line, manager, monkeypatch, guarded):
    operator.fail(409, "/accept/", after=True, body={"detail": "no"})
    if not guarded:
        monkeypatch.setattr(
            sender, "_was_refused", lambda act, client, command, error: journal.refused(command, reason="refused")
        )
    command = stage.accept(line, manager)
    assert broken(operator) == ([] if guarded else [f"I3: {command} is refused (refused), the operator did it"])


def test_nothing_is_denied_too_early_because_many_readings_must_agree(
    operator, line, manager, settings, sweep, monkeypatch, guarded
):
    settings.SYNC = settings.SYNC | {"quiet_accept": 60}
    if not guarded:
        monkeypatch.setattr(reconciler, "_readings", lambda act: 1)
    operator.fail(504, "/accept/", later=True)
    command = stage.accept(line, manager)
    sweep(2)
    operator.catch_up()
    assert broken(operator) == ([] if guarded else [f"I3: {command} is not_applied (no_answer), the operator did it"])


def test_a_confirm_goes_alone_because_nothing_is_recorded_beside_it(operator, people, monkeypatch, guarded):
    basket = stage.draft(operator)
    if not guarded:
        monkeypatch.setattr(recording, "_nothing_joins_a_confirm", lambda basket: None)
    with operator.hold("/confirm/") as held:

        def add():
            held.wait()
            try:
                stage.add_line(basket, people["sales2"])
            finally:
                held.release()

        _, added = at_once(lambda: stage.confirm(basket, people["sales"]), add)
    assert isinstance(added, NotPossible) == guarded
    assert len(operator.world._of(basket.remote_id)) == (1 if guarded else 2)


def test_two_creates_of_one_name_are_told_apart_because_names_are_checked_last(operator, people, monkeypatch, guarded):
    if not guarded:
        monkeypatch.setattr(journal, "_name_is_still_free", lambda command: None)
    with operator.hold("/quote/$", method="GET", after=True) as held:

        def faster():
            held.wait()
            stage.create(people["sales2"], "SAME")
            held.release()

        at_once(lambda: stage.create(people["sales"], "SAME"), faster)
    names = [basket["external_id"] for basket in operator.world.baskets.values()]
    assert names == (["SAME"] if guarded else ["SAME", "SAME"])

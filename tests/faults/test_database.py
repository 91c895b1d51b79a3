"""The database goes away, is locked, or has no room: what cannot be recorded is not sent (F42-F45)."""

import threading
from contextlib import contextmanager

import pytest
import time_machine
from django.db import OperationalError, connection, connections, transaction

from quotes.models import Command, Revision, Trace
from quotes.services import reconciler, sender
from tests.cast import nonce
from tests.faults import stage
from tests.faults.crowd import at_once
from tests.faults.invariants import writes
from tests.faults.victims import victims

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE_ONLY = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own lock and its own limit")
POSTGRES_ONLY = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="there is no server to go away")


@pytest.fixture
def impatient():
    """Threads wait half a second for SQLite's lock, not twenty."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    usual = options.get("timeout")
    options["timeout"] = 0.5
    yield
    options["timeout"] = usual


@contextmanager
def locked():
    """Somebody else writes for as long as the block lasts."""
    with transaction.atomic():
        Revision.objects.update(value=1_000_000)
        yield
        transaction.set_rollback(True)


def accept_while(operator, line, manager, *, meanwhile) -> list:
    """The accept has been done there, its answer is held back until `meanwhile()` is over."""
    with operator.hold("/accept/", after=True) as held:

        def disturb():
            held.wait()
            meanwhile(held)

        return at_once(lambda: stage.accept(line, manager), disturb)


def settle():
    with time_machine.travel(Command.objects.get().sent_at.timestamp() + 60):
        for _ in range(5):
            Command.objects.update(next_try_at=None)
            reconciler.sweep()


@SQLITE_ONLY
def test_f43_with_the_database_locked_nothing_is_sent_and_the_same_form_works_later(
    operator, line, manager, impatient, holds
):
    form = nonce()
    with locked():
        [error] = at_once(lambda: stage.accept(line, manager, form=form))
    assert isinstance(error, OperationalError)
    assert not writes(operator)
    assert stage.accept(line, manager, form=form).state == "done"
    holds()


@SQLITE_ONLY
def test_f43_with_the_database_locked_pages_can_be_read(operator, line, as_, impatient):
    browser = as_("manager")
    with locked():
        [page] = at_once(lambda: browser.get(f"/lines/{line.pk}/"))
    assert page.status_code == 200


@SQLITE_ONLY
def test_f43_a_worker_that_cannot_commit_does_not_send(operator, line, manager, settings, impatient, holds):
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    command = stage.accept(line, manager)
    settings.COVAGE_API_URL = url
    with locked():
        [error] = at_once(lambda: sender.run(command.pk))
    assert isinstance(error, OperationalError)
    assert not writes(operator)
    holds()


@SQLITE_ONLY
def test_f43_an_answer_that_cannot_be_stored_at_once_is_stored_a_moment_later(
    operator, line, manager, impatient, holds
):
    def lock_for_a_second(held):
        with locked():
            held.release()
            threading.Event().wait(1.2)

    command, _ = accept_while(operator, line, manager, meanwhile=lock_for_a_second)
    assert (command.state, command.gap) == ("done", "")
    holds()


@SQLITE_ONLY
def test_f43_f44_an_answer_that_can_never_be_stored_is_logged_and_found_by_reading(
    operator, line, manager, impatient, caplog, holds
):
    done = threading.Event()

    def lock_until_the_end(held):
        with locked():
            held.release()
            done.wait(20)

    with operator.hold("/accept/", after=True) as held:

        def accept():
            try:
                return stage.accept(line, manager)
            finally:
                done.set()

        command, _ = at_once(accept, lambda: (held.wait(), lock_until_the_end(held)))
    assert command.state == "sending"
    [lost] = [record for record in caplog.records if record.message == "answer could not be stored"]
    assert lost.answered == {"product_order_id": "PO-1", "product_order_item_id": "POI-1"}
    settle()
    command.refresh_from_db()
    assert (command.state, command.gap) == ("done", "order_ids")
    holds()


@SQLITE_ONLY
def test_f44_without_room_for_the_command_nothing_is_sent(operator, sales, holds):
    basket = stage.draft(operator)

    def add_without_room():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        return stage.add_line(basket, sales, note="x" * 500_000)

    [error] = at_once(add_without_room)
    assert isinstance(error, OperationalError)
    assert "full" in str(error)
    assert not writes(operator)
    assert stage.add_line(basket, sales).state == "done"
    holds()


def test_f45_without_room_for_the_file_nothing_is_kept_and_nothing_sent(operator, people, holds):
    line = stage.draft(operator).lines.get()
    with victims() as processes:
        processes.url = operator.url
        job = {"actor": "sales", "line": str(line.pk), "form": nonce()}
        assert processes.run("upload", largest_file=100, **job) == 1
        assert not writes(operator)
        assert not Trace.objects.exists()
        assert processes.run("upload", **job) == 0
    assert operator.world.lines[line.remote_id]["trace"] == Trace.objects.get().file.read()
    holds()


@pytest.fixture
def restart():
    """`restart()`: every connection ends but that of the test itself, as when the server is restarted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [ours] = cursor.fetchone()

    def end_the_others():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
                [ours],
            )

    return end_the_others


@POSTGRES_ONLY
def test_f42_a_commit_is_on_disk_whatever_the_server_is_set_to():
    """The server of the tests is set to be fast and forgetful."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


@POSTGRES_ONLY
def test_f42_the_server_restarts_while_the_operator_answers(operator, line, manager, holds, restart):
    def disturb(held):
        restart()
        held.release()

    command, _ = accept_while(operator, line, manager, meanwhile=disturb)
    assert (command.state, command.gap) == ("done", "")
    holds()


@POSTGRES_ONLY
def test_f42_the_server_restarts_before_anything_was_sent(operator, line, manager, sweep, holds, restart):
    with operator.hold(f"/quote_item/{line.remote_id}/$", method="GET", after=True) as held:

        def disturb():
            held.wait()
            restart()
            held.release()

        error, _ = at_once(lambda: stage.accept(line, manager), disturb)
    assert isinstance(error, OperationalError)
    assert not writes(operator)
    with time_machine.travel(Command.objects.get().recorded_at.timestamp() + 60):
        sweep()
    assert Command.objects.get().state == "done"
    holds()

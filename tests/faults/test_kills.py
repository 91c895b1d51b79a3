"""Processes that die: `kill -9` at every named point of a write, then another process goes on (F30-F36, F41)."""

import os
import signal
import subprocess
import sys
import time

import pytest
import time_machine
from django.conf import settings

from quotes import tasks
from quotes.models import Command
from quotes.services import crashing, reconciler
from quotes.services.sender import LONGEST_PAUSE
from tests.cast import nonce
from tests.faults import stage
from tests.faults.invariants import writes
from tests.faults.victims import environment, has_stopped

pytestmark = pytest.mark.django_db(transaction=True)
NOT_SENT = ("recorded", "claimed", "checked")  # points at which nothing has left
UNKNOWN = ("sending", "answered", "settling")  # points after which only a reading can tell
READ = ("reading", "read", "proving")


@pytest.fixture
def jobs(operator, people):
    """One write of each kind, as a job for a victim."""
    line, offer, basket = stage.draft(operator).lines.get(), stage.priced(operator), stage.draft(operator)
    decided, empty = stage.priced(operator), stage.draft(operator)
    return [
        {"do": "accept", "actor": "manager", "line": str(offer.pk)},
        {"do": "decline", "actor": "manager", "line": str(decided.pk)},
        {"do": "create", "actor": "sales", "with": {"name": "KILLED"}},
        {"do": "confirm", "actor": "sales", "basket": str(basket.pk)},
        {"do": "add_line", "actor": "sales", "basket": str(empty.pk), "with": {"external_id": "SITE"}},
        {"do": "upload", "actor": "sales", "line": str(line.pk)},
    ]


@pytest.fixture(autouse=True)
def forms(request):
    """Each job has a form of its own, that its person may send again."""
    if "jobs" in request.fixturenames:
        for job in request.getfixturevalue("jobs"):
            job["form"] = nonce()


def later(seconds: float = 60):
    """After the claims of the dead have lapsed, and before an accept is too old."""
    return time_machine.travel(time.time() + seconds)


def go_on(sweeps: int = 30) -> None:
    """Until nothing is left to do, or so many sweeps."""
    for _ in range(sweeps):
        Command.objects.update(next_try_at=None)
        if not reconciler.sweep():
            break


def outcomes() -> dict[str, str]:
    return {command.kind: command.state for command in Command.objects.all()}


def test_killed_before_anything_is_recorded_the_same_form_can_be_sent_again(operator, deadly, jobs, holds):
    assert {deadly.run(at="recording", **job) for job in jobs} == {-signal.SIGKILL}
    assert not Command.objects.exists()
    assert not writes(operator)
    assert {deadly.run(**job) for job in jobs} == {0}
    assert set(outcomes().values()) == {"done"}
    holds()


@pytest.mark.parametrize("point", NOT_SENT)
def test_f30_killed_before_sending_it_goes_out_once_afterwards(operator, deadly, jobs, holds, point):
    assert {deadly.run(at=point, **job) for job in jobs} == {-signal.SIGKILL}
    assert set(outcomes().values()) == {"recorded"}
    assert not writes(operator)
    with later():
        go_on()
    assert set(outcomes().values()) == {"done"}
    assert {len(requests) for requests in writes(operator).values()} == {1}
    holds()


@pytest.mark.parametrize("point", UNKNOWN)
def test_f31_f33_killed_after_sending_was_committed_only_readings_follow(operator, deadly, jobs, holds, point):
    assert {deadly.run(at=point, **job) for job in jobs} == {-signal.SIGKILL}
    assert set(outcomes().values()) == {"sending"}
    with later():
        go_on()
    ended = outcomes()
    assert ended.pop("upload_trace") == "done"  # this one may be repeated
    assert set(ended.values()) == {"not_applied" if point == "sending" else "done"}
    assert len(operator.sent("PATCH", "/accept/")) == (0 if point == "sending" else 1)
    holds()


def test_killed_after_the_answer_was_stored_nothing_is_lost(operator, deadly, jobs, holds):
    assert {deadly.run(at="stored", **job) for job in jobs} == {-signal.SIGKILL}
    assert set(outcomes().values()) == {"done"}
    assert Command.objects.get(kind="accept").gap == ""
    holds()


@pytest.mark.parametrize("point", READ)
def test_killed_while_reading_what_became_of_it_the_next_reading_tells(operator, deadly, jobs, holds, point):
    for path in ("/accept/", "/decline/", "/quote/$", "/confirm/", "/quote_item/$", "/upload/"):
        operator.fail("reset", path, method="PATCH|POST", after=True)
    assert {deadly.run(**job) for job in jobs} == {0}
    assert set(outcomes().values()) == {"uncertain"}
    Command.objects.update(next_try_at=None)
    assert deadly.run("sweep", at=point) == -signal.SIGKILL
    with later():
        go_on()
    assert set(outcomes().values()) == {"done"}
    assert {len(requests) for requests in writes(operator).values()} == {1}
    holds()


@pytest.mark.parametrize("after", [True, False])
def test_f32_killed_while_waiting_for_the_answer(operator, deadly, jobs, holds, after):
    accept = jobs[0]
    with operator.hold("/accept/", after=after) as held:
        pid = deadly.start(**accept)
        held.wait()
        assert deadly.kill(pid) == -signal.SIGKILL
    assert Command.objects.get().state == "sending"
    assert deadly.run(**accept) == 0  # the person presses again: told, not sent
    with later():
        go_on()
    command = Command.objects.get()
    assert (command.state, command.gap) == ("done", "order_ids")
    assert len(operator.sent("PATCH", "/accept/")) == len(operator.world.orders) == 1
    holds()


@pytest.mark.parametrize("taken_for_dead", [True, False])
def test_f35_frozen_between_commit_and_sending_nothing_leaves(operator, deadly, jobs, holds, taken_for_dead):
    accept = jobs[0]
    pid = deadly.start(at="sending:stop", **accept)
    assert has_stopped(pid)
    if taken_for_dead:
        with later():
            go_on(1)
    time.sleep(LONGEST_PAUSE)
    os.kill(pid, signal.SIGCONT)
    assert deadly.end_of(pid) == 0
    assert not operator.sent("PATCH", "/accept/")
    assert Command.objects.get().state == ("uncertain" if taken_for_dead else "recorded")
    go_on()
    assert len(operator.sent("PATCH", "/accept/")) == (0 if taken_for_dead else 1)
    holds()


def test_f35_frozen_before_the_commit_past_its_claim_it_commits_nothing(operator, deadly, jobs, holds):
    accept = jobs[0]
    pid = deadly.start(at="checked:stop", **accept)
    assert has_stopped(pid)
    with later():
        go_on()
    assert Command.objects.get().state == "done"
    os.kill(pid, signal.SIGCONT)
    assert deadly.end_of(pid) == 0
    assert len(operator.sent("PATCH", "/accept/")) == 1
    holds()


def test_f41_a_worker_that_is_told_to_end_in_mid_action_leaves_nothing_doubled(operator, deadly, jobs, holds):
    with operator.hold("/accept/", after=True) as held:
        pid = deadly.start(**jobs[0])
        held.wait()
        os.kill(pid, signal.SIGTERM)
        assert deadly.end_of(pid) == -signal.SIGTERM
    with later():
        go_on()
    assert Command.objects.get().state == "done"
    assert len(operator.world.orders) == 1
    holds()


def test_f34_a_worker_that_dies_in_a_sweep_keeps_the_journal_waiting_half_a_minute_at_most(
    operator, deadly, jobs, holds
):
    assert deadly.run(at="recorded", **jobs[0]) == -signal.SIGKILL
    Command.objects.update(next_try_at=None)  # its person's head start is over
    assert deadly.run("task", at="claimed") == -signal.SIGKILL
    with later(30):
        tasks.sweep_commands()
    assert Command.objects.get().state == "done"
    holds()


def test_run_commands_once_goes_on_where_a_process_died(operator, deadly, jobs, holds):
    """The worker without Celery and Redis."""
    assert deadly.run(at="recorded", **jobs[2]) == -signal.SIGKILL
    Command.objects.update(next_try_at=None)  # its person's head start is over
    command = [sys.executable, "manage.py", "run_commands", "--once"]
    said = subprocess.run(
        command,
        env=environment(COVAGE_API_URL=operator.url),
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "1 moved" in said.stdout
    assert Command.objects.get().state == "done"
    holds()


def test_every_crash_point_is_tried():
    assert {"recording", *NOT_SENT, *UNKNOWN, "stored", *READ} == set(crashing.POINTS)

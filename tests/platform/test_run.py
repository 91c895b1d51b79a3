"""`script/run` as it is: real processes, killed and ended for real."""

import os
import signal

import pytest

from tests.platform.processes import PATIENCE, Run, alive, wait_until

NAMES = {"web", "worker", "beat", "broker", "sandbox"}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    run = Run(tmp_path_factory.mktemp("run"))
    yield run
    run.end()


def test_every_process_is_named_by_its_pid_file(running):
    pids = running.pids()
    assert set(pids) == NAMES
    assert all(alive(pid) for pid in pids.values())


def test_it_is_ready_when_it_says_so_and_tells_the_logins(running):
    assert {"database": True, "migrations": True, "broker": True}.items() <= running.ready().items()
    assert "sales, sales2, manager, manager2, auditor, admin" in "".join(running.said)


def test_a_second_start_is_refused_and_changes_nothing(running):
    before = running.pids()
    second = running.start_another()
    assert second.returncode == 3
    assert "Already running" in second.stderr
    assert running.pids() == before


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_killed_process_is_started_again(running, name):
    before = running.pids()
    running.kill(name)
    wait_until(lambda: (running.ready() or {}).get("broker"))
    after = running.pids()
    assert {other for other in NAMES if after[other] != before[other]} == {name}
    assert {other: alive(pid) for other, pid in after.items()} == dict.fromkeys(NAMES, True)


def test_a_signal_ends_all_it_started(running):
    """The last test of the shared run: nothing is left for the ones after it."""
    pids = running.pids()
    assert running.end() == 0
    assert not any(alive(pid) for pid in pids.values())
    assert running.pids() == {}


def test_a_process_that_keeps_dying_ends_everything(tmp_path):
    run = Run(tmp_path)
    pids = run.pids()
    run.kill("beat")
    run.kill("beat")
    os.kill(run.pids()["beat"], signal.SIGKILL)
    assert run.process.wait(PATIENCE) == 1
    assert "beat ended 3 times within a minute" in run.process.stdout.read()
    assert not any(alive(pid) for pid in pids.values())

"""`script/run` as it is: real processes, killed and ended for real."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.platform.processes import ROOT, environment

NAMES = {"web", "worker", "beat", "broker", "sandbox"}
PATIENCE = 300


class Run:
    """One supervisor with its PORTAL_VAR and free ports."""

    def __init__(self, var: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.var, self.url = var, f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "covage_portal.embedded"]
        self._options = {"cwd": ROOT, "env": environment(var, PORT=str(port)), "text": True}
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self._options
        )
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                return
        raise AssertionError(f"it ended at once: {''.join(self.said)}")

    def start_another(self) -> subprocess.CompletedProcess:
        return subprocess.run(self._command, capture_output=True, timeout=PATIENCE, **self._options)

    def pids(self) -> dict[str, int]:
        return {path.stem: int(path.read_text() or 0) for path in (self.var / "run").glob("*.pid")}

    def kill(self, name: str) -> None:
        """Without warning; returns when another process has taken its place."""
        before = self.pids()[name]
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: self.pids().get(name, before) != before)

    def ready(self) -> dict | None:
        try:
            answer = requests.get(f"{self.url}/readyz", timeout=10)
        except requests.RequestException:
            return None
        return answer.json() if answer.status_code == 200 else None

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


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
    running.kill(name)
    wait_until(lambda: (running.ready() or {}).get("broker"))


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

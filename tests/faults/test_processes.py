"""The portal as it runs, in processes that die, freeze and lose their broker (F37-F42): everything settles by itself.

The operator is the tests' own, so that its ledger can be read. Waiting is generous; nothing here measures time.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import psycopg
import pytest
import redis
import requests

from covage_portal import env
from script import servers
from tests.cast import COMPLETE, nonce
from tests.faults.visitor import Visitor
from tests.operator import Operator
from tests.platform.processes import ROOT, Run, environment, wait_until
from tests.sandbox_server import SandboxServer

PASSWORD = "a password for processes that die"
LINES = 10
OPEN = ("recorded", "sending", "uncertain")
SETTINGS = {
    "PORTAL_DEMO_PASSWORD": PASSWORD,
    "COVAGE_TOTAL_TIMEOUT": "3",
    "COVAGE_REQUESTS_PER_SECOND": "50",
    "SYNC_ACCEPT_SECONDS": "3600",  # a busy machine restarts slowly
}


class Portal(Run):
    """`script/run` before an operator with priced lines, in which `manager` is logged in."""

    def __init__(self, var, operator, **variables):
        self.operator, self._settings = operator, SETTINGS | {"COVAGE_API_URL": operator.url} | variables
        for _ in range(LINES):
            _priced(operator.world)
        super().__init__(var, **self._settings)

    def open(self) -> None:
        """Returns when everything of the operator has been read."""
        self.manager = Visitor(self.url, "manager", PASSWORD)
        wait_until(lambda: len(self.manager.lines()) == LINES)
        self._lines = list(self.manager.lines().items())
        for _, line in self._lines:
            wait_until(lambda line=line: 'data-product-id="2173"' in self.manager.get(f"/lines/{line}/").text)

    def line(self) -> tuple[str, str]:
        """One that nobody has decided: the operator's id and the portal's."""
        return self._lines.pop()

    def kept(self) -> str:
        """An accept that could not be read afresh, so that somebody must send it later: its command."""
        remote_id, line = self.line()
        away = self.operator.fail(503, f"/quote_item/{remote_id}/$", method="GET", times=1000)
        command = self.manager.accept(line)
        self.operator.faults.remove(away)
        assert not self.operator.sent("PATCH", f"/{remote_id}/accept/")
        return command

    def settles(self, command: str) -> tuple[str, str]:
        """How it ends; nobody presses anything."""
        wait_until(lambda: self._ended(command))
        return self.manager.end_of(command)

    def _ended(self, command) -> bool:
        try:
            return self.manager.end_of(command)[0] not in OPEN
        except requests.RequestException:
            return False

    @contextmanager
    def frozen(self, name: str):
        """It lives and answers nobody; of the worker it is the part that listens to the broker."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def accepting(self):
        """A person whose accept the operator has done and not answered yet: (the call at the operator, line)."""
        remote_id, line = self.line()
        with self.operator.hold(f"/{remote_id}/accept/", after=True) as held:
            person = threading.Thread(target=self._accept_or_lose, args=(line,))
            person.start()
            held.wait()
            yield held, line
        person.join(60)

    def _accept_or_lose(self, line):
        try:
            self.manager.accept(line)
        except requests.RequestException:
            """The web process died under it."""

    def command_of(self, line: str) -> str:
        return self.manager.last_accept_of(line)

    def no_order_twice(self) -> bool:
        ordered = [line for line, _ in self.operator.world.orders]
        return len(ordered) == len(set(ordered)) == len(self.operator.sent("PATCH", "/accept/"))

    def celery(self, *arguments: str) -> subprocess.Popen:
        """Another process of the same portal."""
        command = [sys.executable, "-m", "celery", "--app", "covage_portal", *arguments]
        own = environment(self.var, **self._settings) | {"PORTAL_EMBEDDED": "1"}
        return subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _priced(world) -> None:
    basket = world.draft(external_id=nonce())
    line = world.add_line(basket, COMPLETE | {"external_id": nonce()})["id"]
    world.confirm(basket)
    world.price(line, "2173", "2175")


@contextmanager
def started(run):
    """Ended whatever happens."""
    try:
        if isinstance(run, Portal):
            run.open()
        yield run
    finally:
        run.end()


@pytest.fixture(scope="module")
def operator():
    with Operator() as running:
        yield running


@pytest.fixture(scope="module")
def portal(tmp_path_factory, operator):
    with started(Portal(tmp_path_factory.mktemp("processes"), operator)) as running:
        yield running


@pytest.fixture
def broker(portal):
    with redis.Redis(unix_socket_path=str(env.broker_socket(portal.var))) as client:
        yield client


def test_f38_with_a_silent_broker_people_are_served_and_what_was_kept_goes_out(portal):
    with portal.frozen("broker"):
        command = portal.manager.accept(portal.line()[1])
        assert portal.manager.end_of(command) == ("done", "")
        assert portal.settles(portal.kept()) == ("done", "")
    assert portal.no_order_twice()


def test_f39_a_broker_that_forgets_everything_forgets_no_command(portal, broker):
    command = portal.kept()
    while portal.manager.end_of(command)[0] == "recorded":
        broker.flushall()
    assert portal.settles(command) == ("done", "")
    assert portal.no_order_twice()


def test_f40_while_the_worker_is_deaf_beat_carries_the_work(portal):
    with portal.frozen("worker"):
        assert portal.settles(portal.kept()) == ("done", "")
    assert portal.no_order_twice()


def test_f40_a_worker_hears_again_after_its_broker_died(portal):
    portal.kill("broker")
    wait_until(lambda: (portal.ready() or {}).get("broker"))
    before = set(portal.manager.lines())
    _priced(portal.operator.world)
    portal.manager.press("/sync/", to="/sync/run/")
    wait_until(lambda: set(portal.manager.lines()) - before)


def test_f37_two_beats_and_further_nudges_send_once(portal, broker):
    second = portal.celery("beat", "--schedule", str(portal.var / "run" / "second-beat"))
    try:
        command = portal.kept()
        nudges = [portal.celery("call", "quotes.tasks.sweep_commands") for _ in range(2)]
        assert {nudge.wait(300) for nudge in nudges} == {0}
        assert portal.settles(command) == ("done", "")
    finally:
        second.terminate()
        second.wait(60)
    assert portal.no_order_twice()


def test_f41_a_web_process_that_is_told_to_end_in_mid_action_finishes_it(portal):
    with portal.accepting() as (held, line):
        os.kill(portal.pids()["web"], signal.SIGTERM)
        held.release()
    assert portal.settles(portal.command_of(line)) == ("done", "")
    assert portal.no_order_twice()


def test_f41_a_worker_that_is_told_to_end_in_mid_action_finishes_it(portal):
    with portal.operator.hold("/accept/", after=True) as held:
        command = portal.kept()
        held.wait()
        os.kill(portal.pids()["worker"], signal.SIGTERM)
    assert portal.settles(command) == ("done", "")
    assert portal.no_order_twice()


def test_killed_in_mid_action_web_worker_beat_and_broker_start_again_and_it_settles(portal):
    with portal.accepting() as (_, line):
        for name in ("web", "worker", "beat", "broker"):
            os.killpg(portal.pids()[name], signal.SIGKILL)
    wait_until(lambda: (portal.ready() or {}).get("broker"))
    assert portal.settles(portal.command_of(line)) == ("done", "order_ids")
    assert portal.no_order_twice()


def test_f42_postgresql_killed_in_mid_action_recovers_and_it_settles(tmp_path, postgresql):
    with Operator() as operator, started(Portal(tmp_path, operator, DATABASE_URL=postgresql)) as portal:
        with portal.accepting() as (held, line):
            kill_a_backend(postgresql)
            held.release()
        wait_until(portal.ready)
        assert portal.settles(portal.command_of(line))[0] == "done"
        assert portal.no_order_twice()


@pytest.fixture
def postgresql():
    try:
        with servers.postgres() as url:
            yield url
    except servers.Missing as reason:
        pytest.skip(f"NOT RUN: {reason}")


def kill_a_backend(url: str) -> None:
    """Then the server throws everybody out and recovers from its log, as after a crash of its own."""
    with psycopg.connect(url) as database:
        victim = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        [pid] = database.execute(f"{victim} LIMIT 1").fetchone()
    os.kill(pid, signal.SIGKILL)


def test_the_sandbox_killed_in_mid_action_comes_back_and_it_settles(tmp_path):
    with started(Run(tmp_path, **SETTINGS)) as run:
        sandbox = SandboxServer(tmp_path / "sandbox", port=int((tmp_path / "run" / "sandbox.port").read_text()))
        manager = Visitor(run.url, "manager", PASSWORD)
        wait_until(manager.lines)
        remote_id, line = next(iter(manager.lines().items()))
        wait_until(lambda: manager.offers(line))
        offer = manager.offers(line)[0]
        sandbox.fault("*/accept/", method="PATCH", after=True, delay=60)
        before = len(sandbox.orders())
        person = threading.Thread(target=manager.accept, args=(line, offer))
        person.start()
        wait_until(lambda: len(sandbox.orders()) > before)
        run.kill("sandbox")
        person.join(120)
        command = manager.last_accept_of(line)
        wait_until(lambda: manager.end_of(command)[0] not in OPEN)
        assert manager.end_of(command) == ("done", "order_ids")
        wait_until(lambda: answers(sandbox))  # its last breath may have settled it before it came back
        assert len(sandbox.orders()) == before + 1


def answers(sandbox) -> bool:
    try:
        return bool(sandbox.orders())
    except requests.RequestException:
        return False

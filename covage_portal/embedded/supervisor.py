"""Start everything in order, keep it alive, end everything in the reverse order."""

import signal
import time
from collections import defaultdict, deque
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import redis
from django.conf import settings

from covage_portal.embedded import plan, prepare
from covage_portal.embedded.children import Child, Program

_DEATHS, _DEATHS_SECONDS = 3, 60
_READY_SECONDS = 180
_GRACE_SECONDS = 7
_PAUSE = 0.2


class GaveUp(Exception):
    """One process died too often, or the portal never got ready."""


def say(text: str) -> None:
    """A closed terminal or pipe must not end the portal."""
    with suppress(OSError):
        print(text, flush=True)


class Supervisor:
    def __init__(self, lease: int):
        self._lease = lease
        self._children: list[Child] = []
        self._deaths = defaultdict(lambda: deque(maxlen=_DEATHS))

    def start(self) -> None:
        """Returns when the portal answers. Raises CannotStart or GaveUp."""
        plan.refuse_taken_port()
        if settings.REDIS_URL:
            prepare.ask_for_broker()
        self._start_all(plan.services())
        prepare.everything()
        self._wait_until(_services_answer, "The broker or the sandbox does not answer.")
        self._start_all(plan.portal())
        self._wait_until(_is_ready, f"http://127.0.0.1:{settings.PORT}/readyz does not answer 200.")

    def watch(self) -> None:
        """Until a signal or GaveUp."""
        while True:
            self._replace_the_dead()
            time.sleep(_PAUSE)

    def stop(self) -> None:
        """End the portal first, then what it leans on. A second signal ends everything at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._kill())
        services = {"broker", "sandbox"}
        for late in (False, True):
            self._end([child for child in self._children if (child.program.name in services) == late])

    def _start_all(self, programs: list[Program]) -> None:
        for program in programs:
            self._children.append(Child(program, settings.PORTAL_VAR, self._lease))

    def _replace_the_dead(self) -> None:
        for child in [child for child in self._children if child.status is not None]:
            name, status = child.program.name, child.status
            child.sweep_up()
            self._children.remove(child)
            self._count_death(name, status)
            say(f"{name} ended with status {status}: started again.")
            self._start_all([child.program])

    def _count_death(self, name: str, status: int) -> None:
        deaths = self._deaths[name]
        deaths.append(time.monotonic())
        if len(deaths) == _DEATHS and deaths[-1] - deaths[0] < _DEATHS_SECONDS:
            log = settings.PORTAL_VAR / "log" / f"{name}.log"
            raise GaveUp(f"{name} ended {_DEATHS} times within a minute, last with status {status}. See {log}")

    def _wait_until(self, condition, complaint: str) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not condition():
            self._replace_the_dead()
            if time.monotonic() > deadline:
                raise GaveUp(f"{complaint} See {settings.PORTAL_VAR / 'log'}")
            time.sleep(_PAUSE)

    def _end(self, children: list[Child]) -> None:
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in children:
            child.ask_to_end()
        for child in children:
            child.wait(max(deadline - time.monotonic(), 0))
            child.sweep_up()

    def _kill(self) -> None:
        for child in self._children:
            child.kill()


def _services_answer() -> bool:
    return _broker_answers() and (not plan.has_sandbox() or _status_of(plan.sandbox_url()) is not None)


def _broker_answers() -> bool:
    if settings.REDIS_URL:
        return True  # asked before
    try:
        with redis.Redis(unix_socket_path=str(settings.BROKER_SOCKET), socket_timeout=5) as broker:
            return broker.ping()
    except redis.RedisError:
        return False


def _is_ready() -> bool:
    return _status_of(f"http://127.0.0.1:{settings.PORT}/readyz") == 200


def _status_of(url: str) -> int | None:
    """What a server on this machine answers, asked directly and not through a proxy; None when it does not."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()

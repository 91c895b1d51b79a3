"""What can go wrong with one call, before or after the operator did what was asked."""

import re
import socket
import struct
import threading
from dataclasses import dataclass, field

# One of each kind of answer that leaves open what the operator did; the tests of the client know all others.
LOST = ("reset", "hang", "html", 500, 408)


@dataclass
class Fault:
    """`action`: a status number, or reset, close, hang, drip, truncate, html, empty, wrong_type, redirect.

    `after`: the operator has done it by then; `later`: it does it when `Operator.catch_up` is called, as behind a
    gateway that gave up. `times`: how often; `skip`: matching calls left alone first; `pace`: seconds a dripped byte.
    """

    action: str | int
    path: str = ".*"
    method: str = ".*"
    after: bool = False
    later: bool = False
    times: int = 1
    skip: int = 0
    pace: float = 0.2
    headers: dict = field(default_factory=dict)
    body: object = None

    def takes(self, method: str, path: str) -> bool:
        if not self.times or not re.fullmatch(self.method, method) or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Hold(Fault):
    """No fault: the call waits, before or after it is done, until it is released; then it is answered as ever."""

    arrivals: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self, calls: int = 1) -> None:
        """Until so many calls wait here."""
        for _ in range(calls):
            assert self.arrivals.acquire(timeout=20), "no such call came"

    def release(self) -> None:
        self.released.set()

    def keep(self) -> None:
        self.arrivals.release()
        self.released.wait(60)


def play(fault: Fault, handler, answer: bytes) -> None:
    """Answer one request wrongly; `answer` is what the operator would have said."""
    if isinstance(fault.action, int):
        return handler.say(fault.action, fault.body if fault.body is not None else {"detail": "fault"}, fault.headers)
    _ACTIONS[fault.action](handler, answer, fault)


def _reset(handler, answer, fault):
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def _close(handler, answer, fault):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def _hang(handler, answer, fault):
    handler.server.stopping.wait(60)
    handler.close_connection = True


def _drip(handler, answer, fault):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(answer)))
    handler.end_headers()
    for byte in answer:
        if handler.server.stopping.wait(fault.pace):
            return
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()


def _truncate(handler, answer, fault):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(answer)))
    handler.end_headers()
    handler.wfile.write(answer[: len(answer) // 2])
    handler.close_connection = True


def _html(handler, answer, fault):
    handler.say(200, "<html><title>Maintenance</title></html>")


def _empty(handler, answer, fault):
    handler.say(200, "")


def _wrong_type(handler, answer, fault):
    handler.say(200, ["not", "what", "was", "asked"])


def _redirect(handler, answer, fault):
    handler.say(302, "", {"Location": "http://127.0.0.1:9/elsewhere", **fault.headers})


_ACTIONS = {
    "reset": _reset,
    "close": _close,
    "hang": _hang,
    "drip": _drip,
    "truncate": _truncate,
    "html": _html,
    "empty": _empty,
    "wrong_type": _wrong_type,
    "redirect": _redirect,
}

"""How long a call may take in all, and the watchdog that cuts the socket when it takes longer.

A read timeout starts anew with every byte, so an answer that drips never meets it. The watchdog does not care.
"""

import contextlib
import os
import socket
import threading
import time


class Deadline:
    """A moment on the monotonic clock. `limit` is another, that nothing may move."""

    def __init__(self, seconds: float, limit: float = float("inf"), whole: "Deadline | None" = None):
        self._until, self._limit, self._whole = time.monotonic() + seconds, limit, whole

    @property
    def left(self) -> float:
        return max(0.0, min(self._until, self._limit) - time.monotonic())

    def forgive(self, seconds: float) -> None:
        """Time spent in a queue of our own does not count, but for the limit."""
        self._until += seconds
        if self._whole:
            self._whole.forgive(seconds)

    def within(self, seconds: float) -> "Deadline":
        """A shorter deadline for a part of the work."""
        return Deadline(min(seconds, self.left), self._limit, whole=self)


class Watchdog:
    """Shuts the socket of one exchange down at the deadline; remembers whether a byte was handed to it."""

    def __init__(self, deadline: Deadline):
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._timer = threading.Timer(deadline.left, self._bite)
        self._timer.daemon = True
        self.has_bitten = False
        self.has_sent = False

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *_):
        self._timer.cancel()
        with self._lock:
            self._release()

    def hold(self, sock: socket.socket) -> None:
        """About to send on this socket. Raises TimeoutError when it is too late for that."""
        with self._lock:
            if self.has_bitten:
                raise TimeoutError("the deadline passed before anything was sent")
            self._release()
            # A copy of the descriptor: shutting it down ends the connection under TLS too.
            self._held = socket.socket(fileno=os.dup(sock.fileno()))
            self.has_sent = True

    def _bite(self) -> None:
        with self._lock:
            self.has_bitten = True
            if self._held:
                with contextlib.suppress(OSError):
                    self._held.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        if self._held:
            self._held.close()
            self._held = None

"""One run for each PORTAL_VAR: a lock for the supervisor, and a lease that all its processes hold."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PATIENCE_SECONDS = 5


class AlreadyRunning(Exception):
    """Another run uses this PORTAL_VAR."""


def take(var: Path) -> int:
    """Hold the folder until this process ends; returns the lease that every child inherits.

    A run that was killed leaves processes that still end in their own time: they hold the lease. Whatever they were
    sending to the operator is in the journal, so a short patience is enough. Raises AlreadyRunning.
    """
    _lock(var / "run" / "supervisor.lock", fcntl.LOCK_EX, seconds=0)
    lease = (var / "run" / "lease.lock").resolve()
    try:
        handle = _lock(lease, fcntl.LOCK_EX, seconds=_PATIENCE_SECONDS)
    except AlreadyRunning:
        for pid in _holders(lease):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        handle = _lock(lease, fcntl.LOCK_EX, seconds=_PATIENCE_SECONDS)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def _lock(path: Path, kind: int, *, seconds: float) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(handle)
                raise AlreadyRunning from None
            time.sleep(0.1)


def _holders(path: Path) -> Iterator[int]:
    """The processes that have this very file open, as Linux tells; nobody where there is no /proc."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if link.readlink() == path:
                yield int(link.parts[2])

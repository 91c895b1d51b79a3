"""One process that the supervisor started: its own process group, a log file, a pid file, and no life without us."""

import ctypes
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 20 * 1024 * 1024
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to start. `name` is also the name of its pid file and its log."""

    name: str
    command: list[str]


class Child:
    def __init__(self, program: Program, var: Path, lease: int):
        """`lease` is a file descriptor that the process holds as long as it lives (see `guard`)."""
        self.program = program
        self._pid_file = var / "run" / f"{program.name}.pid"
        self._process = self._start(var / "log" / f"{program.name}.log", lease)
        self._pid_file.write_text(f"{self._process.pid}\n")

    @property
    def status(self) -> int | None:
        """None while it runs, afterwards its exit status (negative: the signal)."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """To the process alone: its own workers finish what they have begun."""
        if self.status is None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def kill(self) -> None:
        """The process and whatever else is left of its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def sweep_up(self) -> None:
        self.kill()
        self._process.wait()
        self._pid_file.unlink(missing_ok=True)

    def _start(self, log: Path, lease: int) -> subprocess.Popen:
        _set_aside(log)
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603  the commands are the fixed ones of `plan`
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which ends the others in order
                pass_fds=[lease],
                preexec_fn=_die_with(os.getpid()),
            )


def _die_with(parent: int):
    """Ask the kernel to end the child when the supervisor is killed. Linux only; elsewhere `guard` finds the rest."""
    if _libc is None:
        return None

    def before_exec():
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return before_exec


def _set_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))

"""The test's side of `victim`: start a process that acts, and see it die."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


class Victims:
    """`run` does one job to its end; `start` leaves it at work, to be killed or frozen."""

    def __init__(self, process):
        self._process, self.url = process, ""

    def run(self, do: str, at: str = "", **job) -> int:
        return self.end_of(self.start(do, at, **job))

    def start(self, do: str, at: str = "", **job) -> int:
        return self._ask({"do": do, "at": at, "url": self.url, **job})

    def end_of(self, pid: int) -> int:
        """Its exit status, negative for a signal."""
        return self._ask({"wait": pid})

    def kill(self, pid: int) -> int:
        os.kill(pid, signal.SIGKILL)
        return self.end_of(pid)

    def _ask(self, job) -> int:
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def victims():
    """A parent of victims on the tests' own database and files; `url` tells them where the operator is."""
    command = [sys.executable, "-m", "tests.faults.victim"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment(), cwd=settings.BASE_DIR, **pipes) as process:
        yield Victims(process)
        process.stdin.close()


def has_stopped(pid: int, patience: float = 20) -> bool:
    """Whether the process freezes itself within the time."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if ") T " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.02)
    return False


def environment(**more: str) -> dict:
    """Of a portal beside the tests, on their own database and files."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "covage_portal.settings",
        "DATABASE_URL": _database_url(),
        "PORTAL_VAR": str(settings.PORTAL_VAR),
        **more,
    }


def _database_url() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return re.sub(r"(//[^/]*)/[^?]*", rf"\1/{name}", os.environ["DATABASE_URL"])

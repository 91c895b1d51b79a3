"""Start the portal's own programs with an environment of our choice."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "a key of production is long and random: 0123456789 abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portal.example.org",
    "COVAGE_API_URL": "https://api.example.org",
    "COVAGE_USERNAME": "portal",
    "COVAGE_PASSWORD": "correct-horse-canary",
}
PATIENCE = 300  # seconds; a busy machine starts five processes slowly
OURS = ("COVAGE_", "SYNC_", "PORTAL_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "CSRF_")


def environment(var: Path, **variables: str) -> dict:
    """That of the machine, without what the tests themselves run with."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith((*OURS, "DJANGO_"))}
    return outside | {"PORTAL_ENV_FILE": str(var / "none"), "PORTAL_VAR": str(var)} | variables


def manage(var: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(var, **variables), capture_output=True, text=True)


class Run:
    """One supervisor with its PORTAL_VAR and free ports; `variables` are its environment's own."""

    def __init__(self, var: Path, **variables: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.var, self.url = var, f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "covage_portal.embedded"]
        self._options = {"cwd": ROOT, "env": environment(var, PORT=str(port), **variables), "text": True}
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

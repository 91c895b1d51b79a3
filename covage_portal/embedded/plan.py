"""Which processes a run consists of, and where they listen."""

import os
import sys

from django.conf import settings

from covage_portal import env
from covage_portal.embedded import binaries, ports
from covage_portal.embedded.children import Program


class CannotStart(Exception):
    """Something that a person must change first; the message says what."""


def services() -> list[Program]:
    """What the portal itself leans on, and only what the environment does not name."""
    programs = []
    if not settings.REDIS_URL:
        programs.append(_broker())
    if has_sandbox():
        programs.append(_sandbox(_sandbox_port()))
    return programs


def has_sandbox() -> bool:
    return not os.environ.get("COVAGE_API_URL", "").strip()


def operator_url() -> str:
    """Not from the settings of this process, which are older than the sandbox's port."""
    return sandbox_url() if has_sandbox() else settings.COVAGE_API_URL


def sandbox_url() -> str:
    return env.sandbox_address(settings.PORTAL_VAR, settings.SANDBOX_PORT)


def portal() -> list[Program]:
    return [_web(), _worker(), _beat()]


def refuse_taken_port() -> None:
    """Raises CannotStart."""
    if not ports.is_free(settings.PORT):
        raise CannotStart(f"Port {settings.PORT} is taken by another program. Choose another: PORT=8080 script/run")


def _web() -> Program:
    options = ["--bind", f"127.0.0.1:{settings.PORT}", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    patience = ["--timeout", "90", "--graceful-timeout", "6", "--keep-alive", "10", "--preload", "--no-control-socket"]
    return Program("web", [sys.executable, "-m", "gunicorn", "covage_portal.wsgi", *options, *patience])


def _worker() -> Program:
    # Each kind of sweep runs once at a time; with four places a long read never keeps a command waiting.
    options = ["--concurrency", "4", "--without-gossip", "--without-mingle", "--hostname", f"portal-{settings.PORT}@%h"]
    return Program("worker", [*_celery("worker"), *options])


def _beat() -> Program:
    return Program("beat", _celery("beat"))


def _celery(part: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "covage_portal", part, "--loglevel", "INFO"]


def _broker() -> Program:
    path = settings.BROKER_SOCKET
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_uid != os.getuid():
        raise CannotStart(f"{path.parent} belongs to somebody else. Set PORTAL_VAR to a shorter path, or REDIS_URL.")
    binary = binaries.broker()
    if not binary:
        raise CannotStart("No broker for this machine: install redis-server, or set REDIS_URL to one that runs.")
    folder = settings.PORTAL_VAR / "broker"
    folder.mkdir(mode=0o700, exist_ok=True)
    reach = ["--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    keep = ["--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    return Program("broker", [binary, *reach, *keep, "--maxmemory-policy", "noeviction"])


def _sandbox(port: int) -> Program:
    storage = settings.PORTAL_VAR / "sandbox"
    return Program("sandbox", [sys.executable, "-m", "sandbox", "--port", str(port), "--storage", str(storage)])


def _sandbox_port() -> int:
    """The wanted one, or the one of the last run, or any; written down for `manage.py` beside us."""
    note = settings.PORTAL_VAR / "run" / "sandbox.port"
    wanted = [settings.SANDBOX_PORT, *([int(note.read_text())] if note.exists() else [])]
    port = next(filter(ports.is_free, wanted), None) or ports.any_free()
    note.write_text(f"{port}\n")
    return port

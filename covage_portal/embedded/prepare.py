"""Make database, static files and accounts ready. Safe to repeat, and quick when nothing changed."""

import hashlib
import os
from pathlib import Path

import redis
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections

from covage_portal.embedded.plan import CannotStart


def everything() -> None:
    """Raises CannotStart."""
    _database()
    _static_files()
    call_command("create_demo_accounts", verbosity=0)
    connections.close_all()


def ask_for_broker() -> None:
    """Raises CannotStart when the Redis that the environment names is not there."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5) as broker:
            broker.ping()
    except redis.RedisError as exc:
        raise CannotStart(f"REDIS_URL: no broker answers there ({exc}).") from exc


def _database() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as exc:
        raise CannotStart(f"The database cannot be used: {exc}") from exc


def _static_files() -> None:
    stamp, state = settings.PORTAL_VAR / "run" / "static.stamp", _state_of_sources()
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def _state_of_sources() -> str:
    """Changes with our own files and with the locked packages that bring theirs."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            about = path.stat()
            digest.update(os.fsencode(f"{path}:{about.st_size}:{about.st_mtime_ns}\n"))
    return digest.hexdigest()

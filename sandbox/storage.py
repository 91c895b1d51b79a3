"""The folder that holds everything: made, migrated and filled on the first start, kept afterwards."""

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from sandbox import options, seed
from sandbox.models import Desk


def prepare() -> None:
    """Ready for the first request. Demo data goes into a new storage only."""
    settings.STORAGE.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    if not Desk.objects.exists():
        seed.fill(options.current.size)
    connections.close_all()  # the worker is a fork, and SQLite connections do not survive one

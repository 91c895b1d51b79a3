"""The Celery application. Tasks live in `quotes/tasks.py`, the schedule and all options in the settings."""

import os
import threading
import time

import structlog
from celery import Celery
from celery.signals import beat_init, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "covage_portal.settings")

app = Celery("covage_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
log = structlog.get_logger(__name__)


@worker_ready.connect
def catch_up(**_):
    """A worker that starts looks at once for what happened meanwhile; beat would wait a whole interval first."""
    for name in ("refresh_reference", "discover"):
        app.send_task(f"quotes.tasks.{name}", expires=60)


@beat_init.connect
def stand_in(**_):
    """Beat sweeps the journal itself when nobody else does: the broker is away or silent, or the workers are deaf."""
    threading.Thread(target=_sweep_what_is_overdue, name="stand-in", daemon=True).start()


def _sweep_what_is_overdue() -> None:
    from django.conf import settings
    from django.db import close_old_connections

    from quotes import tasks
    from quotes.sync import jobs

    patience = max(5 * settings.SYNC["command"], 1)
    while True:
        time.sleep(patience)
        close_old_connections()
        try:
            if jobs.is_overdue("commands", patience):
                log.warning("nobody sweeps the journal: beat does it")
                tasks.sweep_commands()
        except Exception:
            log.exception("beat could not sweep the journal")

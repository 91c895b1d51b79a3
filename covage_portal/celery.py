"""The Celery application. Tasks live in `quotes/tasks.py`, the schedule and all options in the settings."""

import os

from celery import Celery
from celery.signals import worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "covage_portal.settings")

app = Celery("covage_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@worker_ready.connect
def catch_up(**_):
    """A worker that starts looks at once for what happened meanwhile; beat would wait a whole interval first."""
    for name in ("refresh_reference", "discover"):
        app.send_task(f"quotes.tasks.{name}", expires=60)

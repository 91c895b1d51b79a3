"""The site: environment, settings, addresses, processes. Wiring only, no rules."""

from covage_portal.celery import app as celery_app

__all__ = ["celery_app"]

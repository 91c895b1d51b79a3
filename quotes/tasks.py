"""Celery's entrance: short sweeps. The rows say what is due and who does it, so each is safe to run twice or late."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from quotes.services import batches, drafts, exports, mailing, notices, reconciler
from quotes.sync import discover as discovery
from quotes.sync import jobs, reference, watch
from quotes.sync.connection import connect

# Up to three jobs, each ending itself after jobs.LONGEST_WORK and one last call; below the broker's visibility timeout.
LONG = {"soft_time_limit": 220, "time_limit": 250}
# A worker that dies in a sweep keeps the journal waiting no longer; each command is claimed, so two sweeps are safe.
SHORT = timedelta(seconds=20)


@shared_task(**LONG)
def watch_baskets():
    """Read the baskets that are due, and the lines that have none."""
    jobs.run("baskets", settings.SYNC["hot"] / 4, lambda tally: watch.due_baskets(connect(), tally))
    jobs.run("orphans", settings.SYNC["warm"], lambda tally: watch.orphans(connect(), tally))


@shared_task(**LONG)
def discover():
    """Find what was created elsewhere: new baskets often, the whole lists now and then."""
    every = settings.SYNC["discover"]
    jobs.run("new_baskets", every, lambda tally: discovery.baskets(connect(), tally))
    jobs.run("all_baskets", every * 10, lambda tally: discovery.baskets(connect(), tally, full=True))
    jobs.run("lines", every * 5, lambda tally: discovery.lines(connect(), tally))


@shared_task
def poll_exports():
    """Look at the running exports that are due; let go of files and recovery copies that were kept long enough."""

    def poll(tally):
        exports.expire_old()
        drafts.expire_old()
        exports.poll_due(connect(), tally)

    jobs.run("exports", settings.SYNC["export"], poll)


@shared_task
def sweep_commands():
    """Send what is recorded, read what is uncertain."""

    def sweep(tally):
        tally.seen = tally.changed = reconciler.sweep()

    jobs.run("commands", settings.SYNC["command"], sweep, longest=SHORT)


@shared_task(**LONG)
def run_batches():
    """Go on with the batches that are due."""
    jobs.run("batches", settings.SYNC["command"], batches.run_due)


@shared_task
def notify():
    """Tell people what happened, remind them of what expires, and mail what is due."""
    jobs.run("notices", settings.SYNC["notice"], notices.observe)
    jobs.run("reminders", settings.SYNC["remind"], notices.remind)
    jobs.run("mails", settings.SYNC["mail"] / 4, mailing.send_due)


@shared_task
def refresh_reference():
    """The operator's projects; optional."""
    jobs.run("projects", settings.SYNC["reference"], lambda tally: reference.projects(connect(), tally))


@shared_task(**LONG)
def sync_now():
    """Everything at once, because a person asked."""
    jobs.run("all_baskets", settings.SYNC["discover"] * 10, _all_baskets, force=True)
    jobs.run("lines", settings.SYNC["discover"] * 5, lambda tally: discovery.lines(connect(), tally), force=True)
    jobs.run("baskets", settings.SYNC["hot"] / 4, lambda tally: watch.due_baskets(connect(), tally), force=True)


def _all_baskets(tally):
    discovery.baskets(connect(), tally, full=True)

"""Periodic jobs: a row says who runs one and when it is due, so two beats or a hundred nudges make one run."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from quotes.covage import CovageError
from quotes.models import SyncJob

log = logging.getLogger(__name__)
LONGEST_RUN = 120  # seconds after which a run that did not report counts as dead


@dataclass
class Tally:
    """What a run saw; `cursor` is where the next run goes on."""

    seen: int = 0
    changed: int = 0
    rejected: int = 0
    cursor: dict = field(default_factory=dict)


def run(name: str, every: float, work: Callable[[Tally], None], *, force: bool = False) -> bool:
    """Do `work` if the job is due and free. `every`: seconds between two starts. Returns whether it ran."""
    if not _claim(name, every, force):
        return False
    job = SyncJob.objects.get(name=name)
    tally, started, error = Tally(cursor=job.cursor), time.monotonic(), ""
    try:
        work(tally)
    except CovageError as failure:
        error = f"{type(failure).__name__}: {failure}"[:200]
        log.warning("job stopped early", extra={"job": name, "reason": error})
    _report(name, tally, time.monotonic() - started, error)
    return True


def _claim(name, every, force) -> bool:
    SyncJob.objects.get_or_create(name=name)
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    # A due time far ahead is the trace of a clock that was set back.
    due = Q(due_at=None) | Q(due_at__lte=now) | Q(due_at__gt=now + timedelta(seconds=2 * every + 1))
    job = SyncJob.objects.filter(free, name=name)
    if not force:
        job = job.filter(due)
    return bool(
        job.update(
            claimed_until=now + timedelta(seconds=LONGEST_RUN),
            due_at=now + timedelta(seconds=every),
            started_at=now,
        )
    )


def _report(name, tally, seconds, error):
    facts = {
        "claimed_until": None,
        "cursor": tally.cursor,
        "duration_ms": int(seconds * 1000),
        "seen": tally.seen,
        "changed": tally.changed,
        "rejected": tally.rejected,
        "error": error,
    }
    if not error:
        facts["succeeded_at"] = timezone.now()
    SyncJob.objects.filter(name=name).update(**facts)

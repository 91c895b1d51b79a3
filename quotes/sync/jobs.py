"""Periodic jobs: a row says who runs one and when it is due, so two beats or a hundred nudges make one run."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from quotes.covage import CovageError
from quotes.models import SyncJob
from quotes.sync.claims import free

log = logging.getLogger(__name__)
LONGEST_WORK = 30  # seconds; then a run ends by itself, and the next one goes on
LONGEST_RUN = timedelta(seconds=120)  # the work, its last call and some air


@dataclass
class Tally:
    """What a run saw. `cursor` is where the next run goes on; `is_cut`: it ended before the work was done."""

    seen: int = 0
    changed: int = 0
    rejected: int = 0
    cursor: dict = field(default_factory=dict)
    until: float = float("inf")  # on the monotonic clock
    is_cut: bool = False
    failure: CovageError | None = None  # of the first item that could not be read
    error: str = ""  # what went wrong outside the operator, first a word that the page of the readings knows

    def is_late(self) -> bool:
        """Whether to stop here; ask between two pieces of work."""
        self.is_cut = self.is_cut or time.monotonic() >= self.until
        return self.is_cut


def run(
    name: str, every: float, work: Callable[[Tally], None], *, force: bool = False, longest: timedelta = LONGEST_RUN
) -> Tally | None:
    """Do `work` if the job is due and free. `every`: seconds between two starts. None: somebody else's, or not due.

    `longest`: a run that did not report by then is dead.
    """
    claimed_until = _claim(name, every, force, longest)
    if claimed_until is None:
        return None
    started, error = time.monotonic(), "interrupted"
    tally = Tally(cursor=SyncJob.objects.get(name=name).cursor, until=started + LONGEST_WORK)
    try:
        work(tally)
        error = tally.error
    except CovageError as failure:
        error, tally.is_cut = f"{type(failure).__name__}: {failure}", True
        log.warning("job stopped early", extra={"job": name, "reason": error})
    except Exception as failure:
        error = type(failure).__name__
        raise
    finally:
        _report(name, claimed_until, tally, time.monotonic() - started, error[:200])
    return tally


def is_overdue(name: str, seconds: float) -> bool:
    """Whether nobody has begun it although it is due for so long."""
    return not SyncJob.objects.filter(name=name, due_at__gt=timezone.now() - timedelta(seconds=seconds)).exists()


def make_due(names) -> None:
    """Whoever looks next runs them."""
    for name in names:
        SyncJob.objects.update_or_create(name=name, defaults={"due_at": timezone.now()})


def _claim(name: str, every: float, force: bool, longest: timedelta) -> datetime | None:
    SyncJob.objects.get_or_create(name=name)
    now = timezone.now()
    job = SyncJob.objects.filter(free("claimed_until", longest), name=name)
    if not force:
        job = job.filter(free("due_at", timedelta(seconds=every)))
    until = now + longest
    return until if job.update(claimed_until=until, due_at=now + timedelta(seconds=every), started_at=now) else None


def _report(name: str, claimed_until: datetime, tally: Tally, seconds: float, error: str) -> None:
    """By the holder of the claim only: a run that took too long says nothing about the one that followed it."""
    facts = {
        "claimed_until": None,
        "cursor": tally.cursor,
        "duration_ms": int(seconds * 1000),
        "seen": tally.seen,
        "changed": tally.changed,
        "rejected": tally.rejected,
        "error": error,
    }
    if tally.is_cut:
        facts["due_at"] = timezone.now()
    elif not error:
        facts["succeeded_at"] = timezone.now()
    SyncJob.objects.filter(name=name, claimed_until=claimed_until).update(**facts)

"""Who may work on a command now: claims that lapse, and what a clock that was set back must not change.

A claim is one conditional UPDATE that takes the next fence: of two workers one wins, on PostgreSQL and SQLite alike,
and a worker that was frozen past its claim can no longer move the row.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from quotes.models import Command
from quotes.sync import claims

SET_BACK = 30  # seconds by which the clocks of two machines may differ; more means that one was set back


def for_reading() -> timedelta:
    """How long a claim lasts while nothing is being sent: the calls of one command end within the total timeout."""
    return timedelta(seconds=settings.COVAGE_TOTAL_TIMEOUT + 5)


def for_sending() -> timedelta:
    """… while it is: longer than any write takes, or a living sender would be taken for dead."""
    return timedelta(seconds=settings.COVAGE_TOTAL_TIMEOUT + 30)


def free() -> Q:
    """Nobody works on it."""
    return claims.free("claimed_until", for_sending())


def too_late(now) -> Q:
    """Not to be sent any more: its time has passed, or cannot be told because the clock was set back."""
    lived = Q(not_after__isnull=False)
    return Q(not_after__lt=now) | (lived & Q(recorded_at__gt=now + timedelta(seconds=SET_BACK)))


def due(now) -> Q:
    """Its next try has come, or was set before the clock was set back."""
    set_back = Q(recorded_at__gt=now) | Q(sent_at__gt=now) | Q(checked_at__gt=now)
    return Q(next_try_at=None) | Q(next_try_at__lte=now) | set_back | too_late(now)


def take(state: str, pk) -> Command | None:
    """The row in this state, claimed; None when it is somebody else's or has moved on."""
    now = timezone.now()
    rows = Command.objects.filter(pk=pk, state=state)
    with transaction.atomic():  # or somebody could take it between the two statements, and both hold the same fence
        if not rows.filter(free()).update(claimed_until=now + for_reading(), fence=F("fence") + 1):
            return None
        return rows.select_related("actor", "basket", "line__basket").get()

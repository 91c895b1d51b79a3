"""Leases that are times in rows: taken for a while, free again when their holder died."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

SLACK = timedelta(minutes=1)  # between the clocks of several machines, and between looking and taking


def free(name: str, longest: timedelta) -> Q:
    """The lease in that column is not held: never taken, run out, or further ahead than anybody takes one.

    The last is the trace of a clock that was set back; without it everything would stand still until the old time.
    """
    now = timezone.now()
    return Q(**{name: None}) | Q(**{f"{name}__lte": now}) | Q(**{f"{name}__gt": now + longest + SLACK})


def ahead(until, longest: timedelta) -> float:
    """Seconds until that time; 0 when it is over, or so far ahead that a clock was set back."""
    left = until - timezone.now() if until else timedelta()
    return left.total_seconds() if timedelta() < left <= longest + SLACK else 0.0

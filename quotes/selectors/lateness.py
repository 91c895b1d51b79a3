"""The answer date that was asked for against the real one, in days of Paris."""

from datetime import date, datetime

from django.utils import timezone

from quotes.covage.values import as_moment


def days_late(wished: object, answered: datetime | None = None) -> int:
    """Days after the wished date that the answer came, or that have passed without one; 0 in time or when none was
    wished."""
    asked = _day(as_moment(wished))
    came = timezone.localtime(answered).date() if answered else timezone.localdate()
    return max(0, (came - asked).days) if asked else 0


def _day(moment) -> date | None:
    if isinstance(moment, datetime):
        return (timezone.localtime(moment) if timezone.is_aware(moment) else moment).date()
    return moment if isinstance(moment, date) else None

"""Days, weeks and months of the calendar that people here live by, as moments that the database compares."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

SOON = 7  # days left from which a deadline counts as near
URGENT = 2  # days left from which the home page says so above everything else


def moment(day: date) -> datetime:
    """Its first moment."""
    return timezone.make_aware(datetime.combine(day, time.min))


def first_moment(days: int) -> datetime:
    """Of the day that many days from today."""
    return moment(timezone.localdate() + timedelta(days=days))


def soon(days: int = SOON) -> tuple[datetime, datetime]:
    """From today on, that many days ahead: first moment, and the first one behind."""
    return first_moment(0), first_moment(days + 1)


def months(count: int) -> list[date]:
    """The first days of the last months, this one last."""
    found = [timezone.localdate().replace(day=1)]
    while len(found) < count:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def mondays(count: int) -> list[date]:
    """Of the last weeks, this one last."""
    this = monday(timezone.localdate())
    return [this - timedelta(weeks=back) for back in reversed(range(count))]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def following(first: date) -> date:
    """The first day of the month behind."""
    return (first + timedelta(days=31)).replace(day=1)

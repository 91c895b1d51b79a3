"""The numbers behind the charts of the home page. Days, weeks and months are those of Paris.

A line that was answered is not void, so the two that walk over months ask for nothing that an index does not hold.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, Q
from django.utils import timezone

from quotes.models import Command, Line
from quotes.models.commands import Kind
from quotes.selectors import lines
from quotes.selectors.counts import counted
from quotes.selectors.days import first_moment, following, moment, monday, mondays, months

WEEKS, DAYS, MONTHS = 11, 30, 6
DECIDED = ("accepted", "refused", "expired")


def pipeline(user) -> dict[str, int]:
    """Lines that are open, and those answered this month that were decided."""
    answered = lines.listed(user).filter(response_date__gte=moment(months(1)[0]))
    return counted(
        {
            "drafts": lines.listed(user).filter(state="acknowledged"),
            "waiting": lines.listed(user).filter(state="confirmed"),
            "to_decide": lines.to_decide(user),
            "accepted": answered.filter(state="accepted"),
            "lost": answered.filter(state__in=("refused", "expired")),
        }
    )


def weeks() -> tuple[list[tuple[date, int, float | None]], float | None]:
    """(Monday, answers, median days from the creation of the line to the answer), the week that is not over last; and
    the median of all of them."""
    answers, waits = Counter(), defaultdict(list)
    start, end = moment(mondays(WEEKS)[0]), moment(mondays(1)[0] + timedelta(weeks=1))
    rows = Line.objects.filter(response_date__gte=start, response_date__lt=end)
    for answered, created in rows.values_list("response_date", "creation_date").iterator():
        week = monday(timezone.localtime(answered).date())
        answers[week] += 1
        if created and created <= answered:
            waits[week].append((answered - created).total_seconds() / 86400)
    every = [days for found in waits.values() for days in found]
    rows = [(week, answers[week], median(waits[week]) if waits[week] else None) for week in mondays(WEEKS)]
    return rows, median(every) if every else None


def days(user) -> list[tuple[date, int]]:
    """(day, lines to decide whose prices end on it) for the days ahead, today first."""
    ahead = lines.to_decide(user).filter(validity_date__gte=first_moment(0), validity_date__lt=first_moment(DAYS))
    found = Counter(timezone.localtime(at).date() for at in ahead.values_list("validity_date", flat=True))
    today = timezone.localdate()
    return [(day, found[day]) for day in (today + timedelta(days=ahead) for ahead in range(DAYS))]


def decisions() -> list[tuple[date, dict[str, int]]]:
    """(first of the month, how many of the lines answered in it are now accepted, refused, expired)."""
    firsts = months(MONTHS)
    rows = Line.objects.filter(state__in=DECIDED, response_date__gte=moment(firsts[0]))
    rows = rows.order_by().values("state").annotate(**{_name(first): _answered_in(first) for first in firsts})
    found = {row["state"]: row for row in rows}
    return [(first, {state: found.get(state, {}).get(_name(first), 0) for state in DECIDED}) for first in firsts]


def motives() -> list[tuple[str, int]]:
    """(why, how many offers were declined from here for it) in the same months, the most frequent first."""
    declined = Command.objects.filter(kind=Kind.DECLINE, state="done", recorded_at__gte=moment(months(MONTHS)[0]))
    rows = declined.exclude(motive="").order_by().values_list("motive")
    return list(rows.annotate(count=Count("pk")).order_by("-count", "motive"))


def _name(first: date) -> str:
    return f"in_{first:%Y_%m}"


def _answered_in(first: date) -> Count:
    return Count("pk", filter=Q(response_date__gte=moment(first), response_date__lt=moment(following(first))))

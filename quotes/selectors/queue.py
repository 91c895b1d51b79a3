"""The review queue: where a line stands in it, its neighbours, and the rows around it."""

from dataclasses import dataclass, field

from django.db.models import Q

from quotes import states
from quotes.models import Command, Line
from quotes.models.commands import DECISIONS
from quotes.selectors import decided, lines
from quotes.selectors.counts import counted
from quotes.selectors.days import moment, months, soon

SHOWN = 10  # rows of the queue at a time
LOOKED_THROUGH = 500  # rows of the queue whose projects and people are proposed as filters


@dataclass
class Place:
    """`number` counts from 1. `earlier` and `later` lie just outside the rows shown."""

    line: Line | None = None
    number: int = 0
    rows: list[Line] = field(default_factory=list)
    previous: Line | None = None
    following: Line | None = None
    earlier: Line | None = None
    later: Line | None = None


def place(queue, wanted: Line | None, *, after: bool = False) -> Place:
    """The place of `wanted`, or of the line behind it: when it left the queue, or with `after`.

    Behind the last one stands the first. Without `wanted`: the first.
    """
    at = queue.filter(_before(wanted)).count() if wanted else 0
    if after and wanted and queue.filter(pk=wanted.pk).exists():
        at += 1
    return _around(queue, at) or _around(queue, 0) or Place()


def _around(queue, at: int) -> Place | None:
    start = at // SHOWN * SHOWN
    skipped = max(0, start - 1)  # one more on each side, for the neighbours
    found = list(queue[skipped : start + SHOWN + 1])
    if len(found) <= at - skipped:
        return None
    here = at - skipped
    last = start + SHOWN - skipped
    return Place(
        line=found[here],
        number=at + 1,
        rows=found[start - skipped : last],
        previous=found[here - 1] if here else None,
        following=found[here + 1] if here + 1 < len(found) else None,
        earlier=found[0] if start else None,
        later=found[last] if last < len(found) else None,
    )


def _before(line: Line) -> Q:
    """What stands before it in the order of `lines.to_decide`: by deadline, those without one last, then by id."""
    if line.validity_date is None:
        return Q(validity_date__isnull=False) | Q(validity_date=None, id__lt=line.pk)
    return Q(validity_date__lt=line.validity_date) | Q(validity_date=line.validity_date, id__lt=line.pk)


def counts(user, queue) -> dict[str, int]:
    """`shown` are those that the filters leave."""
    everything = lines.to_decide(user)
    start, end = soon()
    return counted(
        {
            "shown": queue,
            "to_decide": everything,
            "soon": everything.filter(validity_date__gte=start, validity_date__lt=end),
            "sent": on_their_way(),
            "decided": decided_this_month(user),
        }
    )


def last_decision(user, line: Line) -> Command | None:
    """The person's own newest on that line."""
    found = Command.objects.filter(line=line, actor=user, kind__in=DECISIONS)
    return found.select_related("line", "basket").order_by("-recorded_at").first()


def on_their_way():
    """Decisions whose end is not known yet, the oldest first."""
    commands = Command.objects.filter(kind__in=DECISIONS, state__in=states.PENDING)
    return commands.select_related("actor", "basket", "line__basket").order_by("recorded_at")


def decided_this_month(user):
    return decided.since(user, moment(months(1)[0]))


def proposed(user) -> tuple[list[str], list[tuple[str, str]]]:
    """Projects and (username, name) of people that the queue holds, to filter by."""
    owner = [f"basket__owner__{name}" for name in ("username", "first_name", "last_name")]
    rows = lines.to_decide(user).values_list("project_id", *owner)[:LOOKED_THROUGH]
    rows = list(rows)
    people = {username: f"{first} {last}".strip() or username for _project, username, first, last in rows if username}
    return sorted({row[0] for row in rows if row[0]}), sorted(people.items(), key=lambda pair: pair[1])

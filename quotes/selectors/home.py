"""What the home page lists: the few things that wait for one person, each group in one or two queries."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from quotes import states
from quotes.models import Basket, Command, Event, Line, SyncJob
from quotes.models.commands import Kind
from quotes.models.lines import NEEDED_TO_CONFIRM
from quotes.selectors import baskets, lines
from quotes.selectors.counts import counted
from quotes.selectors.days import URGENT, first_moment, soon

SHOWN = 7  # rows of a group
NOT_POSSIBLE_FOR = 14  # days that a line without an answer of use stays on the page
FAILED_FOR = timedelta(days=3)
FAILED = ("refused", "not_applied", "expired")
CREATES = (Kind.CREATE_BASKET, Kind.ADD_LINE)
LOOKED_THROUGH = 200  # newest events or nearest deadlines that are looked through for different baskets


def counts(user) -> dict[str, int]:
    """Every number of the page; each is what the list behind it counts."""
    to_decide = lines.to_decide(user)
    (start, end), (_start, urgent) = soon(), soon(URGENT)
    rows = {
        "drafts": baskets.listed(user).filter(state="acknowledged"),
        "to_finish": own_drafts(user),
        "waiting": lines.listed(user).filter(state="confirmed"),
        "to_decide": to_decide,
        "soon": to_decide.filter(validity_date__gte=start, validity_date__lt=end),
        "urgent": to_decide.filter(validity_date__gte=start, validity_date__lt=urgent),
        "not_possible": not_possible(user),
        "needs_person": Command.objects.filter(state="needs_person"),
    }
    return counted(rows)


def is_empty(user, n: dict[str, int]) -> bool:
    """Whether nothing was ever created or found: first use."""
    return not any(n.values()) and not baskets.listed(user).exists()


def own_commands(user) -> tuple[list[Command], list[Command]]:
    """The person's own: under way, and without an effect since a few days with nothing newer in their place."""
    newer = Command.objects.filter(
        Q(line=OuterRef("line")) | Q(line=None, basket=OuterRef("basket")) | Q(kind__in=CREATES),
        actor=user,
        kind=OuterRef("kind"),
        recorded_at__gt=OuterRef("recorded_at"),
    )
    failed = Q(state__in=FAILED, settled_at__gte=timezone.now() - FAILED_FOR) & ~Exists(newer)
    found = Command.objects.writes().filter(Q(state__in=states.PENDING) | failed, actor=user)
    found = list(found.select_related("basket", "line__basket").order_by("-recorded_at")[: 4 * SHOWN])
    return [c for c in found if c.is_pending], [c for c in found if not c.is_pending]


def jobs_in_trouble() -> list[SyncJob]:
    return list(SyncJob.objects.exclude(error="").order_by("name"))


def needs_person():
    waiting = Command.objects.filter(state="needs_person").select_related("actor", "basket", "line__basket")
    return waiting.order_by("recorded_at")[:SHOWN]


def own_drafts(user):
    """The person's own, then those that nobody here created; drafts of others are theirs to finish."""
    mine = baskets.listed(user).filter(Q(owner=user) | Q(owner=None), state="acknowledged", gone_at=None)
    return mine.order_by(F("owner").asc(nulls_last=True), F("creation_date").desc(nulls_last=True), "id")


def oldest_waiting(user):
    sent = baskets.listed(user).filter(state__in=("confirmed", "partial_ready"), gone_at=None)
    return sent.filter(Exists(Line.objects.filter(basket=OuterRef("pk"), state="confirmed", gone_at=None))).order_by(
        F("creation_date").asc(nulls_last=True), "id"
    )


def answered(user) -> list[Basket]:
    """Baskets with a price to review, the nearest deadline first."""
    nearest = lines.to_decide(user).prefetch_related(None).defer("payload", "search", "basket__payload")
    nearest = nearest.exclude(basket=None)[:LOOKED_THROUGH]
    return list({line.basket_id: line.basket for line in nearest}.values())[:SHOWN]


def not_possible(user):
    """Answered lately with "unable to provide": they need another idea."""
    recent = lines.listed(user).filter(state="unable_to_provide", response_date__gte=first_moment(-NOT_POSSIBLE_FOR))
    return recent.prefetch_related(None).order_by("-response_date", "id")


def with_lines(found: list[Basket]) -> None:
    """Give baskets what their rows say of their lines: one query for all of them.

    `created_on`, `total`, `gaps` (fields still needed), `incomplete` (lines that need them), `waiting`, `priced`,
    `first_deadline`, `wished` (the earliest answer date asked for, as the operator keeps it).
    """
    keys = [f"payload__{name}" for name in (*NEEDED_TO_CONFIRM, "expected_response_date")]
    rows = Line.objects.filter(basket__in=found, gone_at=None, is_void=False).order_by()
    of = defaultdict(list)
    for basket, *facts in rows.values_list("basket", "state", "validity_date", *keys):
        of[basket].append(facts)
    for basket in found:
        _describe(basket, of[basket.pk])


def _describe(basket, rows) -> None:
    gaps = [sum(not value for value in needed) for _state, _valid, *needed, _wished in rows]
    priced = [valid for state, valid, *_rest in rows if state == "ready"]
    basket.created_on = timezone.localtime(basket.creation_date).date() if basket.creation_date else None
    basket.total, basket.gaps, basket.incomplete = len(rows), sum(gaps), sum(map(bool, gaps))
    basket.waiting = sum(row[0] == "confirmed" for row in rows)
    basket.priced, basket.first_deadline = len(priced), min(filter(None, priced), default=None)
    basket.wished = min((str(row[-1]) for row in rows if row[0] == "confirmed" and row[-1]), default="")
    basket.shown_state = states.basket(basket.state, sum(not states.line(row[0]).final for row in rows))


def events(limit: int):
    return Event.objects.select_related("basket", "line", "command").order_by("-id")[:limit]


def news(user, seen: int) -> int:
    """How many things others did, or the synchronisation saw, since the event of that id."""
    return Event.objects.filter(pk__gt=seen).exclude(actor=user)[:100].count()


def recently_changed() -> list[Event]:
    """The newest event of each of the baskets (or lines without one) that moved last."""
    found = {}
    for event in events(LOOKED_THROUGH):
        if event.basket_id or event.line_id:
            found.setdefault(event.basket_id or event.line_id, event)
    return list(found.values())[:SHOWN]

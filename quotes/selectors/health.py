"""How fresh the mirrors are and whether the operator answers."""

from django.conf import settings
from django.core.cache import cache
from django.db.models import Subquery
from django.utils import timezone

from quotes import states
from quotes.models import Basket, Line, OperatorState, Rejected, SyncJob
from quotes.selectors.counts import Rows

LISTS = ("new_baskets", "all_baskets", "baskets")


def operator() -> OperatorState:
    return OperatorState.objects.get(pk=1)


def answers(state: OperatorState) -> bool | None:
    """True or False; None when nobody asked yet."""
    if state.failing_since:
        return False
    return True if state.answered_at else None


def frame(**counted) -> OperatorState:
    """What every page says around its content, in one query: the operator's row with `lists_read_at`, and how many rows
    each queryset of `counted` has, 100 at most, under its name."""
    read_at = Subquery(_list_times().order_by("-succeeded_at")[:1])
    counts = {name: Rows(rows, 100) for name, rows in counted.items()}
    return OperatorState.objects.annotate(lists_read_at=read_at, **counts).get(pk=1)


def outage(state: OperatorState) -> dict | None:
    """What the strip under the navigation says while the operator does not answer. `state` is a `frame`."""
    if not state.failing_since:
        return None
    next_try = state.open_until if state.open_until and state.open_until > timezone.now() else None
    return {"since": state.failing_since, "data_of": state.lists_read_at, "next_try": next_try}


def lists_read_at():
    """When a list of baskets was last read whole: what lists say of their age."""
    return max(_list_times(), default=None)


def _list_times():
    return SyncJob.objects.filter(name__in=LISTS).exclude(succeeded_at=None).values_list("succeeded_at", flat=True)


def list_interval() -> float:
    return settings.SYNC["discover"]


def unknown_states() -> list[tuple[str, str]]:
    """("lines", "on_hold"): states met at the operator that nobody documented; kept for a minute."""
    return cache.get_or_set("unknown-states", _unknown_states, 60)


def rejected() -> list[Rejected]:
    """The newest things that the operator sent and that could not be read."""
    return list(Rejected.objects.order_by("-seen_at")[:10])


def _unknown_states():
    return [
        (noun, state)
        for noun, model, known in (("baskets", Basket, states.BASKET), ("lines", Line, states.LINE))
        for state in model.objects.exclude(state__in=["", *known])
        .order_by("state")
        .values_list("state", flat=True)
        .distinct()[:10]
    ]

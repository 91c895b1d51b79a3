"""How fresh the mirrors are and whether the operator answers."""

from django.conf import settings
from django.utils import timezone

from quotes.models import OperatorState, SyncJob

LISTS = ("new_baskets", "all_baskets", "baskets")


def operator() -> OperatorState:
    return OperatorState.objects.get(pk=1)


def answers(state: OperatorState) -> bool | None:
    """True or False; None when nobody asked yet."""
    if state.failing_since:
        return False
    return True if state.answered_at else None


def outage() -> dict | None:
    """What the strip under the navigation says while the operator does not answer."""
    state = operator()
    if not state.failing_since:
        return None
    next_try = state.open_until if state.open_until and state.open_until > timezone.now() else None
    return {"since": state.failing_since, "data_of": lists_read_at(), "next_try": next_try}


def lists_read_at():
    """When a list of baskets was last read whole: what lists say of their age."""
    times = SyncJob.objects.filter(name__in=LISTS).exclude(succeeded_at=None).values_list("succeeded_at", flat=True)
    return max(times, default=None)


def list_interval() -> float:
    return settings.SYNC["discover"]

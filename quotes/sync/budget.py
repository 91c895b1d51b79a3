"""Whether a call may go out now: the operator's own pause, the circuit breaker, and the budget of the background.

One database row, so that it holds for all processes and without Redis. A person's call waits for nobody: it goes out
during a pause too, because the person should hear from the operator what is the matter.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from quotes.covage import Call, CovageUnavailable
from quotes.models import OperatorState
from quotes.sync.claims import ahead

FAILURES_TO_OPEN = 3
LONGEST_OPEN = timedelta(minutes=2)
USUAL_PAUSE = timedelta(minutes=1)  # when the operator does not say how long
LONGEST_PAUSE = timedelta(hours=1)  # what the client makes of any Retry-After
LONGEST_TURN = timedelta(seconds=20)  # that a background call waits for its turn before it gives up


def _row():
    return OperatorState.objects.filter(pk=1)


class DatabaseGate:
    """`quotes.covage.Gate` over the one row of OperatorState."""

    def enter(self, call: Call) -> None:
        if call.urgent:
            return
        state = OperatorState.objects.get(pk=1)
        closed = max(ahead(state.paused_until, LONGEST_PAUSE), ahead(state.open_until, _longest_open()))
        if closed:
            raise held_back(closed)
        if call.kind != "token":
            _take_turn()

    def leave(self, call: Call, *, ok: bool, status=None, retry_after=None) -> None:
        if retry_after is not None:
            pause = timedelta(seconds=retry_after) or USUAL_PAUSE / settings.SYNC_SPEED
            _row().update(paused_until=timezone.now() + pause)
        if not (ok or (status and status < 500)):
            _failed(f"HTTP {status}" if status else "no answer")
        elif call.kind != "token":  # a token is no sign that the rest answers
            _answered()


def held_back(seconds: float) -> CovageUnavailable:
    error = CovageUnavailable("held back")
    error.retry_after = seconds
    return error


def _take_turn() -> None:
    """Wait for this call's place in the queue of the background: one call every 1/COVAGE_REQUESTS_PER_SECOND."""
    gap = timedelta(seconds=1 / settings.COVAGE_REQUESTS_PER_SECOND)
    for _ in range(50):
        planned = OperatorState.objects.values_list("next_call_at", flat=True).get(pk=1)
        wait = ahead(planned, LONGEST_TURN + gap)
        if wait > LONGEST_TURN.total_seconds():
            raise held_back(wait)
        turn = planned if wait else timezone.now()
        if _row().filter(next_call_at=planned).update(next_call_at=turn + gap):
            time.sleep(wait)
            return
    raise held_back(1)


def _answered() -> None:
    now = timezone.now()
    calm = _row().filter(failures=0, failing_since=None, answered_at__gt=now - timedelta(seconds=10))
    if not calm.exists():
        _row().update(failures=0, failing_since=None, open_until=None, answered_at=now, last_error="")


def _failed(reason: str) -> None:
    now = timezone.now()
    _row().filter(failing_since=None).update(failing_since=now)
    _row().update(failures=F("failures") + 1, last_error=reason[:200])
    failures = OperatorState.objects.values_list("failures", flat=True).get(pk=1)
    if failures >= FAILURES_TO_OPEN:
        doublings = min(failures - FAILURES_TO_OPEN, 10)
        open_for = timedelta(seconds=settings.SYNC["breaker"] * 2**doublings)
        _row().update(open_until=now + min(open_for, _longest_open()))


def _longest_open() -> timedelta:
    return LONGEST_OPEN / settings.SYNC_SPEED

"""Reading what may have moved: each basket when it is due, and of its lines those that can still change.

Cost follows activity. How often a basket is read is decided in `interval`, and nowhere else.
"""

import random
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from quotes import states
from quotes.covage import CovageClient, CovageError, CovageNotFound, CovageUnavailable
from quotes.models import Basket, Line
from quotes.sync import store
from quotes.sync.asked import Asked

ACTIVE_FOR = timedelta(minutes=10)
BATCH = 20
CLAIM = timedelta(seconds=60)


def interval(basket: Basket) -> float | None:
    """Seconds until the basket is read again; None when nothing can change any more."""
    sync = settings.SYNC
    if basket.is_gone:
        return None
    if states.basket(basket.state).final and not store.open_lines(basket):
        return sync["closed"]
    if basket.active_at and timezone.now() - basket.active_at < ACTIVE_FOR:
        return sync["hot"]
    return sync["draft"] if basket.state == "acknowledged" else sync["warm"]


def due_baskets(client: CovageClient, tally) -> None:
    """Read the baskets that are due, the most overdue first."""
    for pk in list(_due().order_by("due_at").values_list("pk", flat=True)[:BATCH]):
        basket = _claim(pk)
        if basket is None:
            continue
        try:
            _watch(client, basket, tally)
        except CovageUnavailable:
            _reschedule(basket)
            raise
        except CovageError:
            tally.rejected += 1
        _reschedule(basket)


def orphans(client: CovageClient, tally) -> None:
    """Lines whose basket is not known: read one by one those that can still change."""
    old = timezone.now() - timedelta(seconds=settings.SYNC["warm"])
    final = [value for value, state in states.LINE.items() if state.final]
    lost = Line.objects.filter(basket=None, gone_at=None).exclude(remote_id=None)
    lost = lost.filter(Q(read_at=None) | Q(read_at__lt=old)).exclude(state__in=final, read_at__isnull=False)
    for line in lost.order_by(F("read_at").asc(nulls_first=True))[:BATCH]:
        try:
            read_line(client, line)
            tally.seen += 1
        except CovageUnavailable:
            raise
        except CovageError:
            tally.rejected += 1


def all_due(client: CovageClient, tally) -> None:
    """Until nothing is due: for the command line."""
    while _due().exists():
        due_baskets(client, tally)


def read_basket(client: CovageClient, basket: Basket) -> Basket:
    """Read one basket and its lines now. Raises CovageError."""
    asked = Asked.now()
    try:
        answer = client.get_basket(basket.remote_id)
    except CovageNotFound:
        store.missing(basket, asked, settings.SYNC["gone"])
        raise
    basket = store.basket(answer, asked)
    for remote_id in answer.line_ids:
        if not Line.objects.filter(remote_id=remote_id).exists():
            _read_new_line(client, remote_id, basket)
    for line in lines_to_read(basket):
        read_line(client, line)
    return basket


def read_line(client: CovageClient, line: Line) -> Line:
    """Read one line now; a 404 is noted and the line returned as it stands. Raises CovageError."""
    asked = Asked.now()
    try:
        answer = client.get_line(line.remote_id)
    except CovageNotFound:
        store.missing(line, asked, settings.SYNC["gone"])
        line.refresh_from_db()
        return line
    return store.line(answer, asked)


def lines_to_read(basket: Basket):
    """Lines whose detail can still differ from ours: never read, or not in a final state."""
    final = [value for value, state in states.LINE.items() if state.final and value != "refused"]
    closed = Q(state__in=final)
    if states.basket(basket.state).final:
        closed |= Q(state="refused")
    return basket.lines.filter(gone_at=None).exclude(remote_id=None).exclude(closed, read_at__isnull=False)


def wake(basket: Basket | None) -> None:
    """Have the basket read next: somebody acted on it, or a list showed that it moved."""
    if basket is not None:
        Basket.objects.filter(pk=basket.pk).update(due_at=timezone.now())


def looked_at(basket: Basket | None) -> None:
    """Somebody has it on the screen: read it often for a while. One small write a minute at most."""
    now = timezone.now()
    if basket is None or (basket.active_at and now - basket.active_at < timedelta(minutes=1)):
        return
    soon = now + timedelta(seconds=settings.SYNC["hot"])
    Basket.objects.filter(pk=basket.pk).update(active_at=now)
    if interval(basket) != settings.SYNC["closed"]:
        Basket.objects.filter(Q(due_at=None) | Q(due_at__gt=soon), pk=basket.pk).update(due_at=soon)


def _due():
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return Basket.objects.filter(free, due_at__lte=now, gone_at=None).exclude(remote_id=None)


def _claim(pk) -> Basket | None:
    won = _due().filter(pk=pk).update(claimed_until=timezone.now() + CLAIM)
    return Basket.objects.get(pk=pk) if won else None


def _watch(client, basket, tally):
    revision = basket.revision
    try:
        basket = read_basket(client, basket)
    except CovageNotFound:
        return
    tally.seen += 1
    tally.changed += basket.revision != revision


def _read_new_line(client, remote_id, basket):
    asked = Asked.now()
    try:
        store.line(client.get_line(remote_id), asked, basket=basket)
    except CovageNotFound:
        return


def _reschedule(basket):
    basket = Basket.objects.get(pk=basket.pk)
    seconds = interval(basket)
    if basket.missing_since and not basket.gone_at:
        seconds = settings.SYNC["gone"]
    jitter = random.uniform(0.9, 1.1)  # noqa: S311  spreads the load, guards nothing
    due = timezone.now() + timedelta(seconds=seconds * jitter) if seconds else None
    Basket.objects.filter(pk=basket.pk).update(claimed_until=None, due_at=due)

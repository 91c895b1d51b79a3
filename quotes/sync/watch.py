"""Reading what may have moved: each basket when it is due, and of its lines those that can still change.

Cost follows activity. How often a basket is read is decided in `interval`, and nowhere else.
"""

import random
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from quotes import states
from quotes.covage import CovageAuthFailed, CovageClient, CovageError, CovageNotFound, CovageUnavailable
from quotes.models import Basket, Line
from quotes.sync import quarantine, store
from quotes.sync.asked import Asked
from quotes.sync.claims import free
from quotes.sync.jobs import Tally

ACTIVE_FOR = timedelta(minutes=10)
BATCH = 20
CLAIM = timedelta(minutes=2)  # longer than a whole run of the job

_OLDEST_FIRST = F("read_at").asc(nulls_first=True)


def interval(basket: Basket) -> float | None:
    """Seconds until the basket is read again; None when nothing can change any more."""
    sync = settings.SYNC
    if basket.is_gone:
        return None
    usual = usual_interval(basket)
    is_watched = basket.active_at and timezone.now() - basket.active_at < ACTIVE_FOR
    return sync["hot"] if is_watched and usual != sync["closed"] else usual


def usual_interval(basket: Basket) -> float:
    """… when nobody looks: by this a reading counts as fresh or old, or each first look would call it old."""
    sync = settings.SYNC
    if states.basket(basket.state).final and not store.open_lines(basket):
        return sync["closed"]
    return sync["draft"] if basket.state == "acknowledged" else sync["warm"]


def due_baskets(
    client: CovageClient, tally: Tally, *, before: datetime | None = None, most: int | None = BATCH
) -> None:
    """Read the baskets that are due (`before` then), those in which people act before the others."""
    looked_at = Case(When(active_at__gt=timezone.now() - ACTIVE_FOR, then=Value(0)), default=Value(1))
    for pk in list(_due(before).order_by(looked_at, "due_at").values_list("pk", flat=True)[:most]):
        if tally.is_late():
            return
        basket = _claim(pk)
        if basket:
            _watch(client, basket, tally)


def orphans(client: CovageClient, tally: Tally) -> None:
    """Lines whose basket is not known: read one by one those that can still change."""
    old = timezone.now() - timedelta(seconds=settings.SYNC["warm"])
    lost = Line.objects.filter(Q(read_at=None) | Q(read_at__lt=old) | Q(is_stale=True), basket=None)
    _read_lines(client, _can_change(lost, states.FINAL_LINES).order_by(_OLDEST_FIRST)[:BATCH], tally)


def wake_all() -> None:
    """Have every basket read in which something can still change."""
    here = Basket.objects.filter(gone_at=None).exclude(remote_id=None)
    here.exclude(state__in=states.FINAL_BASKETS).update(due_at=timezone.now())


def read_basket(client: CovageClient, basket: Basket) -> Basket:
    """Read one basket and its lines now. Raises CovageError; that of a single line when the others are done."""
    tally = Tally()
    basket = _read(client, basket, tally)
    if tally.failure:
        raise tally.failure
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
    return store.line(answer, asked, into=line)


def lines_to_read(basket: Basket):
    """Lines whose detail can still differ from ours: never read, told of by a list, or not in a final state."""
    is_over = states.basket(basket.state).final
    return _can_change(basket.lines, [state for state in states.FINAL_LINES if is_over or state != "refused"])


def wake(basket: Basket | None) -> None:
    """Have the basket read next: somebody acted on it, or a list showed that it moved.

    It may fail while the database is locked: it is read later then, and what was done is done.
    """
    if basket is not None:
        with suppress(OperationalError):
            Basket.objects.filter(pk=basket.pk).update(due_at=timezone.now())


def looked_at(basket: Basket | None) -> None:
    """Somebody has it on the screen: read it often for a while. One small write a minute at most.

    It may fail: that a page can be read is worth more than the note that somebody does.
    """
    now = timezone.now()
    if basket is None or (basket.active_at and now - basket.active_at < timedelta(minutes=1)):
        return
    soon = now + timedelta(seconds=settings.SYNC["hot"])
    with suppress(OperationalError):
        Basket.objects.filter(pk=basket.pk).update(active_at=now)
        if interval(basket) != settings.SYNC["closed"]:
            Basket.objects.filter(Q(due_at=None) | Q(due_at__gt=soon), pk=basket.pk).update(due_at=soon)


def _can_change(lines, closed_states):
    closed = Q(state__in=closed_states, read_at__isnull=False, is_stale=False)
    return lines.filter(gone_at=None).exclude(remote_id=None).exclude(closed)


def _due(before: datetime | None = None):
    due = Q(due_at__lte=before or timezone.now())
    return Basket.objects.filter(free("claimed_until", CLAIM), due, gone_at=None).exclude(remote_id=None)


def _claim(pk) -> Basket | None:
    won = _due().filter(pk=pk).update(claimed_until=timezone.now() + CLAIM)
    return Basket.objects.get(pk=pk) if won else None


def _watch(client: CovageClient, basket: Basket, tally: Tally) -> None:
    is_read = False
    try:
        with _one(tally, "basket", basket.remote_id):
            tally.changed += _read(client, basket, tally).revision != basket.revision
            tally.seen += 1
            is_read = True
    finally:
        _reschedule(basket, is_read)


def _read(client: CovageClient, basket: Basket, tally: Tally) -> Basket:
    """The basket, then its lines: those that were read longest ago first, as far as the time goes."""
    asked = Asked.now()
    try:
        answer = client.get_basket(basket.remote_id)
    except CovageNotFound:
        store.missing(basket, asked, settings.SYNC["gone"])
        _read_lines(client, lines_to_read(basket), tally)
        raise
    basket = store.basket(answer, asked, into=basket)
    for raw in answer.rejected:
        quarantine.put_aside(tally, "lines", raw, "no usable id")
    _read_new_lines(client, basket, answer.line_ids, tally)
    _read_lines(client, lines_to_read(basket).order_by(_OLDEST_FIRST), tally)
    return basket


def _read_new_lines(client: CovageClient, basket: Basket, remote_ids: list[str], tally: Tally) -> None:
    """Lines of which the basket gave the id alone."""
    known = set(Line.objects.filter(remote_id__in=remote_ids).values_list("remote_id", flat=True))
    for remote_id in dict.fromkeys(remote_ids):
        if remote_id in known:
            continue
        if tally.is_late():
            return
        with _one(tally, "line", remote_id):
            asked = Asked.now()
            store.line(client.get_line(remote_id), asked, basket=basket)


def _read_lines(client: CovageClient, lines, tally: Tally) -> None:
    for line in lines:
        if tally.is_late():
            return
        with _one(tally, "line", line.remote_id):
            read_line(client, line)


@contextmanager
def _one(tally: Tally, what: str, remote_id: str):
    """Reading one thing: what is wrong with it alone is put aside, the next one follows. A 404 is noted elsewhere."""
    try:
        with quarantine.guard(tally, what, remote_id):
            yield
    except CovageNotFound:
        return
    except CovageError as error:
        if _concerns_all(error):
            raise
        tally.failure = tally.failure or error
        quarantine.put_aside(tally, what, error.body or remote_id, str(error))


def _concerns_all(error: CovageError) -> bool:
    """Silence, a pause and refused credentials; any other answer concerns only what was asked for."""
    is_silent = isinstance(error, CovageUnavailable) and error.status is None
    return is_silent or error.retry_after is not None or isinstance(error, CovageAuthFailed)


def _reschedule(claimed: Basket, is_read: bool) -> None:
    """By the holder of the claim; a basket that was woken meanwhile stays due."""
    basket = Basket.objects.get(pk=claimed.pk)
    seconds = interval(basket)
    if basket.missing_since and seconds:
        seconds = settings.SYNC["gone"]
    elif not is_read and seconds:
        seconds = min(seconds, settings.SYNC["warm"])
    jitter = random.uniform(1, 1.2)  # noqa: S311  spreads the load, guards nothing
    due = timezone.now() + timedelta(seconds=seconds * jitter) if seconds else None
    ours = Basket.objects.filter(pk=claimed.pk, claimed_until=claimed.claimed_until)
    ours.filter(due_at=claimed.due_at).update(due_at=due)
    ours.update(claimed_until=None)

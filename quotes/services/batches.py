"""Many acts as one job: item after item, through the same services as single acts, resumable and never doubled.

A kind of batch registers one function that does one item (`does`). The row is the truth: an item's nonce finds the
command that a dead process made for it, and a batch goes on where it was. Nothing here calls the operator itself.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from quotes import states
from quotes.errors import Invalid, NotAllowed, NotPossible
from quotes.models import Batch, BatchItem, Command, Event
from quotes.sync.claims import free

LONGEST = timedelta(minutes=3)  # an item ends within the operator's total timeout; more means that the worker died
AT_ONCE = 5  # batches looked at in one run
DOUBTS = 3  # items under way or in doubt at once; more, and the batch waits for them

Act = Callable[[BatchItem], Command | None]
_ACTS: dict[str, Act] = {}


class NotYet(Exception):
    """What the item needs first is still under way: the batch comes back to it."""


def does(kind: str) -> Callable[[Act], Act]:
    """Register how one item of this kind is done. It hands over to a service with `item.nonce` and returns the command.

    It may raise NotYet, Invalid (kept at the item), NotPossible or NotAllowed (the item is skipped, with the reason).
    """

    def register(function: Act) -> Act:
        _ACTS[kind] = function
        return function

    return register


def make(*, actor, kind: str, nonce: str, items=(), start: bool = True, **fields) -> Batch:
    """A batch with its items (unsaved BatchItem rows, or dicts of their fields), numbered from 1 unless they say
    otherwise; the same form twice is one batch."""
    found = Batch.objects.filter(nonce=nonce, actor=actor, kind=kind).first()
    if found:
        return found
    try:
        with transaction.atomic():
            batch = Batch.objects.create(actor=actor, kind=kind, nonce=nonce, **fields)
            add_items(batch, items)
            if start:
                begin(batch)
    except IntegrityError:
        return Batch.objects.get(nonce=nonce, actor=actor, kind=kind)
    return batch


def add_items(batch: Batch, items) -> None:
    rows = [BatchItem(batch=batch, **{"position": n, **fields}) for n, fields in enumerate(items, 1)]
    BatchItem.objects.bulk_create(rows, batch_size=500)


def begin(batch: Batch) -> None:
    """From here on things are sent. Raises NotPossible when it is not being prepared any more."""
    now = timezone.now()
    _move(batch, ("draft",), "running", started_at=now, due_at=now)


def stop(batch: Batch, actor) -> None:
    """The item that is being done is finished; no further one begins."""
    _move(batch, ("running",), "stopped", by=actor, due_at=None)


def resume(batch: Batch, actor) -> None:
    _move(batch, ("stopped",), "running", by=actor, due_at=timezone.now(), ended_at=None)


def run_due(tally) -> None:
    """Go on with the batches that are due, until the run has lasted long enough."""
    due = Batch.objects.filter(free("claimed_until", LONGEST), state="running", due_at__lte=timezone.now())
    for batch in due.order_by("due_at")[:AT_ONCE]:
        if due.filter(pk=batch.pk).update(claimed_until=timezone.now() + LONGEST):
            try:
                _go_on(batch, tally)
            finally:
                _let_go(batch)
        if tally.is_late():
            return


def _go_on(batch: Batch, tally) -> None:
    while not tally.is_late() and _is_ours(batch):
        item = batch.items.filter(state="waiting").select_related("line__basket", "batch__actor").first()
        if item is None:
            _end(batch)
            return
        if _in_doubt(batch) >= DOUBTS or not _did(item):
            return
        tally.seen += 1
        tally.changed += 1


def _is_ours(batch: Batch) -> bool:
    """Still running, and claimed for the next item."""
    claimed = Batch.objects.filter(pk=batch.pk, state="running")
    return bool(claimed.update(claimed_until=timezone.now() + LONGEST))


def _in_doubt(batch: Batch) -> int:
    return batch.items.filter(command__state__in=states.MOVING).count()


def _did(item: BatchItem) -> bool:
    """Do one item; False when it has to wait."""
    try:
        command = _ACTS[item.batch.kind](item)
    except NotYet:
        return False
    except Invalid as error:
        _settle(item, "invalid", errors=error.errors)
    except NotPossible as error:
        if error.reason == "under_way":
            return False
        _settle(item, "skipped", reason=error.reason)
    except NotAllowed:
        _settle(item, "skipped", reason="right_lost")
    else:
        _settle(item, "done", command=command)
    return True


def _settle(item: BatchItem, state: str, **facts) -> None:
    BatchItem.objects.filter(pk=item.pk, state="waiting").update(state=state, **facts)


def _end(batch: Batch) -> None:
    """Finished when nothing of it is under way; what needs a person is that person's."""
    if not _in_doubt(batch):
        _move(batch, ("running",), "done", ended_at=timezone.now(), due_at=None)


def _let_go(batch: Batch) -> None:
    again = timezone.now() + timedelta(seconds=settings.SYNC["command"])
    Batch.objects.filter(pk=batch.pk).update(claimed_until=None)
    Batch.objects.filter(pk=batch.pk, state="running").update(due_at=again)


def _move(batch: Batch, before, state: str, *, by=None, **facts) -> None:
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state__in=before).update(state=state, **facts):
            batch.refresh_from_db()
            raise NotPossible("state")
        about = {"batch": str(batch.pk), "batch_kind": batch.kind}
        Event.add(f"batch_{state}", actor=by or batch.actor, basket=batch.basket, **about)
    batch.refresh_from_db()

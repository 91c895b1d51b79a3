"""The only writer of the mirrors: one function a resource, whoever asked.

A field that an answer lacks leaves the stored value alone; an answer that was asked before the last change of a row is
dropped; a row that did not change is not written, but for the time of the reading.
"""

import logging
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from quotes import covage, states
from quotes.models import Basket, Event, Line, Revision
from quotes.sync import offers
from quotes.sync.asked import Asked
from quotes.sync.facts import columns, differ, merged, moment

__all__ = ["basket", "line", "moment", "new_basket", "new_line", "named", "void", "missing", "deleted"]
__all__ += ["trace_removed", "touch", "open_lines"]

MANY = 20  # missing at once, and a tenth of all: a fault there or a wrong account, no deletions

log = logging.getLogger(__name__)


def basket(answer: covage.Basket, asked: Asked, *, into: Basket | None = None, detail: bool = True) -> Basket:
    """Make the mirror say what the operator said of a basket, and of the lines that the answer holds.

    `into`: the row that stands for it, also when a create made it before the operator's id was known. `detail`: it was
    asked for by id.
    """
    row = _unchanged(Basket, answer, asked, into, detail) or _changed(Basket, answer, asked, into, None, detail)
    received = {item.id: item for item in answer.lines or []}
    known = {found.remote_id: found for found in Line.objects.filter(remote_id__in=received)} if received else {}
    for remote_id, item in received.items():
        if differ(known.get(remote_id), item):
            line(item, asked, basket=row, detail=False)
    if answer.line_ids:
        Line.objects.filter(basket=None, remote_id__in=answer.line_ids).update(basket=row)
    return row


def line(
    answer: covage.Line, asked: Asked, *, into: Line | None = None, basket: Basket | None = None, detail: bool = True
) -> Line:
    """Make the mirror say what the operator said of a line; its offers too when it was asked for by id."""
    if basket is None and answer.basket_id:
        basket = Basket.objects.filter(remote_id=answer.basket_id).first()
    row = _unchanged(Line, answer, asked, into, detail)
    if row and (row.basket_id or not basket):
        return row
    return _changed(Line, answer, asked, into, basket, detail)


def new_basket(*, external_id: str, project_id: str, owner) -> Basket:
    """A basket that a person asks for, before the operator's answer is known."""
    row = Basket(wished_external_id=external_id, project_id=project_id, owner=owner)
    row.index()
    row.save()
    return row


def new_line(*, basket: Basket, external_id: str, fields: dict) -> Line:
    """A line that a person asks for, before the operator's answer is known. `fields` as they are sent."""
    row = Line(basket=basket, wished_external_id=external_id)
    for name in ("end_customer_name", "customer_order_name", "business_sector", "project_id"):
        setattr(row, name, fields.get(name, ""))
    row.index()
    row.save()
    return row


def named(row: Basket | Line, external_id: str) -> None:
    """The external id that a create is about to carry: an answer read later with this name belongs to this row."""
    row.external_id = external_id
    row.index()
    row.save(update_fields=["external_id", "external_key", "search"])


def void(row: Basket | Line) -> None:
    """The create of this row had no effect."""
    type(row).objects.filter(pk=row.pk, remote_id=None).update(is_void=True)


def missing(row: Basket | Line, asked: Asked, gap_seconds: float) -> None:
    """A reading by id answered 404. The second one, far enough from the first, marks the row gone.

    Unless very many are missing: then none is marked, because people would lose sight of things that are there.
    """
    with _writing() as revision:
        row = _locked(row)
        if asked.is_older_than(row):
            return
        if row.missing_since is None:
            type(row).objects.filter(pk=row.pk).update(missing_since=asked.at)
        elif (asked.at - row.missing_since).total_seconds() >= gap_seconds and not _many_missing(type(row)):
            _gone(row, revision)


def deleted(row: Line) -> None:
    """The operator confirmed our own delete."""
    with _writing() as revision:
        _gone(_locked(row), revision)


def trace_removed(row: Line) -> None:
    """The operator confirmed that the line has no trace any more."""
    with _writing() as revision:
        row = _locked(row)
        row.payload["trace_file"] = ""
        row.revision = revision
        row.save(update_fields=["payload", "revision"])


def touch(row: Basket | Line) -> None:
    """A write on this row begins or ended: answers that were asked before it no longer count."""
    with _writing() as revision:
        type(row).objects.filter(pk=row.pk).update(revision=revision)


def open_lines(row: Basket) -> int:
    return row.lines.filter(gone_at=None).exclude(state__in=states.FINAL_LINES).count()


@contextmanager
def _writing():
    """One transaction that changes mirrors, one at a time; gives the number that its rows take."""
    with transaction.atomic():
        yield Revision.next()


def _locked(row):
    return type(row).objects.select_for_update(no_key=True).get(pk=row.pk)


def _unchanged(model, answer, asked, into, detail) -> Basket | Line | None:
    """The row, if it says all this already; only the time of the reading is written then."""
    row = model.objects.filter(**({"pk": into.pk} if into else {"remote_id": answer.id})).first()
    if row is None or not _is_of(row, answer) or differ(row, answer, detail) or (detail and row.is_stale):
        return None
    if detail and not asked.is_older_than(row):
        row.read_at = asked.at
        model.objects.filter(pk=row.pk).update(read_at=asked.at)
    return row


def _changed(model, answer, asked, into, basket, detail) -> Basket | Line:
    with _writing() as revision:
        row = _locked(into) if into else _row(model, answer, basket)
        if asked.is_older_than(row):
            return row
        if not _is_of(row, answer):
            _take_over(row, answer.id)
        if basket and not row.basket_id:
            row.basket = basket
        _apply(row, answer, asked, revision, detail)
        return row


def _is_of(row, answer) -> bool:
    return (row.remote_id or "").casefold() == answer.id.casefold()


def _row(model, answer, basket):
    """The row of the operator's object: known by its id, or waiting under the name that our create carried, or new."""
    rows = model.objects.select_for_update(no_key=True)
    known = rows.filter(remote_id=answer.id).first()
    if known or not answer.external_id:
        return known or model(remote_id=answer.id)
    waiting = rows.filter(remote_id=None, external_id=answer.external_id)
    if model is Line:
        waiting = waiting.filter(basket=basket)
    return waiting.order_by("is_void", "-added_at").first() or model(remote_id=answer.id)


def _take_over(row, remote_id: str) -> None:
    """The row of our create becomes the operator's object, also when a list made another row for it meanwhile."""
    for other in type(row).objects.filter(remote_id=remote_id):
        if isinstance(row, Basket):
            other.lines.update(basket=row)
        nameless = {"remote_id": None, "external_id": "", "external_key": "", "is_void": True}
        type(row).objects.filter(pk=other.pk).update(**nameless)
    row.remote_id = remote_id


def _apply(row, answer, asked, revision, detail):
    is_new, old_state, old_payload = not row.payload, row.state, row.payload
    row.payload = merged(row.payload, answer.raw, detail)
    for name, value in columns(row, answer).items():
        setattr(row, name, value)
    row.missing_since, row.gone_at, row.is_void = None, None, False
    row.is_stale = not detail and (row.is_stale or row.payload != old_payload)
    if detail:
        row.read_at = asked.at
    row.revision = revision
    row.index()
    row.save()
    _tell(row, is_new, old_state)
    # The offers repeat what the payload holds; the page shows unrecognised prices from there.
    if isinstance(row, Line) and detail and answer.has("prices"):
        offers.store(row, answer.offers)


def _tell(row, is_new, old_state):
    noun = "basket" if isinstance(row, Basket) else "line"
    if is_new:
        Event.add(f"{noun}_found", **{noun: row}, state=row.state)
    elif old_state != row.state:
        Event.add(f"{noun}_state", **{noun: row}, old=old_state, new=row.state)


def _gone(row, revision):
    if row.gone_at:
        return
    row.gone_at, row.revision = timezone.now(), revision
    row.save(update_fields=["gone_at", "revision"])
    Event.add("gone", **{type(row).__name__.lower(): row})


def _many_missing(model) -> bool:
    here = model.objects.filter(gone_at=None).exclude(remote_id=None)
    count = here.exclude(missing_since=None).count()
    if count <= MANY or count * 10 <= here.count():
        return False
    log.warning("so many are missing at once that none is marked gone", extra={"kind": model.__name__, "count": count})
    return True

"""The only writer of the mirrors: one function a resource, whoever asked (DESIGN section 4).

A field that an answer lacks leaves the stored value alone; an answer that was asked before the last change of a row is
dropped; a row that did not change is not written, but for the time of the reading.
"""

import json
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from quotes import covage, states
from quotes.models import Basket, Event, Line, Offer, Revision
from quotes.sync.asked import Asked

PARIS = ZoneInfo("Europe/Paris")

BASKET_TEXTS = ("external_id", "project_id", "state")
BASKET_DATES = ("quote_date", "creation_date")
LINE_TEXTS = (
    "reference",
    "external_id",
    "end_customer_name",
    "customer_order_name",
    "business_sector",
    "project_id",
    "state",
)
LINE_DATES = ("creation_date", "quote_date", "response_date", "validity_date")


@transaction.atomic
def basket(answer: covage.Basket, asked: Asked, *, into: Basket | None = None, detail: bool = True) -> Basket:
    """Make the mirror say what the operator said of a basket, and of the lines that the answer holds.

    `into`: the row that a create made before the operator's id was known. `detail`: it was asked for by id.
    """
    row = Basket.objects.select_for_update().get(pk=(into or _row(Basket, answer)).pk)
    if not asked.is_older_than(row):
        _apply(row, answer, asked, BASKET_TEXTS, BASKET_DATES, detail)
    for item in answer.lines or []:
        line(item, asked, basket=row, detail=False)
    Line.objects.filter(basket=None, remote_id__in=answer.line_ids).update(basket=row)
    return row


@transaction.atomic
def line(
    answer: covage.Line, asked: Asked, *, into: Line | None = None, basket: Basket | None = None, detail: bool = True
) -> Line:
    """Make the mirror say what the operator said of a line; its offers too when the answer carries prices."""
    basket = basket or Basket.objects.filter(remote_id=answer.basket_id or None).first()
    row = Line.objects.select_for_update().get(pk=(into or _row(Line, answer, basket)).pk)
    if asked.is_older_than(row):
        return row
    row.basket = row.basket or basket
    _apply(row, answer, asked, LINE_TEXTS, LINE_DATES, detail)
    if answer.has("prices"):
        _offers(row, answer.offers)
    return row


def differs(row: Basket | Line | None, answer) -> bool:
    """Whether an answer says anything that the row does not say already."""
    return row is None or not row.revision or row.is_gone or {**row.payload, **plain(answer.raw)} != row.payload


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
    """A reading by id answered 404. The second one, far enough from the first, marks the row gone."""
    with transaction.atomic():
        row = type(row).objects.select_for_update().get(pk=row.pk)
        if asked.is_older_than(row) or row.gone_at:
            return
        if row.missing_since is None:
            type(row).objects.filter(pk=row.pk).update(missing_since=asked.at)
        elif (asked.at - row.missing_since).total_seconds() >= gap_seconds:
            _gone(row)


def deleted(row: Line) -> None:
    """The operator confirmed our own delete."""
    with transaction.atomic():
        _gone(Line.objects.select_for_update().get(pk=row.pk))


def trace_removed(row: Line) -> None:
    """The operator confirmed that the line has no trace any more."""
    with transaction.atomic():
        row = Line.objects.select_for_update().get(pk=row.pk)
        row.payload["trace_file"] = ""
        row.revision = Revision.next()
        row.save(update_fields=["payload", "revision"])


def touch(row: Basket | Line) -> None:
    """A write on this row begins or ended: answers that were asked before it no longer count."""
    with transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(revision=Revision.next())


def assign(row: Line, basket: Basket) -> None:
    """The basket of an orphan was found."""
    Line.objects.filter(pk=row.pk, basket=None).update(basket=basket)


def _gone(row):
    row.gone_at, row.revision = timezone.now(), Revision.next()
    row.save(update_fields=["gone_at", "revision"])
    Event.add("gone", **{type(row).__name__.lower(): row})


def _row(model, answer, basket=None):
    """The row of the operator's object: known by its id, or waiting under the name that our create carried, or new."""
    known = model.objects.filter(remote_id=answer.id).first()
    if known:
        return known
    waiting = model.objects.filter(remote_id=None, external_id=answer.external_id).exclude(external_id="")
    if model is Line:
        waiting = waiting.filter(basket=basket)
    return waiting.first() or model.objects.create(remote_id=answer.id)


def _apply(row, answer, asked, texts, dates, detail):
    is_new, old_state = not row.payload, row.state
    before = _facts(row, texts, dates)
    row.remote_id = answer.id
    # `prices` is kept by the offers too, but the page shows what was received, so the whole answer stays.
    row.payload = {**row.payload, **plain(answer.raw)}
    for name in texts:
        if answer.has(name):
            setattr(row, name, getattr(answer, name)[: row._meta.get_field(name).max_length])
    for name in dates:
        if answer.has(name):
            setattr(row, name, moment(getattr(answer, name)))
    if isinstance(row, Line) and answer.site:
        row.site = answer.site[:500]
    row.missing_since, row.gone_at, row.is_void = None, None, False
    if detail:
        row.read_at = asked.at
    _write(row, before != _facts(row, texts, dates), detail)
    _tell(row, is_new, old_state)


def _facts(row, texts, dates):
    return [row.remote_id, row.payload, row.gone_at, row.missing_since, getattr(row, "basket_id", None)] + [
        getattr(row, name) for name in (*texts, *dates)
    ]


def _write(row, changed, detail):
    if changed or not row.revision:
        row.index()
        row.revision = Revision.next()
        row.save()
    elif detail:
        type(row).objects.filter(pk=row.pk).update(read_at=row.read_at)


def _tell(row, is_new, old_state):
    noun = "basket" if isinstance(row, Basket) else "line"
    if is_new:
        Event.add(f"{noun}_found", **{noun: row}, state=row.state)
    elif old_state != row.state:
        Event.add(f"{noun}_state", **{noun: row}, old=old_state, new=row.state)


def _offers(row: Line, offers):
    known = {offer.product_id: offer for offer in row.offers.all()}
    for position, received in enumerate(offers):
        offer = known.pop(received.product_id, None) or Offer(line=row, product_id=received.product_id[:200])
        _offer(row, offer, received, position)
    for offer in known.values():
        if not offer.is_gone:
            offer.is_gone = True
            offer.save(update_fields=["is_gone"])


def _offer(row, offer, received, position):
    fingerprint = covage.fingerprint(received.raw)
    new = {
        "label": received.label[:500],
        "state": received.state[:100],
        "payload": plain(received.raw),
        "fingerprint": fingerprint,
        "position": position,
        "is_gone": False,
    }
    old = {name: getattr(offer, name) for name in new}
    if offer.pk and old == new:
        return
    _tell_offer(row, offer, old, new)
    for name, value in new.items():
        setattr(offer, name, value)
    offer.save()


def _tell_offer(row, offer, old, new):
    about = {"line": row, "product_id": offer.product_id, "label": new["label"]}
    if not offer.pk:
        Event.add("price_received", **about)
    elif old["fingerprint"] != new["fingerprint"]:
        Event.add("price_changed", **about, old=old["payload"], new=new["payload"])
    elif old["state"] != new["state"]:
        Event.add("offer_state", **about, old=old["state"], new=new["state"])


def plain(raw):
    """The answer as JSON types: decimals as text, no NUL (PostgreSQL refuses it)."""
    return json.loads(json.dumps(raw, cls=DjangoJSONEncoder).replace("\\u0000", ""))


def moment(value: datetime | date | None) -> datetime | None:
    """A bare date is its first moment in Paris."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time.min, PARIS)


def open_lines(row: Basket) -> int:
    final = [value for value, state in states.LINE.items() if state.final]
    return row.lines.filter(gone_at=None).exclude(state__in=final).count()

"""Lines of a draft basket from a spreadsheet: prepared as a batch in draft, and nothing is sent before `start`.

The batch keeps the uploaded bytes; its `detail` keeps how they are to be read: `headings`, `header`, `columns` (index
to field), `month_first`, `typed` (row to field to text), `anyway` (rows to make although they were made before).
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from quotes.errors import Invalid, NotAllowed, NotPossible
from quotes.models import Basket, Batch, BatchItem
from quotes.models.mirror import key as plain
from quotes.selectors import imports
from quotes.services import batches, lines
from quotes.services.journal import alone
from quotes.services.permissions import require

LARGEST = 10 * 1024 * 1024  # bytes of an upload


@dataclass
class Wish:
    """One line of the table: `fields` as they would be sent, or `errors` (field to codes of quotes.services.words)."""

    number: int
    fields: dict
    errors: dict[str, list[str]] = field(default_factory=dict)


def prepare(*, actor, nonce: str, basket: Basket, name: str, data: bytes, instead: Batch | None, **detail) -> Batch:
    """Keep an upload. `instead`: what the person prepared before, which this one replaces."""
    require(actor, "create")
    allowed(basket)
    if not nonce:
        raise Invalid({"": ["form_incomplete"]})
    file = ContentFile(data, name="table")
    fields = {"basket": basket, "name": name, "file": file, "detail": detail}
    batch = batches.make(actor=actor, kind=Batch.Kind.IMPORT, nonce=nonce, start=False, **fields)
    if instead and instead.pk != batch.pk:
        discard(instead, actor)
    return batch


def settle(batch: Batch, actor, **detail) -> None:
    """Say how the table is to be read. Raises NotPossible when it was started or discarded meanwhile."""
    mine(batch, actor)
    with alone():
        _draft(batch)
        batch.detail |= detail
        batch.save(update_fields=["detail"])


def discard(batch: Batch, actor) -> None:
    """Nothing of it was sent; the upload goes with it."""
    mine(batch, actor)
    with alone():
        _draft(batch)
        file = batch.file
        batch.delete()
    file.delete(save=False)


def start(batch: Batch, actor, wishes: list[Wish]) -> None:
    """From here on lines are made: the good ones that were not made before. Raises NotPossible, Invalid."""
    mine(batch, actor)
    with alone():
        _draft(batch)
        allowed(batch.basket)
        again = repeated(batch, wishes)
        items = [_item(batch, wish, again.get(wish.number, "")) for wish in wishes]
        if not any(item["state"] == "waiting" for item in items):
            raise Invalid({"": ["nothing_to_import"]})
        batches.add_items(batch, items)
        batches.begin(batch)


def repeated(batch: Batch, wishes: list[Wish]) -> dict[int, str]:
    """Row number to why it would be made twice; what the person wants anyway is not among them. Two queries."""
    keys, names = imports.imported(batch), imports.names_in(batch.basket)
    found: dict[int, str] = {}
    for wish in (wish for wish in wishes if not wish.errors):
        key = key_of(batch, wish.fields)
        name = plain(wish.fields.get("external_id", ""))
        why = keys.get(key) or ("in_basket" if name and name in names else "")
        keys.setdefault(key, "twice")
        if why and wish.number not in batch.detail.get("anyway", []):
            found[wish.number] = why
    return found


def key_of(batch: Batch, fields: dict) -> str:
    """Equal for the same wish: by the person's own reference when there is one, else by all that is said."""
    said = plain(fields["external_id"]) if fields.get("external_id") else json.dumps(fields, sort_keys=True)
    return hashlib.sha256(f"{batch.basket_id}\n{said}".encode()).hexdigest()


def allowed(basket: Basket) -> None:
    if not lines.may_add(basket):
        raise NotPossible("state")


def mine(batch: Batch, actor) -> None:
    """An import is prepared by one person: the lines are made in that name."""
    require(actor, "create")
    if batch.actor_id != actor.pk:
        raise NotAllowed("import")


def _draft(batch: Batch) -> None:
    """The row as it stands now, while nobody else moves it."""
    found = Batch.objects.filter(pk=batch.pk).first()
    if found is None or found.state != "draft":
        raise NotPossible("import_started" if found else "import_discarded")
    batch.detail = found.detail


def _item(batch: Batch, wish: Wish, why: str) -> dict:
    state = "invalid" if wish.errors else "skipped" if why else "waiting"
    key = "" if wish.errors else key_of(batch, wish.fields)
    facts = {"fields": wish.fields, "errors": wish.errors, "reason": why, "key": key}
    return {"position": wish.number, "state": state, **facts}


@batches.does(Batch.Kind.IMPORT)
def _add(item: BatchItem):
    batch = item.batch
    return lines.add(actor=batch.actor, nonce=item.nonce, basket=batch.basket, fields=item.fields)

"""Many routes at once: each file checked, matched to a line by its name, shown, and only then sent as one batch."""

import hashlib
import re
from collections import defaultdict
from datetime import timedelta
from pathlib import PurePath

from django.db.models import Q
from django.utils import timezone

from quotes.errors import Invalid, NotPossible
from quotes.kmz import KmzError
from quotes.models import Basket, Batch, BatchItem, Command, Line
from quotes.models.mirror import fold
from quotes.selectors.traces import site_of
from quotes.services import batches, traces
from quotes.services.permissions import require

MOST = 40  # files at once
SHORTEST = 3  # characters of a name that is looked for inside a file name
PREPARED_FOR = timedelta(days=7)


def prepare(*, actor, nonce: str, basket: Basket, files) -> Batch:
    """Check and keep the uploaded files, each matched as far as its name tells; nothing is sent.

    What the same person prepared here before and did not send is replaced. Raises NotPossible.
    """
    require(actor, "trace")
    if not basket.allows("trace"):
        raise NotPossible("state")
    _clear_away(basket, actor, nonce)
    lines = lines_of(basket)
    items = [_item(file, lines) for file in files]
    fields = {"actor": actor, "kind": Batch.Kind.TRACES, "nonce": nonce, "basket": basket}
    return batches.make(items=items, start=False, **fields)


def send(batch: Batch, choices: dict[int, Line | None]) -> None:
    """Send each file (by its position) to its line; None leaves it out.

    Raises NotPossible, or Invalid when two files would go to one line (errors by `line-<position>`) or none goes.
    """
    require(batch.actor, "trace")
    if twice := doubles(choices):
        raise Invalid({f"line-{position}": ["one_trace_a_line"] for position in twice})
    if not any(choices.values()):
        raise Invalid({"": ["no_trace_chosen"]})
    for item in batch.items.filter(state="waiting"):
        line = choices.get(item.position)
        left_out = {} if line else {"state": "skipped", "reason": "left_out"}
        BatchItem.objects.filter(pk=item.pk, state="waiting").update(line=line, **left_out)
    batches.begin(batch)


def doubles(choices: dict[int, Line | None]) -> list[int]:
    """The positions whose line is chosen more than once."""
    found = defaultdict(list)
    for position, line in choices.items():
        found[line and line.pk].append(position)
    return sorted(p for pk, positions in found.items() if pk and len(positions) > 1 for p in positions)


def lines_of(basket: Basket) -> list[Line]:
    """The lines that can take a trace, as they were added."""
    found = list(basket.lines.filter(is_void=False, gone_at=None).order_by("added_at", "id"))
    for line in found:
        line.basket = basket
    return [line for line in found if line.allows("trace")]


def matched(name: str, lines: list[Line]) -> Line | None:
    """The one line that a file name points to: by reference, then by external id in either form, then by customer.

    The whole name first, then as whole words in it, the longest. None where several lines fit, or none does.
    """
    stem = _words(PurePath(name).stem)
    for names_of in (_references, _external_ids, _customers):
        for fits in (_equal, _within):
            found = {line: max((fits(stem, _words(n)) for n in names_of(line)), default=0) for line in lines}
            best = [line for line in lines if found[line] and found[line] == max(found.values())]
            if best:
                return best[0] if len(best) == 1 else None
    return None


@batches.does(Batch.Kind.TRACES)
def send_one(item: BatchItem) -> Command:
    with item.file.open() as file:
        data = file.read()
    return traces.upload(actor=item.batch.actor, nonce=item.nonce, line=item.line, name=item.fields["name"], data=data)


def _item(file, lines: list[Line]) -> dict:
    data = file.read(traces.LARGEST + 1)
    facts = {"name": traces.file_name(file.name), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    try:
        found = traces.check(file.name, data)
    except Invalid as error:
        params = error.__cause__.params if isinstance(error.__cause__, KmzError) else {}
        return {"state": "invalid", "errors": error.errors, "fields": facts | {"params": params}}
    line = matched(file.name, lines)
    site = site_of(line) if line else None
    facts |= {"length_m": found.length_m, "points": found.points, "notes": list(found.notes)}
    facts["gap"] = found.distance_to(*site) if site else None
    file.seek(0)
    return {"fields": facts, "line": line, "file": file}


def _clear_away(basket, actor, nonce) -> None:
    """What was prepared here before, and what nobody sent for long."""
    prepared = Batch.objects.filter(kind=Batch.Kind.TRACES, state="draft").exclude(nonce=nonce)
    mine = Q(basket=basket, actor=actor)
    for batch in prepared.filter(mine | Q(created_at__lt=timezone.now() - PREPARED_FOR))[:20]:
        for item in batch.items.all():
            item.file.delete(save=False)
        batch.delete()


def _references(line):
    return [line.reference]


def _external_ids(line):
    return [line.external_id, line.wished_external_id]


def _customers(line):
    return [line.end_customer_name]


def _equal(stem: str, name: str) -> int:
    return len(name) if name and stem.replace(" ", "") == name.replace(" ", "") else 0


def _within(stem: str, name: str) -> int:
    return len(name) if len(name) >= SHORTEST and f" {name} " in f" {stem} " else 0


def _words(text: str) -> str:
    """Letters and digits only, in lower case, one space between words."""
    return " ".join(re.findall(r"[^\W_]+", fold(text)))

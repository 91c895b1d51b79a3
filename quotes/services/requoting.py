"""Asking again: lines that came to nothing, in a new basket with their fields, contacts and traces, as one batch."""

from django.utils import timezone

from quotes import states
from quotes.covage import CovageError, CovageRefused
from quotes.errors import NotPossible
from quotes.models import Batch, BatchItem, Command, Line, Trace
from quotes.selectors.line_request import request_of
from quotes.selectors.lines import as_texts
from quotes.services import baskets, batches, lines, naming, traces
from quotes.services.permissions import require

MOST = 100  # lines in one go


def start(*, actor, nonce: str, chosen: list[Line], basket: dict, with_trace: set) -> Batch:
    """`basket`: the fields of the new one; `with_trace`: ids of the lines whose trace travels.

    Raises NotPossible when a line is no longer one to ask again.
    """
    require(actor, "create")
    if not all(may_be_asked_again(line) for line in chosen):
        raise NotPossible("state")
    items = [{"fields": {"act": "basket", **basket}}]
    items += [{"line": line, "fields": {"act": "line", "wish": wish(line)}} for line in chosen]
    for position, line in enumerate(chosen, 2):
        if line.pk in with_trace:
            items.append({"line": line, "fields": {"act": "trace", "of": position, "name": trace_name(line)}})
    return batches.make(actor=actor, kind=Batch.Kind.REQUOTE, nonce=nonce, items=items)


def may_be_asked_again(line: Line) -> bool:
    return "ask_again" in states.line(line.state).allows


def has_trace(line: Line) -> bool:
    return line.has_trace or line.shown_trace is not None


def trace_name(line: Line) -> str:
    return line.shown_trace.name if line.shown_trace else traces.file_name(line.trace_name)


def wish(line: Line) -> dict:
    """What the new line sends: nothing blank, no date that has passed, the person's own name and none of ours."""
    fields = request_of(line)
    fields |= {name: as_texts(fields[name]) for name in ("product_offerings", "option_ids")}
    name = line.wished_external_id or line.external_id
    fields["external_id"] = "" if naming.is_generated(name) else name[: naming.LONGEST]
    wanted = fields["expected_response_date"]
    fields["expected_response_date"] = wanted.isoformat() if wanted and wanted > timezone.localdate() else ""
    return {name: value for name, value in fields.items() if value}


@batches.does(Batch.Kind.REQUOTE)
def ask_again(item: BatchItem) -> Command:
    return _ACTS[item.fields["act"]](item)


def _basket(item) -> Command:
    fields = {name: item.fields[name] for name in ("external_id", "project_id")}
    command = baskets.create(actor=item.batch.actor, nonce=item.nonce, **fields)
    Batch.objects.filter(pk=item.batch_id).update(basket=command.basket)
    return command


def _line(item) -> Command:
    basket = _made(item, 1).basket
    return lines.add(actor=item.batch.actor, nonce=item.nonce, basket=basket, fields=item.fields["wish"])


def _trace(item) -> Command:
    line = _made(item, item.fields["of"]).line
    held, wished = _original(item.line), item.fields["name"]
    name = wished if wished.lower().endswith(".kmz") else held.name
    with held.file.open() as file:
        return traces.upload(actor=item.batch.actor, nonce=item.nonce, line=line, name=name, data=file.read())


_ACTS = {"basket": _basket, "line": _line, "trace": _trace}


def _made(item, position: int) -> Command:
    """The create that the item builds on, done. Raises NotYet, or NotPossible when it had no effect."""
    create = item.batch.items.select_related("command__basket", "command__line__basket").get(position=position).command
    if create is None or create.had_no_effect:
        raise NotPossible("create_failed")
    if create.state != "done":
        raise batches.NotYet
    return create


def _original(line: Line) -> Trace:
    """The trace of the old line, fetched if we hold none. Raises NotYet while the operator does not answer."""
    try:
        held = traces.original(line)
    except CovageRefused as error:
        raise NotPossible("operator_forbids") from error
    except CovageError as error:
        raise batches.NotYet from error
    if held is None:
        raise NotPossible("not_found")
    return held

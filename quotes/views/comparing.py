"""The offers of a line with what this person may decide: one view of them for the line page and the review queue."""

from django.utils.translation import gettext as _

from quotes.covage import Amount
from quotes.models import Command
from quotes.models.commands import Kind
from quotes.selectors import offers, past_prices
from quotes.services.permissions import may
from quotes.templatetags.formats import money


def side_by_side(user, line, holder: Command | None = None) -> offers.Comparison:
    """`holder`: the write under way on this line; until its end is known nothing can be decided.

    Each column gets `choices`, or `words` that tell why there are none, and a `hold` ("", "own", "other"); an open one
    whose price changed gets `moved`, the change and its rows.
    """
    comparison = offers.compare(line)
    past_prices.beside(line, comparison.columns)
    for column in comparison.columns:
        column.choices = [] if holder else [name for name in column.actions if may(user, name)]
        column.hold = _hold(column, holder)
        column.words = "" if column.choices else _words(column, line, holder)
    if line.state == "ready":
        _with_moves(comparison, offers.moves(line))
    return comparison


def worded(changes: list[offers.Change]) -> list[dict]:
    """Rows `{label, old, new}` as pages show them."""
    return [{"label": change.label, "old": _shown(change.old), "new": _shown(change.new)} for change in changes]


def _shown(found) -> str:
    if found is None:
        return _("not given")
    return money(found.value, found.unit) if isinstance(found, Amount) else str(found)


def _with_moves(comparison, moves) -> None:
    for column in comparison.open:
        event = moves.get(column.offer.product_id)
        changes = offers.changes(event.data.get("old"), column.offer.payload) if event else []
        column.moved = {"at": event.at, "changes": worded(changes)} if changes else None


def _hold(column, holder) -> str:
    if holder is None:
        return ""
    if holder.product_id == column.offer.product_id:
        return "own"
    return "other" if column.actions else ""


def _words(column, line, holder) -> str:
    if column.hold == "own":
        return _said(holder)
    if column.hold:
        return _("Possible when that is known")
    if column.actions:
        return _("A manager decides")
    if column.offer.is_gone:
        return _("No longer offered")
    if column.state.final or not column.state.known:
        return str(column.state.label)
    return _("Waits for its price") if line.state == "confirmed" else ""


def _said(holder) -> str:
    sent = {
        Kind.ACCEPT: _("Acceptance sent, being checked"),
        Kind.DECLINE: _("Refusal sent, being checked"),
        Kind.RESTORE: _("Restoring sent, being checked"),
    }
    return sent.get(holder.kind, "") if holder.sent_at else _("Waits to be sent")

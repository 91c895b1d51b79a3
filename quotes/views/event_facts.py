"""What an event changed, before and after, as far as it was a change."""

from quotes.covage import Amount
from quotes.models import Event
from quotes.models.commands import Kind
from quotes.selectors import offers
from quotes.templatetags.formats import money
from quotes.views.command_facts import sent


def changes(event: Event) -> list[dict]:
    if event.kind == "price_changed":
        found = offers.changes(event.data.get("old") or {}, event.data.get("new") or {})
        return [{"label": change.label, "old": _shown(change.old), "new": _shown(change.new)} for change in found]
    if event.kind == "command_recorded" and event.command.kind in (Kind.UPDATE_BASKET, Kind.UPDATE_LINE):
        fields = sent(event.command)
        return [{"label": f["label"] or f["name"], "old": f["old"], "new": f["text"]} for f in fields]
    return []


def _shown(value) -> str:
    return money(value.value, value.unit) if isinstance(value, Amount) else "" if value is None else str(value)

"""What the pages of a batch say of its items."""

from quotes.forms.import_columns import TARGETS, objection
from quotes.forms.kmz_words import sentence_of
from quotes.models import BatchItem
from quotes.selectors.batches import outcome_state
from quotes.services.words import reason


def describe(items: list[BatchItem]) -> None:
    """Give each item how it stands, what it is about and called, and why it was not done."""
    for item in items:
        item.shown_state = outcome_state(item)
        item.about = (item.command and item.command.line) or item.line
        item.title = item.about.title if item.about else _named(item.fields)
        item.why = why(item)
        item.is_said = bool(item.command and item.command.errors)


def why(item: BatchItem) -> str:
    """Why it was not done: the operator's words, or ours."""
    if item.command_id:
        return _why_not(item.command)
    if item.errors and item.batch.kind == "traces":
        return " ".join(sentence_of(code, item.fields["params"]) for code in item.errors["file"])
    if item.errors:
        said = [(name, str(reason(code))) for name, codes in item.errors.items() for code in codes]
        return " ".join(objection(name, words) if name in TARGETS else words for name, words in said)
    return reason(item.reason) if item.reason else ""


def _why_not(command) -> str:
    told = [text for texts in command.errors.values() for text in texts]
    if told:
        return " ".join(told)
    return reason(command.reason) if command.had_no_effect or command.state == "needs_person" else ""


def _named(fields) -> str:
    """What an item that is nothing yet is called in what was asked."""
    return next((fields[name] for name in ("end_customer_name", "external_id", "name") if fields.get(name)), "")

"""What exactly a command sent, and what the operator answered, as rows to show."""

from quotes.forms.baskets import BasketForm
from quotes.forms.decisions import DeclineForm
from quotes.forms.lines import LineForm
from quotes.models import Command
from quotes.models.commands import Kind
from quotes.selectors.sheets import text

_FORMS = (LineForm, BasketForm, DeclineForm)
_LABELS = {name: field.label for form in reversed(_FORMS) for name, field in form.base_fields.items()}
_UPDATES = (Kind.UPDATE_BASKET, Kind.UPDATE_LINE)


def label(name: str) -> str:
    """The words for a specification field; "" for one that no form has."""
    return _LABELS.get(name, "")


def sent(command: Command) -> list[dict]:
    """The fields of the specification as they go out; of an edit with the value that each replaces."""
    return [
        {
            "name": name,
            "label": label(name),
            "text": text(value),
            "old": text(command.before.get(name)) if command.kind in _UPDATES else None,
        }
        for name, value in _fields(command).items()
    ]


def answered(command: Command) -> list[dict]:
    """The operator's words, by field."""
    return [
        {"name": name, "label": label(name.split(".")[0]), "text": words}
        for name, texts in command.errors.items()
        for words in texts
    ]


def _fields(command: Command) -> dict:
    if command.kind in (Kind.EXPORT_LINE, Kind.EXPORT_OFFER):
        return {"product_id": command.product_id} if command.product_id else {}
    fields = command.params | ({"external_id": command.token} if command.token else {})
    return fields if command.kind in _UPDATES else {name: value for name, value in fields.items() if value}

"""What exactly a command sent, and what the operator answered, as rows to show."""

from django.utils.translation import gettext as _

from quotes import states
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


def shown(command: Command) -> list[dict]:
    """How the operator showed what it concerns when it was read last: the evidence for who must settle it."""
    line, basket = command.line, command.basket
    if line is None:
        rows = [{"label": _("Basket"), "text": states.basket(basket.state).label}] if basket else []
    else:
        rows = [{"label": _("Line"), "text": states.line(line.state).label}]
    if command.product_id and line:
        rows += [{"label": str(o), "text": states.offer(o.state, line.state).label} for o in line.offers.all()]
    if command.kind in _UPDATES:
        payload = (line or basket).payload
        rows += [{"label": label(name) or name, "text": text(payload.get(name))} for name in command.params]
    return rows


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

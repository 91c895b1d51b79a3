"""What differs at the operator from what the person saw, when a command was therefore not sent."""

from django.utils.translation import gettext as _

from quotes import states
from quotes.models import Command
from quotes.models.commands import Kind
from quotes.selectors.sheets import text
from quotes.services.comparing import canonical
from quotes.views.command_facts import label, sent


def changes(command: Command) -> list[dict]:
    """Rows `{label, old, new}`; the mirror holds what the last reading brought. Decisions tell their own."""
    if command.reason == "changed_elsewhere":
        return _fields(command)
    if command.reason == "state_moved" and command.kind == Kind.UPDATE_LINE:
        return [_state(states.line, command.line)]
    if command.reason == "state_moved" and command.kind in (Kind.CONFIRM, Kind.ADD_LINE):
        return [_state(states.basket, command.basket)]
    return []


def unsent(command: Command) -> list[dict]:
    """What the person typed where others wrote: the page has no form that keeps it. Rows as of a command."""
    return sent(command) if command.reason == "changed_elsewhere" else []


def _fields(command) -> list[dict]:
    """What others wrote since; a field that they left alone is no reason."""
    stored = (command.line or command.basket).payload
    return [
        {"label": label(name) or name, "old": text(seen), "new": text(stored.get(name))}
        for name, seen in command.before.items()
        if canonical(stored.get(name)) != canonical(seen)
    ]


def _state(known, row) -> dict:
    """These three are offered on drafts only."""
    return {"label": _("State"), "old": known("acknowledged").label, "new": known(row.state).label}

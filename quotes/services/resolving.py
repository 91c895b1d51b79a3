"""A person says what became of a command that readings could not decide, or what a lost answer held."""

from django.db import transaction

from quotes.errors import Invalid, NotPossible
from quotes.models import Command, Event
from quotes.models.commands import Kind
from quotes.services import journal
from quotes.services.decisions import ORDER_IDS
from quotes.services.permissions import require


def is_open(command: Command) -> bool:
    """Whether something is left that only a person can tell."""
    return command.state == "needs_person" or bool(command.gap)


def missing_ids(command: Command) -> list[str]:
    """The order ids that a person may add: what the operator answered is never replaced."""
    return [name for name in ORDER_IDS if command.kind == Kind.ACCEPT and not command.result.get(name)]


def resolve(command: Command, *, actor, happened: bool, note: str, ids: dict | None = None) -> None:
    """Settle it, with the person's reason in the history. `ids`: the order ids, as far as the person knows them.

    Raises NotPossible when nothing is open or somebody else was faster, Invalid when a gap would stay open.
    """
    require(actor, "resolve")
    if not is_open(command) or (command.gap and not happened):
        raise NotPossible("not_open", command=command)
    known = {name: value for name, value in (ids or {}).items() if value and name in missing_ids(command)}
    if command.state == "done" and len(known) < len(missing_ids(command)):
        raise Invalid({name: ["id_needed"] for name in missing_ids(command) if name not in known})
    with transaction.atomic():
        if not _moved(command, happened, known):
            raise NotPossible("not_open", command=command)
        about = {"basket": command.basket, "line": command.line, "command": command}
        outcome = "happened" if happened else "not_happened"
        Event.add("resolved", actor=actor, **about, command_kind=command.kind, outcome=outcome, note=note, **known)


def _moved(command: Command, happened: bool, known: dict) -> bool:
    if command.state == "done":
        return journal.completed_by_person(command, result=known)
    return journal.settled_by_person(command, happened=happened, result=known if happened else {})

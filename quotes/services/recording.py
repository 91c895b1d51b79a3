"""Recording a command: what a person asked for, once, before anything else happens."""

from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from quotes import states
from quotes.errors import Invalid, NotPossible, PortalError
from quotes.models import Command
from quotes.models.commands import EXPORTS, Kind
from quotes.services import crashing
from quotes.services.journal import alone, tell

HEAD_START = 2  # seconds for the request of the person, who waits for the answer, before a worker may send it


def once(*, nonce: str, actor, kind: str, params: dict, insert) -> tuple[Command, bool]:
    """Record a command unless this form was submitted before. Returns it, and whether it is new.

    `insert()` makes the row (and the mirror that it will fill) inside a transaction. Raises Invalid when the nonce
    belongs to another request, IntegrityError when a uniqueness other than the nonce's forbids the command.
    """
    found = _repeated(nonce, actor, kind, params)
    if found:
        return found, False
    try:
        with alone():
            command = insert()
            crashing.here("recording")
    except (IntegrityError, PortalError):
        # Perhaps the same form, sent twice at once: then the other one has been recorded by now.
        found = _repeated(nonce, actor, kind, params)
        if found is None:
            raise
        return found, False
    crashing.here("recorded")
    return command, True


def record(**fields) -> Command:
    """Insert the row and its event. Call inside `once`'s insert. Raises NotPossible while a confirm is under way."""
    basket = fields.get("basket")
    if basket and fields["kind"] not in EXPORTS:
        _nothing_joins_a_confirm(basket)
    first_try = timezone.now() + timedelta(seconds=HEAD_START)
    command = Command.objects.create(next_try_at=first_try, **fields)
    tell(command, "recorded")
    return command


def _repeated(nonce, actor, kind, params) -> Command | None:
    if not nonce:
        raise Invalid({"": ["form_incomplete"]})
    found = Command.objects.filter(nonce=nonce).first()
    if found and (found.actor_id, found.kind, found.params) != (actor.pk, kind, params):
        raise Invalid({"": ["form_used"]})
    return found


def _nothing_joins_a_confirm(basket) -> None:
    """What is confirmed is what the person saw."""
    confirm = Command.objects.filter(basket=basket, kind=Kind.CONFIRM, state__in=states.PENDING).first()
    if confirm:
        raise NotPossible("under_way", command=confirm)

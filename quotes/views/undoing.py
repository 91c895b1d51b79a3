"""What became of a decision that somebody took just now, and the way back from a decline."""

from datetime import timedelta

from django.utils import timezone

from quotes.forms.decisions import DecisionForm
from quotes.models import Command
from quotes.models.commands import Kind
from quotes.services.permissions import may

JUST_NOW = timedelta(minutes=15)  # afterwards the offer's own button restores it


def outcome(user, line, command: Command | None) -> dict | None:
    """`{command, offer, undo}` of this person's own newest decision on a line; `undo` is the form that restores."""
    if command is None or command.actor_id != user.pk or timezone.now() - command.recorded_at > JUST_NOW:
        return None
    offer = next((offer for offer in line.offers.all() if offer.product_id == command.product_id), None)
    return {"command": command, "line": line, "offer": offer, "undo": _undo(user, line, offer, command)}


def _undo(user, line, offer, command) -> DecisionForm | None:
    """Only once the operator has the decline: what is still under way is withdrawn on its own page."""
    declined = command.kind == Kind.DECLINE and command.state == "done"
    if not (declined and offer and may(user, Kind.RESTORE) and line.offer_allows(Kind.RESTORE, offer)):
        return None
    return DecisionForm(auto_id=False)

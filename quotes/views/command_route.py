"""A command as the cable: what is sure, where it broke, what is being done, what is to come."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes import states
from quotes.models import Command, Event
from quotes.models.people import name_of
from quotes.services.words import reason


def command_route(command: Command, events: list[Event]) -> list[dict]:
    """`events`: those of the command, the oldest first."""
    lost = next((event for event in events if event.kind == "command_uncertain"), None)
    return [
        _step(_("Recorded"), "done", command.recorded_at, name_of(command.actor)),
        *(_sent(command, lost) if command.attempts else _not_sent(command)),
    ]


def _not_sent(command) -> list[dict]:
    if command.state == "recorded":
        why = str(reason(command.reason)) if command.reason else _("waits for its turn")
        return [_step(_("Sending"), "now", why, _next_try(command)), _step(_("Outcome"), "todo")]
    label = str(command.shown_state.label)
    return [_step(label, "broken", command.settled_at, _("nothing was sent"))]


def _sent(command, lost) -> list[dict]:
    times = ngettext("once", "%(n)d times", command.attempts) % {"n": command.attempts}
    sent = _step(_("Sent to the operator"), "done", command.sent_at, times)
    if command.state == "sending":
        return [sent, _step(_("Answer"), "now", _("on its way")), _step(_("Outcome"), "todo")]
    if lost is None:
        return [sent, _outcome(command)]
    answer = _step(_("Answer not received"), "broken", lost.at, str(reason(lost.data.get("reason", ""))))
    return [sent, answer, _reading(command), _outcome(command)]


def _reading(command) -> dict:
    seen = ngettext("%(n)d reading so far", "%(n)d readings so far", command.checks) % {"n": command.checks}
    if command.state == "uncertain":
        return _step(
            _("Reading at the operator"), "now", seen if command.checks else _("under way"), _next_try(command)
        )
    by_person = command.reason == "by_person"
    return _step(_("Read at the operator"), "done", not by_person and command.settled_at or command.checked_at)


def _outcome(command) -> dict:
    if command.state in ("uncertain", "recorded"):
        return _step(_("Outcome"), "todo", _("done, or nothing happened"))
    if command.state == "needs_person":
        return _step(_("A person settles it"), "now", str(reason(command.reason)))
    status = "done" if command.state == "done" else "broken"
    by = _("settled by a person") if command.reason == "by_person" else ""
    return _step(str(states.command(command.state).label), status, command.settled_at, by)


def _next_try(command) -> str:
    return _("next try %(time)s") % {"time": _clock(command.next_try_at)} if command.next_try_at else ""


def _step(title, status, when=None, by="") -> dict:
    return {"title": title, "status": status, "when": _clock(when) if isinstance(when, datetime) else when, "by": by}


def _clock(moment):
    """Seconds count today; of another day the date does."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M:%S}" if local.date() == timezone.localdate() else local

"""An accept whose end is not known, as the cable: what is sure, where it broke, what is being done."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes.models.people import name_of
from quotes.services.words import reason


def steps(command) -> list[dict]:
    parked = command.state == "needs_person"
    read = {"title": _("Reading of the line"), "when": _readings(command), "status": "done" if parked else "now"}
    if command.next_try_at and not parked:
        read["by"] = _("next one at %(time)s") % {"time": _clock(command.next_try_at)}
    end = {"title": _("Outcome"), "when": _("accepted, or nothing happened"), "status": "todo"}
    if parked:
        end = {"title": _("A person settles it"), "when": str(reason(command.reason)), "status": "now"}
    return [
        {
            "title": _("Recorded"),
            "when": _clock(command.recorded_at),
            "by": name_of(command.actor),
            "status": "done",
        },
        {"title": _("Sent to the operator"), "when": _clock(command.sent_at), "by": _("only once"), "status": "done"},
        {"title": _("Answer lost"), "when": _("no readable answer came"), "status": "broken"},
        read,
        end,
    ]


def limit(command) -> datetime:
    """From then on, readings that show the line open count as "it did not happen"."""
    return command.sent_at + timedelta(seconds=settings.SYNC["quiet_accept"])


def _readings(command) -> str:
    if not command.checks:
        return _("under way")
    return ngettext("%(n)d reading so far", "%(n)d readings so far", command.checks) % {"n": command.checks}


def _clock(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}"

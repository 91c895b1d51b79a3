"""A notice in one sentence, in the language that is active."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes.models import Notice
from quotes.services.words import BATCHES, DONE, KINDS, reason


def sentence(notice: Notice) -> str:
    data = notice.data
    if notice.kind == "expiring":
        return _expiring(date.fromisoformat(data["day"]), data["left"])
    what = {"what": KINDS.get(data.get("command_kind"), ""), "why": reason(data.get("reason", ""))}
    done = DONE.get(data.get("command_kind"), "")
    return {
        "price_in": _("Price received, to decide."),
        "not_possible": _("Not possible, says the operator."),
        "price_changed": _("The price of %(offer)s changed.") % {"offer": data.get("offer") or _("an offer")},
        "all_answered": _("All its lines are answered."),
        "decided": _("%(done)s by %(who)s.") % {"done": done, "who": data.get("who", "")},
        "refused": _("%(what)s: nothing happened. %(why)s") % what,
        "needs_person": _("%(what)s: somebody must look at the operator’s side. %(why)s") % what,
        "export_ready": _("%(what)s: the file is ready.") % what,
        "export_failed": _("%(what)s: the file could not be made.") % what,
        "batch_ended": _("%(batch)s: finished.") % {"batch": BATCHES.get(data.get("batch_kind"), "")},
        "mentioned": _("%(who)s named you in a comment.") % {"who": data.get("who", "")},
    }[notice.kind].strip()


def about(notice: Notice) -> str:
    """The line or basket that it is about, else the file of a batch; "" for what is about none."""
    return str(notice.line or notice.basket or notice.data.get("name") or "")


def _expiring(day: date, left: int) -> str:
    told = {"day": date_format(day, "j F Y"), "n": left}
    if not left:
        return _("The prices expire on %(day)s, before the next working day.") % told
    return (
        ngettext(
            "The prices expire on %(day)s, in %(n)d working day.",
            "The prices expire on %(day)s, in %(n)d working days.",
            left,
        )
        % told
    )

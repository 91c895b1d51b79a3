"""Sentences for the events of the history."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from quotes import states
from quotes.models.commands import Kind
from quotes.services.words import BATCHES, DONE, KINDS, ROLES, reason, said
from quotes.templatetags.commands import why_declined

register = template.Library()


@register.simple_tag
def event_words(event) -> str:
    """The sentence, in which the operator's words are marked: it writes English."""
    words = _said(event.data) if event.kind == "command_refused" else ""
    if not words:
        return sentence(event)
    ours, _words, end = sentence(event).rpartition(words)
    return format_html("{}{}{}", ours, said(words), end)


def sentence(event) -> str:
    """What happened, in one sentence."""
    data = event.data
    if event.kind.startswith("command_"):
        return _of_command(event.kind.removeprefix("command_"), data) + _why(event)
    if event.kind.endswith("_state"):
        return _moved(event.kind, data)
    if event.kind.startswith("batch_"):
        state = states.batch(event.kind.removeprefix("batch_"))
        return _("%(batch)s: %(state)s") % {"batch": BATCHES.get(data.get("batch_kind"), ""), "state": state.label}
    if event.kind == "person_changed":
        return _changed(data["before"], data["after"])
    label = data.get("label") or data.get("product_id") or ""
    sentences = {
        "basket_found": _("Basket found at the operator"),
        "line_found": _("Line found at the operator"),
        "price_received": _("Price received for %(offer)s") % {"offer": label},
        "price_changed": _("Price of %(offer)s changed") % {"offer": label},
        "gone": _("No longer at the operator"),
        "export_ready": _("File ready"),
        "export_failed": _("File could not be made: %(why)s") % {"why": reason(data.get("reason", ""))},
        "export_expired": _("File removed here after its time"),
        "person_added": _("%(person)s may log in now, as %(role)s")
        % {"person": label, "role": _role(data.get("after", {}).get("role", ""))},
        "person_password": _("New password for %(person)s") % {"person": label},
        "commented": _("Comment added"),
        "note_changed": _("Internal note changed"),
        "sync_asked": _("Asked for everything to be read from the operator now"),
        "resolved": _("Settled by hand, %(outcome)s: %(note)s")
        % {"outcome": _settled(data.get("outcome")), "note": data.get("note", "")},
    }
    return sentences.get(event.kind, event.kind)


def _why(event) -> str:
    if event.kind not in ("command_recorded", "command_done") or event.data.get("command_kind") != Kind.DECLINE:
        return ""
    words = why_declined(event.command)
    return _(": %(why)s") % {"why": words} if words else ""


def _settled(outcome) -> str:
    return _("it happened") if outcome == "happened" else _("it did not happen")


def _of_command(step, data):
    kind = data.get("command_kind", "")
    title = KINDS.get(kind, kind)
    words = {
        "recorded": _("%(what)s: asked for"),
        "sending": _("%(what)s: sent to the operator"),
        "refused": _("%(what)s: refused. %(why)s"),
        "uncertain": _("%(what)s: outcome unknown, being checked"),
        "not_applied": _("%(what)s: did not happen"),
        "needs_person": _("%(what)s: needs a person"),
        "withdrawn": _("%(what)s: withdrawn"),
        "expired": _("%(what)s: not sent in time"),
        "send_again": _("%(what)s: did not arrive, sent again"),
        "doubled": _("%(what)s: the operator made it twice"),
    }
    if step == "done":
        return str(DONE.get(kind, kind))
    return words.get(step, "%(what)s") % {"what": title, "why": _said(data) or reason(data.get("reason", ""))}


def _said(data) -> str:
    """The operator's words of a refusal."""
    return " ".join(text for texts in (data.get("errors") or {}).values() for text in texts)


def _moved(kind, data):
    state = {"basket_state": states.basket, "line_state": states.line}.get(kind)
    if state:
        return _("State: %(new)s") % {"new": state(data.get("new", "")).label}
    return _("%(offer)s: %(new)s") % {
        "offer": data.get("label") or data.get("product_id", ""),
        "new": states.offer(data.get("new", ""), "").label,
    }


def _changed(before, after):
    """What is told of a person: as it was, and what differs."""
    told = []
    if before["name"] != after["name"]:
        told.append(_("now called %(name)s") % {"name": after["name"]})
    if before["role"] != after["role"]:
        roles = {"old": _role(before["role"]), "new": _role(after["role"])}
        told.append(_("role %(old)s, now %(new)s") % roles)
    if before["active"] != after["active"]:
        told.append(_("may log in again") if after["active"] else _("may no longer log in"))
    return _("%(person)s: %(changes)s") % {"person": before["name"], "changes": "; ".join(told)}


def _role(code) -> str:
    return str(ROLES.get(code, code or _("none")))

"""Sentences for stored codes: events of the history, commands and what is known of them."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quotes import states
from quotes.models.commands import Kind
from quotes.services.words import BATCHES, DONE, KINDS, MOTIVES, ROLES, reason, said

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


@register.simple_tag
def command_title(command) -> str:
    about = command.line or command.basket
    title = KINDS.get(command.kind, command.kind)
    product = f" {command.product_id}" if command.product_id else ""
    return format_html("{}{}, {}", title, product, about) if about else format_html("{}{}", title, product)


@register.simple_tag
def command_words(command) -> str:
    """What is known, what comes next, and what not to do."""
    if command.state == "recorded":
        why = reason(command.reason) if command.reason else _("It is waiting for its turn.")
        return _("Kept, not sent yet. %(why)s It goes out by itself; it can still be withdrawn.") % {"why": why}
    if command.state == "uncertain":
        return _uncertain(command)
    return {
        "sending": _("On its way to the operator. You can leave this page."),
        "done": DONE.get(command.kind, "") if not command.gap else _gap(),
        "refused": reason(command.reason),
        "not_applied": _("A person found that nothing happened at the operator. You may do it again.")
        if command.reason == "by_person"
        else _("It was sent, and readings show that nothing happened at the operator. You may do it again."),
        "needs_person": _("%(why)s Somebody must look at the operator’s side and settle it here.")
        % {"why": reason(command.reason)},
        "withdrawn": _("Withdrawn before it was sent. Nothing happened at the operator."),
        "expired": _("Not sent in time, so it will not be sent any more. Nothing happened at the operator."),
    }[command.state]


@register.simple_tag
def decision_words(command, offer) -> str:
    """ "FTTO 100 Mb/s: declined." as far as it is known."""
    done = {
        Kind.ACCEPT: pgettext("offer", "accepted"),
        Kind.DECLINE: pgettext("offer", "declined"),
        Kind.RESTORE: pgettext("offer", "restored"),
    }
    state = done[command.kind] if command.state == "done" else states.command(command.state).label
    return _("%(offer)s: %(state)s.") % {"offer": offer or command.product_id, "state": str(state).lower()}


@register.simple_tag
def motive(code) -> str:
    """Why an offer was declined."""
    return str(MOTIVES.get(code, code))


def why_declined(command) -> str:
    """ "Too expensive, “over the budget”", or "" when nothing was said."""
    words = [motive(command.motive)] if command.motive else []
    comment = command.params.get("comment")
    return ", ".join([*words, _("“%(words)s”") % {"words": comment}] if comment else words)


def _why(event) -> str:
    if event.kind not in ("command_recorded", "command_done") or event.data.get("command_kind") != Kind.DECLINE:
        return ""
    words = why_declined(event.command)
    return _(": %(why)s") % {"why": words} if words else ""


def _settled(outcome) -> str:
    return _("it happened") if outcome == "happened" else _("it did not happen")


def _uncertain(command):
    if command.kind == Kind.ACCEPT:
        return _(
            "It was sent once and will not be sent again. Whether the operator took it is not known yet: the line is "
            "being read until it is. Do not order this elsewhere meanwhile."
        )
    return _("It was sent, but no readable answer came. The portal reads at the operator until it knows.")


def _gap():
    return _("Accepted: the operator shows the order, but its ids were in the lost answer.")


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

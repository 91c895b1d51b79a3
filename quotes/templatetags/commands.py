"""Sentences for commands: what each is called, and what is known of it."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from quotes import states
from quotes.models.commands import Kind
from quotes.services.words import DONE, KINDS, MOTIVES, reason

register = template.Library()


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


def _uncertain(command):
    if command.kind == Kind.ACCEPT:
        return _(
            "It was sent once and will not be sent again. Whether the operator took it is not known yet: the line is "
            "being read until it is. Do not order this elsewhere meanwhile."
        )
    return _("It was sent, but no readable answer came. The portal reads at the operator until it knows.")


def _gap():
    return _("Accepted: the operator shows the order, but its ids were in the lost answer.")

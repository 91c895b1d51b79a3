"""How the outcome of a command is told to the person who asked for it: one place for all pages."""

from contextlib import contextmanager

from django.contrib import messages
from django.utils.translation import gettext as _

from quotes.errors import Invalid, NotPossible
from quotes.forms.base import OnceForm
from quotes.forms.refusals import Refusal
from quotes.htmx import redirect
from quotes.models import Command
from quotes.models.commands import Kind
from quotes.services import drafts, journal
from quotes.services.words import DONE, reason
from quotes.views import moved
from quotes.views.access import conflict

MOVED = ("state", "state_moved", "price_moved", "changed_elsewhere", "decided", "under_way", "orphan", "create_failed")


def typed(request):
    """What a form is bound to: a POST that carries no field at all is one too."""
    return request.POST if request.method == "POST" else None


def nonce_of(form) -> str:
    """Of a form whose other fields do not matter; "" when what came is none."""
    form.is_valid()
    return form.cleaned_data.get("nonce", "")


def must_be(request, possible: bool) -> None:
    """Raises NotPossible (409) unless it is possible now, or this very form was sent before and is only told again."""
    if not possible and _earlier(request) is None:
        raise NotPossible("state")


@contextmanager
def state_first(check, *about):
    """What makes the act impossible is told before what its form lacks: `check` raises NotPossible."""
    try:
        yield
    except Invalid:
        check(*about)
        raise


def changes_of(request, form) -> dict:
    """What an edit changes; for a form that was sent before, the same fields as then."""
    command = _earlier(request)
    if command is None:
        return form.changes()
    return {name: form.sendable(name) for name in command.params if name in form.fields}


def has_moved(request, form) -> bool:
    """The object changed since the page was read; said on top of the form, which keeps everything typed."""
    if not form.has_moved or _earlier(request):
        return False
    form.add_error(None, _("Somebody changed it meanwhile. Compare with what you typed, then save again."))
    return True


def tell(request, command: Command, *, to: str, again, back: str = ""):
    """303 to the page that tells; 422 by `again` when the operator refused; 409 when the world moved.

    `again(refusal)` shows the form with everything typed.
    """
    if command.state == "refused" and command.reason in MOVED:
        told = {"changes": moved.changes(command), "unsent": moved.unsent(command)}
        response = conflict(request, command.reason, back=back or to, **told)
    elif command.state == "refused":
        response = again(Refusal.of(command))
    else:
        _note(request, command)
        drafts.drop(request.user, request.path)
        response = redirect(request, to)
    response["Portal-Command"] = str(command.pk)
    return response


def _earlier(request) -> Command | None:
    return journal.earlier(nonce_of(OnceForm(request.POST)), request.user)


def _note(request, command: Command) -> None:
    """One message above the page; what is not settled is told by the page itself as long as it lasts."""
    if command.state == "done" and command.gap:
        messages.warning(request, _("Done, but the order ids did not arrive. The line page says what to do."))
    elif command.state == "done" and command.kind != Kind.DECLINE:  # the line page offers to undo that one
        messages.success(request, _("Done: %(what)s.") % {"what": DONE[command.kind]})
    elif command.state == "recorded":
        messages.info(
            request, _("Kept, not sent yet: %(why)s It goes out by itself.") % {"why": reason(command.reason)}
        )

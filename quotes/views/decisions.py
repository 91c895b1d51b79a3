"""Accept, decline and restore: a confirmation page each, and what the person is told afterwards."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from quotes import states
from quotes.covage import CovageError
from quotes.errors import Invalid, NotPossible, WorldMoved
from quotes.forms.decisions import DecisionForm, DeclineForm
from quotes.forms.refusals import Refusal
from quotes.htmx import go_on, render_page
from quotes.models.commands import Kind
from quotes.selectors import offers
from quotes.services import decisions, lines
from quotes.services.permissions import may, require
from quotes.services.words import reason
from quotes.views.access import conflict
from quotes.views.answers import MOVED, state_first, tell
from quotes.views.comparing import worded
from quotes.views.line_page import line_of
from quotes.views.methods import form_page

FORMS = {Kind.ACCEPT: DecisionForm, Kind.DECLINE: DeclineForm, Kind.RESTORE: DecisionForm}
OLD = timedelta(minutes=10)  # a price read longer ago is read again before an accept is offered


@form_page
def decide(request, pk, product_id, kind):
    offer = _offer(request, pk, product_id)
    if request.method == "POST":
        require(request.user, kind)
        return _post(request, offer, kind)
    return _get(request, offer, kind)


def _offer(request, pk, product_id):
    line = line_of(request, pk)
    offer = next((offer for offer in line.offers.all() if offer.product_id == product_id), None)
    if offer is None:
        raise Http404
    return offer


def _get(request, offer, kind):
    told = {}
    if kind == Kind.ACCEPT and may(request.user, kind) and _is_old(offer.line):
        told, offer = _read_again(request, offer)
    form = FORMS[kind](initial={"fingerprint": offer.fingerprint})
    return _page(request, offer, kind, form, **told)


def _post(request, offer, kind):
    form = FORMS[kind](request.POST)
    again = _again(request, offer, kind, form)
    try:
        with state_first(decisions.allowed, kind, offer):
            command = _send(request.user, offer, kind, form)
    except Invalid as error:
        return again(Refusal(error.errors))
    except (NotPossible, WorldMoved) as error:
        seen = form["fingerprint"].value()
        return _moved(request, error.reason, _refreshed(offer), kind, other=error.command, seen=seen)
    if command.state == "refused" and command.reason in MOVED:
        response = _moved(request, command.reason, _refreshed(offer), kind, before=command.before)
        response["Portal-Command"] = str(command.pk)
        return response
    return _told(request, command, again)


def _told(request, command, again):
    """The queue goes on in place and says what became of it; elsewhere the line page does."""
    queue = _next(request)
    if not queue or command.state == "refused":
        return tell(request, command, to=f"/lines/{command.line_id}/", again=again)
    response = go_on(request, queue, "#review")
    response["Portal-Command"] = str(command.pk)
    return response


def _send(actor, offer, kind, form):
    if not form.is_valid():
        raise Invalid({})
    values = form.cleaned_data
    given = {"actor": actor, "nonce": values["nonce"], "offer": offer}
    if kind == Kind.ACCEPT:
        return decisions.accept(fingerprint=values["fingerprint"], **given)
    if kind == Kind.DECLINE:
        return decisions.decline(comment=values["comment"], motive=values["motive"], **given)
    return decisions.restore(**given)


def _again(request, offer, kind, form):
    """The page with everything typed, and with the price as it is now."""

    def again(refusal):
        form.refuse(refusal)
        shown = _refreshed(offer)
        form.renew().data["fingerprint"] = shown.fingerprint
        return _page(request, shown, kind, form, status=422)

    return again


def _refreshed(offer):
    offer.refresh_from_db()
    offer.line.refresh_from_db()
    return offer


def _page(request, offer, kind, form, *, status=200, **told):
    line = offer.line
    comparison = offers.compare(line)
    context = {
        "line": line,
        "offer": offer,
        "kind": kind,
        "form": form,
        "column": next(column for column in comparison.columns if column.offer.pk == offer.pk),
        "others": [c.offer for c in comparison.columns if c.offer.pk != offer.pk and "decline" in c.actions],
        "next": _next(request),
        "back": _back(request, line),
        **_hindrance(request.user, offer, kind),
        **told,
    }
    return render_page(request, "quotes/decision.html", "quotes/partials/decision.html", context, status)


def _hindrance(user, offer, kind) -> dict:
    """Why it cannot be done now: `why` is "" when it can; `other` is the decision that was faster."""
    if not may(user, kind):
        return {"why": _("Only a manager can decide."), "other": None}
    try:
        decisions.allowed(kind, offer)
    except NotPossible as error:
        return {"why": str(reason(error.reason)), "other": error.command or decisions.last_on(offer)}
    return {"why": "", "other": None}


def _is_old(line) -> bool:
    return not line.read_at or timezone.now() - line.read_at > OLD / settings.SYNC_SPEED


def _read_again(request, offer):
    """Read the line at the operator while the person waits: how that went, and the offer as it is now."""
    try:
        lines.refresh(offer.line)
    except CovageError:
        return {"not_read": True}, offer
    fresh = _offer(request, offer.line_id, offer.product_id)
    return {"read_again": True, "changes": worded(offers.changes(offer.payload, fresh.payload))}, fresh


def _moved(request, code, offer, kind, *, other=None, before=None, seen=""):
    """409 with what the person saw beside what is so now. `before`: of the command that was recorded and not sent."""
    line = offer.line
    if code == "price_moved":
        old = before["payload"] if before else offers.as_seen(offer, seen)
        changes = worded(offers.changes(old or {}, offer.payload))
    else:
        old = before["line_state"] if before else "refused" if kind == Kind.RESTORE else "ready"
        changes = _state_change(old, offer)
        other = other or decisions.last_on(offer)
    return conflict(request, code, command=other, back=_back(request, line), changes=changes)


def _state_change(old, offer) -> list[dict]:
    was, now = states.offer("", old), states.offer(offer.state, offer.line.state)
    return [{"label": str(offer), "old": was.label, "new": now.label}] if was != now else []


def _back(request, line) -> str:
    """Who takes a step back stays on this line; the queue goes on behind it (`after`) once it is decided."""
    return _next(request).replace("?after=", "?line=", 1) or f"/lines/{line.pk}/"


def _next(request) -> str:
    """Where the person came from, when that was the review queue; any other address is ignored."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if wanted.startswith("/review/") and wanted.isprintable() else ""

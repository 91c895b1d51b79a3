"""The cable route of a basket and of a line: what was observed, who did it, and what is to come."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes import states
from quotes.covage.values import as_moment
from quotes.models import Event
from quotes.models.commands import Kind
from quotes.templatetags.commands import why_declined
from quotes.templatetags.formats import day

# How far a state has come on the route of five nodes; an unknown one is a node of its own, behind the last observed.
_BASKET_AT = {
    "": 0,
    "acknowledged": 0,
    "confirmed": 1,
    "partial_ready": 2,
    "ready": 3,
    "partial_finalized": 3,
    "finalized": 5,
}
_LINE_AT = {
    "": 0,
    "acknowledged": 0,
    "confirmed": 1,
    "ready": 3,
    "unable_to_provide": 2,
    "expired": 3,
    "refused": 3,
    "accepted": 5,
}


def basket_route(basket, lines) -> list[dict]:
    events = _first_events(Event.objects.filter(basket=basket, line=None))
    at = _BASKET_AT.get(basket.state)
    if basket.state == "finalized" and any(not states.line(line.state).final for line in lines):
        at = 3
    steps = [
        _step(_("Draft"), events.get("create_basket") or events.get("found"), basket.creation_date or basket.added_at),
        _step(
            _("Sent to the operator"),
            events.get("confirm_basket") or events.get("confirmed"),
            None,
            _("after confirmation"),
        ),
        _step(_("Prices in"), events.get("partial_ready") or events.get("ready"), None, _("in hours or days")),
        _step(_("Decisions"), None, None, _decided(lines) if at is None or at >= 2 else _("line by line")),
        _step(_("Closed"), events.get("finalized"), None, _("all lines decided")),
    ]
    return _drawn(steps, at, states.basket(basket.state), events.get(basket.state))


def line_route(line) -> list[dict]:
    own = _first_events(Event.objects.filter(line=line))
    of_basket = _first_events(Event.objects.filter(basket=line.basket, line=None)) if line.basket else {}
    confirmed = of_basket.get("confirm_basket") or own.get("confirmed")
    at, ordered = _LINE_AT.get(line.state), as_moment(line.value("order_date"))
    steps = [
        _step(_("Draft"), own.get("add_line") or own.get("found"), line.creation_date or line.added_at),
        _step(_("Confirmed"), confirmed, None, _("with its basket")),
        _step(_("Prices in"), own.get("price_received") or own.get("ready"), line.response_date, _("in hours or days")),
        _step(_("Decision"), own.get("decided"), None, _decision_hint(line)),
        _step(_("Order line"), own.get("accept"), ordered, _("made if an offer is accepted")),
    ]
    if line.state == "unable_to_provide":
        steps[2] |= {"title": _("Not possible"), "status": "broken"}
    if line.state in ("expired", "refused"):
        steps[3] |= {"title": str(states.line(line.state).label), "status": "broken"}
    return _drawn(steps, at, states.line(line.state), own.get(line.state))


def _first_events(events) -> dict:
    """The newest event of each meaning: the kind of a command that was done, or the state that was reached."""
    found = {}
    for event in events.select_related("actor", "command").order_by("id")[:500]:
        if event.kind == "command_done":
            kind = event.data.get("command_kind")
            found[kind] = event
            if kind in (Kind.ACCEPT, Kind.DECLINE):
                found["decided"] = event
        elif event.kind.endswith("_state"):
            found[event.data.get("new")] = event
        elif event.kind.endswith("_found"):
            found.setdefault("found", event)
        elif event.kind == "price_received":
            found.setdefault("price_received", event)
    return found


def _step(title, event, when=None, hint="") -> dict:
    by = (event.actor_name or _("synchronisation")) if event else ""
    if event and event.data.get("command_kind") == Kind.DECLINE:
        by = ", ".join(filter(None, (by, why_declined(event.command))))
    observed = event.at if event else None
    return {"title": title, "when": observed or when, "by": by, "hint": hint, "observed": observed}


def _drawn(steps, at, state, event) -> list[dict]:
    """`at`: how far it has come; None for a state that is not documented."""
    if at is None:
        at = 1 + max((number for number, step in enumerate(steps) if step["observed"]), default=0)
        steps.insert(at, _step(str(state.label), event))
    return _marked(steps, at)


def _marked(steps, at) -> list[dict]:
    for number, step in enumerate(steps):
        if step.get("status") == "broken":
            continue
        step["status"] = "done" if number < at else "now" if number == at else "todo"
        if step["status"] == "todo":
            step |= {"when": _taken_back(step["observed"]) or step["hint"], "by": ""}
        elif step["status"] == "now":
            step["when"] = step["when"] or step["hint"]
    return steps


def _taken_back(observed) -> str:
    """It had come as far once: the operator went back, which the drawing must not hide."""
    when = observed and day(localtime(observed).date(), year=True)
    return _("was so on %(date)s, no longer") % {"date": when} if when else ""


def _decided(lines) -> str:
    final = sum(states.line(line.state).final for line in lines)
    return ngettext("%(n)d of %(all)d decided", "%(n)d of %(all)d decided", final) % {"n": final, "all": len(lines)}


def _decision_hint(line) -> str:
    if line.validity_date is None:
        return _("after the prices")
    return _("before %(date)s") % {"date": day(localtime(line.validity_date).date(), year=True)}

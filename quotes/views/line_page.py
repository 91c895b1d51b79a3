"""The line page: what was asked and answered, the offers side by side, and what is under way."""

from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quotes import states
from quotes.drawing import draw_trace
from quotes.forms.base import OnceForm
from quotes.forms.kmz_words import notes
from quotes.htmx import render_page
from quotes.models.commands import Kind
from quotes.selectors import history, lineage
from quotes.selectors import lines as selector
from quotes.selectors.lateness import days_late
from quotes.selectors.traces import facts, site_of
from quotes.services.lines import may_add
from quotes.services.permissions import may
from quotes.services.requoting import may_be_asked_again
from quotes.sync import watch
from quotes.views import comments, polling
from quotes.views import facts as line_facts
from quotes.views.basket_check import needs
from quotes.views.comparing import side_by_side
from quotes.views.documents import documents
from quotes.views.routes import line_route
from quotes.views.undoing import outcome
from quotes.views.waiting import limit, steps

TOLD_FOR = timedelta(days=2)  # how long the page tells that the last action had no effect
WAITED_FOR = ("confirmed", "ready")  # states in which the operator or another person moves the line next


@require_safe
def detail(request, pk):
    return page(request, line_of(request, pk))


@require_safe
def news(request, pk):
    """The fragment that says whether the page is still true. It never moves what the reader looks at."""
    line = line_of(request, pk)
    context = _news(line, history.writes(line), seen=request.GET.get("seen", ""), n=polling.asked(request))
    return render(request, "quotes/partials/line_news.html", context)


def line_of(request, pk):
    return get_object_or_404(selector.visible(request.user).prefetch_related("offers", "traces"), pk=pk)


def page(request, line, *, errors=(), status=200):
    """`errors`: plain items for the error list, when what was started from here was refused."""
    watch.looked_at(line.basket)
    context = {"line": line, "errors": errors, "events": history.of(line=line)[:8]}
    context |= _under_way(request, line)
    context |= _asked_and_answered(line, context["created_by"])
    context |= traced(line) | documents(request.user, line)
    context |= _possible(request.user, line) | comments.shown(line)
    context["lineage"] = lineage.of(line)
    return render_page(request, "quotes/line.html", "quotes/partials/line.html", context, status)


def traced(line, other=None) -> dict:
    """The trace as drawn, over another version of it if wanted, and its twin in words."""
    trace, site = line.shown_trace, site_of(line)
    found = facts(trace, site) if trace else None
    return {
        "trace": trace,
        "trace_facts": found,
        "trace_notes": notes(trace.notes) if trace else [],
        "drawing": draw_trace(trace.geometry, site=site, other=other and other.geometry) if found else "",
        "is_older": bool(trace and line.has_trace and trace.remote_name not in ("", line.trace_name)),
    }


def _under_way(request, line) -> dict:
    writes = history.writes(line)
    pending = [command for command in reversed(writes) if command.is_pending]
    accepted = _accepted(line, writes)
    return {
        "pending": [command for command in pending if command != accepted["checked"]],
        "failed": _failed(writes),
        "told": outcome(request.user, line, writes[0]) if writes and writes[0].kind == Kind.DECLINE else None,
        "created_by": next((c for c in writes if c.kind == Kind.ADD_LINE), None),
        "comparison": side_by_side(request.user, line, next(iter(pending), None)),
        **accepted,
        **_news(line, writes),
    }


def _accepted(line, writes) -> dict:
    """An accept that is being checked takes the place of the route; one that is done is the order."""
    accept = next((c for c in writes if c.kind == Kind.ACCEPT and not c.had_no_effect), None)
    checked = accept if accept and accept.state in ("uncertain", "needs_person") else None
    return {
        "checked": checked,
        "steps": steps(checked) if checked else line_route(line),
        "limit": limit(checked) if checked else None,
        "order": accept if accept and accept.state == "done" else None,
    }


def _failed(writes):
    """The newest write, when it had no effect and nobody has done anything since."""
    newest = writes[0] if writes else None
    if newest is None or not newest.had_no_effect or newest.state == "withdrawn":
        return None
    return newest if newest.settled_at and timezone.now() - newest.settled_at < TOLD_FOR else None


def _news(line, writes, seen="", n=0) -> dict:
    mark = "-".join([str(line.revision), *(command.state for command in writes[:5])])
    moves = any(command.state in states.MOVING for command in writes)
    waits = moves or (line.state in WAITED_FOR and not line.is_gone)
    has_news = bool(seen) and seen != mark
    ladder = polling.ACT if moves else polling.WATCH
    again = polling.poll(ladder, f"/_/lines/{line.pk}/news", n, seen=mark) if waits and not has_news else None
    return {"line": line, "has_news": has_news, "waits": waits, "moves": moves, "poll": again, "now": timezone.now()}


def _asked_and_answered(line, created_by) -> dict:
    """The specification's fields of a line; of one that the operator does not know yet, what was typed."""
    received = line.payload or (created_by.params if created_by else {})
    deadline = line.validity_date if line.state == "ready" else None
    return {
        "request_facts": line_facts.request(received),
        "operator_notes": line_facts.notes(received),
        "answer_facts": line_facts.answer(line),
        "contacts": line_facts.contacts(received),
        "managers": line_facts.managers(received),
        "other_facts": line_facts.unknown(line),
        "prices_received": line_facts.prices(line),
        "deadline": timezone.localtime(deadline).date() if deadline else None,
        "late": _days_late(line, received),
        "needs": needs(line) if line.allows("edit_line") else [],
    }


def _days_late(line, received) -> int:
    if line.state != "confirmed" and not line.response_date:
        return 0
    return days_late(received.get("expected_response_date"), line.response_date)


def _possible(user, line) -> dict:
    return {
        "can_edit": may(user, "edit") and line.allows("edit_line"),
        "can_copy": may(user, "create") and bool(line.payload) and line.basket is not None and may_add(line.basket),
        "can_ask_again": may(user, "create") and may_be_asked_again(line),
        "can_delete": may(user, "edit") and line.allows("delete_line"),
        "can_trace": may(user, "trace") and line.allows("trace"),
        "interval": _interval(line),
        "events_href": f"/activity/?line={line.pk}",
        "pdf_form": OnceForm(auto_id=False),
    }


def _interval(line) -> float:
    """How often the line is read: what its stamp measures freshness by."""
    if line.shown_state.final and line.state != "refused":
        return settings.SYNC["closed"]
    return watch.usual_interval(line.basket) if line.basket else settings.SYNC["warm"]

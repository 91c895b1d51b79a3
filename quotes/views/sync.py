"""How fresh everything is and how the operator does, in plain words first; and reading everything now."""

from celery import current_app
from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from quotes.htmx import redirect
from quotes.selectors import commands, health
from quotes.services import syncing
from quotes.views import sync_facts
from quotes.views.polling import JOB, asked, poll

SHOWN = 50  # waiting actions


@require_safe
def index(request):
    operator = health.operator()
    waiting = list(commands.waiting(request.user)[: SHOWN + 1])
    readings = _jobs(0)
    context = {
        "operator": operator,
        "now": timezone.now(),
        "is_down": bool(operator.failing_since),
        "is_late": sync_facts.is_late(operator, readings["read_at"]),
        "drawing": sync_facts.drawing(operator, readings["read_at"]),
        "waiting": waiting[:SHOWN],
        "has_more": len(waiting) > SHOWN,
        "queued": sum(command.state in ("recorded", "sending") for command in waiting),
        "checked": sum(command.state == "uncertain" for command in waiting),
        "parked": sum(command.state == "needs_person" for command in waiting),
        "token": sync_facts.token(operator),
        "next_try": sync_facts.next_try(operator),
        "unknown_states": health.unknown_states(),
        "rejected": sync_facts.rejected(),
        **readings,
    }
    return render(request, "quotes/sync.html", context)


@require_safe
def jobs(request):
    """The table of the readings, as long as one is under way."""
    return render(request, "quotes/partials/sync_jobs.html", _jobs(asked(request)))


@require_POST
def run(request):
    syncing.ask(actor=request.user)
    if _hurry():
        messages.success(request, _("Done: everything is being read from the operator. The table shows how it goes."))
    else:
        messages.warning(
            request,
            _("Everything is marked to be read. The background worker cannot be hurried now; it begins by itself."),
        )
    return redirect(request, "/sync/")


def _hurry() -> bool:
    """Only a nudge: the readings are due in the database already."""
    try:
        current_app.send_task("quotes.tasks.sync_now", expires=60)
    except OperationalError:
        return False
    return True


def _jobs(n: int) -> dict:
    now = timezone.now()
    rows = sync_facts.jobs(now)
    is_busy = any(row.is_running or row.is_due for row in rows if row.name in syncing.NOW)
    return {
        "jobs": rows,
        "read_at": sync_facts.read_at(rows),
        "interval": health.list_interval(),
        "poll": poll(JOB, "/_/sync/jobs", n) if is_busy else None,
    }

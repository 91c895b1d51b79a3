"""Pages of the commands: everything that was to be written to the operator, and what became of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes import states
from quotes.errors import Invalid, NotPossible
from quotes.forms.decisions import ResolveForm
from quotes.forms.histories import CommandFilter
from quotes.htmx import redirect, render_page, wants_fragment
from quotes.models import Command
from quotes.selectors import commands as selector
from quotes.selectors import history
from quotes.services import journal, resolving
from quotes.services.permissions import may, require
from quotes.services.words import reason
from quotes.views.command_facts import answered, sent, shown
from quotes.views.command_route import command_route
from quotes.views.logs import render_log
from quotes.views.polling import ACT, asked, poll


@require_safe
def index(request):
    commands = selector.visible(request.user).order_by("-recorded_at", "id")
    filters = CommandFilter(request.GET, queryset=commands)
    return render_log(request, filters, "commands", tabs=_tabs(request))


@require_safe
def detail(request, pk):
    """When what somebody watches has moved, the whole page comes anew: its marks say how it stands."""
    command = _command(request, pk)
    if wants_fragment(request) and request.GET.get("seen", command.state) != command.state:
        return redirect(request, f"/commands/{pk}/")
    return _page(request, command, ResolveForm())


@require_POST
def withdraw(request, pk):
    command = _command(request, pk)
    journal.withdraw(command, actor=request.user)
    messages.success(request, _("Done: withdrawn. Nothing was sent to the operator."))
    return redirect(request, f"/commands/{pk}/", command)


@require_POST
def resolve(request, pk):
    command = _command(request, pk)
    require(request.user, "resolve")
    if not resolving.is_open(command):
        raise NotPossible("not_open", command=command)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _page(request, command, form)
    try:
        _resolve(request.user, command, form.cleaned_data)
    except Invalid as error:
        for name, codes in error.errors.items():
            form.add_error(name, [reason(code) for code in codes])
        return _page(request, command, form)
    messages.success(request, _("Done: settled, with your name and your reason in the history."))
    return redirect(request, f"/commands/{pk}/", command)


def _resolve(actor, command, values):
    ids = {name: values[name] for name in resolving.ORDER_IDS}
    happened = values["outcome"] == "happened"
    resolving.resolve(command, actor=actor, happened=happened, note=values["note"], ids=ids)


def _command(request, pk) -> Command:
    return get_object_or_404(selector.visible(request.user), pk=pk)


def _page(request, command, form) -> HttpResponse:
    n, events = asked(request), list(history.of_command(command))
    is_open, is_moving = resolving.is_open(command), command.state in states.MOVING
    for name in set(resolving.ORDER_IDS) - set(resolving.missing_ids(command)):
        form.fields.pop(name)
    context = {
        "command": command,
        "steps": command_route(command, events[::-1]),
        "events": events,
        "sent": sent(command),
        "answered": answered(command),
        "shown": shown(command) if command.state == "needs_person" else [],
        "shown_at": (command.line or command.basket).read_at if command.line or command.basket else None,
        "is_moving": is_moving,
        "poll": poll(ACT, f"/commands/{command.pk}/", n, seen=command.state) if is_moving else None,
        "can_withdraw": "withdraw" in command.shown_state.allows and may(request.user, "withdraw"),
        "is_open": is_open,
        "form": form if is_open and may(request.user, "resolve") else None,
    }
    status = 422 if form.errors else 200
    return render_page(request, "quotes/command.html", "quotes/partials/command.html", context, status)


def _tabs(request) -> list[dict]:
    wanted = set(request.GET.getlist("state"))
    tabs = [
        ((), _("All")),
        (states.PENDING, _("Not settled")),
        (("needs_person",), _("Needs a person")),
        (("refused", "not_applied", "expired"), _("Without effect")),
    ]
    return [
        {
            "href": "?" + "&".join(f"state={state}" for state in found),
            "label": label,
            "current": set(found) == wanted,
        }
        for found, label in tabs
    ]

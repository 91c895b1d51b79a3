"""The history: who did what, when, on what. It is read here and never edited anywhere."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from quotes.forms.histories import SYNCHRONISATION, EventFilter
from quotes.models import Event
from quotes.selectors import history
from quotes.templatetags.history import sentence
from quotes.views.csvs import sheet, unreadable
from quotes.views.event_facts import changes
from quotes.views.logs import render_log

NAMES = ("at", "kind", "what", "person", "basket_id", "basket", "line_id", "line", "command_id", "request_id")


@require_safe
def index(request):
    filters = EventFilter(request.GET, queryset=history.everything())
    return render_log(request, filters, "activity", complete=_complete, nobody=SYNCHRONISATION)


@require_safe
def csv(request):
    filters = EventFilter(request.GET, queryset=history.everything())
    if not filters.is_valid():
        return unreadable(request, filters, "/activity/")
    return sheet(request, "activity", NAMES, map(_row, filters.qs.iterator(2000)))


def _complete(event: Event) -> None:
    event.changes = changes(event)


def _row(event: Event) -> list[str]:
    about = [event.basket_id, event.basket, event.line_id, event.line and (event.line.reference or event.line)]
    moment = timezone.localtime(event.at).isoformat(timespec="seconds")
    cells = [moment, event.kind, sentence(event), event.actor_name or SYNCHRONISATION, *about]
    return ["" if cell is None else str(cell) for cell in [*cells, event.command_id, event.request_id]]

"""The lines of `/lines/` on one map: the same filters, the newest first, each where the operator says its site is."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from quotes.drawing import Point, draw_points
from quotes.forms.filters import LineFilter
from quotes.selectors import lines as selector
from quotes.selectors.traces import site_of
from quotes.templatetags.icons import ICONS
from quotes.views import tiles
from quotes.views.listing import chips, filled

MOST = 300  # lines on one map, and in the list below it


@require_safe
def index(request):
    filters = LineFilter(request.GET, queryset=selector.visible(request.user).filter(is_void=False))
    is_valid = filters.is_valid()
    _sort, rows = filters.sorted(filters.qs if is_valid else filters.queryset.none(), "-creation_date")
    found = list(rows[: MOST + 1])
    lines = found[:MOST]
    for line in lines:
        line.place = site_of(line)
    placed = [line for line in lines if line.place]
    context = {
        "filters": filters,
        "chips": chips(request, filters),
        "query": filled(request),
        "lines": placed,
        "looked_at": len(lines),
        "elsewhere": len(lines) - len(placed),
        "is_cut": len(found) > MOST,
        "drawing": draw_points([_point(line) for line in placed]) if placed else "",
        "states": _states(placed),
        **tiles.context(),
    }
    return tiles.allowed(render(request, "quotes/line_map.html", context, status=200 if is_valid else 422))


def _point(line) -> Point:
    state = line.shown_state
    words = [line.title, line.reference if line.reference != line.title else "", str(state.label)]
    title = ", ".join(filter(None, words))
    return Point(line.place, f"/lines/{line.pk}/", title, state.tone, ICONS[state.icon])


def _states(lines) -> list[dict]:
    """The legend: each state that is drawn, and how often."""
    found: dict = {}
    for line in lines:
        found.setdefault(line.state, {"state": line.shown_state, "count": 0})["count"] += 1
    return list(found.values())

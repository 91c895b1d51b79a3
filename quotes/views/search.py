"""One box for everything: what names one thing leads to it, other words to what holds them. And the palette."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes.covage import CovageError
from quotes.forms.filters import BasketFilter, LineFilter
from quotes.htmx import redirect as go_to
from quotes.htmx import render_page, wants_fragment
from quotes.models import Line
from quotes.models.mirror import fold
from quotes.selectors import baskets as basket_selector
from quotes.selectors import comments
from quotes.selectors import lines as line_selector
from quotes.selectors import search as selector
from quotes.selectors.counts import counted
from quotes.services import finding
from quotes.services.permissions import require
from quotes.views import palette as actions
from quotes.views.listing import count_words
from quotes.views.tellings import unreachable

SHOWN = 5
SHORTEST = 2  # letters, before the palette looks for anything


@require_safe
def search(request):
    """While somebody types (a fragment) an exact name is only shown first; it is followed on Enter."""
    text = _typed(request.GET)
    asked = selector.asked(text)
    one = selector.exact(request.user, text) if text and not asked.filters else None
    if one and not wants_fragment(request):
        return redirect(_place(one))
    context = {"q": text, "words": asked.words, "one": one, "is_line": isinstance(one, Line)}
    context |= {"fragment": wants_fragment(request)} | _groups(request, asked)
    return render_page(request, "quotes/search.html", "quotes/partials/search_results.html", context)


@require_safe
def palette(request):
    """The options under the box: what is found, the exact name first, then what can be done."""
    text = _typed(request.GET)
    asked = selector.asked(text)
    found = {}
    if len(text) >= SHORTEST:
        found = _groups(request, asked) | {"one": selector.exact(request.user, text)}
    context = {"q": text, "words": asked.words, "acts": actions.matching(request.user, fold(text)), **found}
    context["is_line"] = isinstance(found.get("one"), Line)
    return render(request, "quotes/partials/palette_options.html", context)


@require_POST
def look(request):
    """At the operator, for what the portal has not read yet."""
    require(request.user, "refresh")
    text = _typed(request.POST)
    back = f"/search/?{urlencode({'q': text})}"
    try:
        found = finding.look(actor=request.user, text=text) if text else None
    except CovageError:
        unreachable(request)
        return go_to(request, back)
    if found is None:
        messages.info(request, _("The operator knows nothing by this name either."))
        return go_to(request, back)
    messages.success(request, _("Found at the operator and read just now."))
    return go_to(request, _place(found))


def _groups(request, asked) -> dict:
    """The newest lines and baskets that answer, how many there are behind each link, and the projects so called."""
    if not asked.words and not asked.filters:
        return {}
    lines, line_query = _filtered(LineFilter, asked.of_lines(), line_selector.listed(request.user))
    baskets, basket_query = _filtered(BasketFilter, asked.of_baskets(), basket_selector.listed(request.user))
    counts = counted({"lines": lines.qs, "baskets": baskets.qs})
    found_lines, found_baskets = _newest(lines, asked), _newest(baskets, asked)
    basket_selector.with_lines(found_baskets)
    return {
        "line_query": line_query,
        "basket_query": basket_query,
        "lines": found_lines,
        "baskets": found_baskets,
        "projects": _projects(asked),
        "n": counts,
        "line_count": count_words(counts["lines"]),
        "basket_count": count_words(counts["baskets"]),
    }


def _filtered(filter_class, fields: dict | None, rows):
    """The filter set of a list, and the query that shows the same there. An unreadable one finds nothing."""
    query = urlencode(fields or {})
    rows = rows.prefetch_related(None) if fields is not None else rows.none()
    found = filter_class(QueryDict(query), queryset=rows)
    return (found if found.is_valid() else filter_class(QueryDict(), queryset=rows.none())), query


def _newest(filters, asked) -> list:
    rows = list(filters.sorted(filters.qs, "-creation_date")[1][:SHOWN])
    noun = filters.Meta.model._meta.model_name
    said = comments.excerpts(noun, [row.pk for row in rows], asked.words) if asked.words else {}
    for row in rows:
        row.said = said.get(row.pk, "")
    return rows


def _projects(asked) -> list[str]:
    if not asked.words or asked.filters:
        return []
    codes = basket_selector.active_projects()
    return [code for code in codes if all(word in fold(code) for word in asked.words)][:SHOWN]


def _typed(fields) -> str:
    return fields.get("q", "").replace("\0", "").strip()[: selector.LONGEST]


def _place(found) -> str:
    return f"/lines/{found.pk}/" if isinstance(found, Line) else f"/baskets/{found.pk}/"

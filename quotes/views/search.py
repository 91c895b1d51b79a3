"""One box for everything: what names one thing leads to it, other words to what holds them."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from quotes.forms.filters import BasketFilter, LineFilter
from quotes.htmx import render_page, wants_fragment
from quotes.models import Line
from quotes.selectors import baskets as basket_selector
from quotes.selectors import lines as line_selector
from quotes.selectors import search as selector
from quotes.selectors.counts import counted
from quotes.views.listing import count_words

SHOWN = 5


@require_safe
def search(request):
    """While somebody types (a fragment) an exact name is only shown first; it is followed on Enter."""
    text = request.GET.get("q", "").replace("\0", "").strip()[: selector.LONGEST]
    words = selector.words(text)
    one = selector.exact(request.user, text) if text else None
    if one and not wants_fragment(request):
        return redirect(f"/lines/{one.pk}/" if isinstance(one, Line) else f"/baskets/{one.pk}/")
    context = {"q": text, "words": words, "one": one, "is_line": isinstance(one, Line)}
    context |= {"fragment": wants_fragment(request)} | (_groups(request, words) if words else {})
    return render_page(request, "quotes/search.html", "quotes/partials/search_results.html", context)


def _groups(request, words) -> dict:
    """The newest lines and baskets that hold all the words, and how many there are behind each link."""
    query = QueryDict(urlencode({"q": " ".join(words)}))
    lines = LineFilter(query, queryset=line_selector.listed(request.user).prefetch_related(None))
    baskets = BasketFilter(query, queryset=basket_selector.listed(request.user))
    counts = counted({"lines": lines.qs, "baskets": baskets.qs})
    found_lines = list(lines.sorted(lines.qs, "-creation_date")[1][:SHOWN])
    found_baskets = list(baskets.sorted(baskets.qs, "-creation_date")[1][:SHOWN])
    basket_selector.with_lines(found_baskets)
    return {
        "query": query.urlencode(),
        "lines": found_lines,
        "baskets": found_baskets,
        "n": counts,
        "line_count": count_words(counts["lines"]),
        "basket_count": count_words(counts["baskets"]),
    }

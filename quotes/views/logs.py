"""What the lists of commands and of events do alike: filter, count with a cap, one page, as a page or as `#results`."""

from quotes.htmx import render_page, wants_fragment
from quotes.views.listing import chips
from quotes.views.paging import page_of


def render_log(request, filters, noun: str, *, complete=None, **context):
    """`filters`: a filter set over the ordered rows; an unreadable one shows none (422). `complete(row)` adds to each
    row of the page what it shows."""
    is_valid = filters.is_valid()
    page = page_of(request, filters.qs if is_valid else filters.queryset.none())
    for row in page.object_list if complete else []:
        complete(row)
    context |= {
        "filters": filters,
        "page": page,
        "chips": [_in_words(chip, filters) for chip in chips(request, filters)],
        "query": request.GET.urlencode(),
        "fragment": wants_fragment(request),
    }
    templates = f"quotes/{noun}.html", f"quotes/partials/{noun}_results.html"
    return render_page(request, *templates, context, status=200 if is_valid else 422)


def _in_words(chip, filters) -> dict:
    """A filter set may hold `words` for coded values: {name: {value: label}}."""
    return chip | {"value": filters.words.get(chip["name"], {}).get(chip["value"], chip["value"])}

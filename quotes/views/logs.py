"""What the lists of commands and of events do alike: filter, count with a cap, one page, as a page or as `#results`."""

from quotes.htmx import render_page, wants_fragment
from quotes.views.listing import chips, page_of


def render_log(request, filters, nothing, noun: str, **context):
    """`filters`: a filter set over the ordered rows; an unreadable one shows `nothing`, an empty queryset (422)."""
    is_valid = filters.is_valid()
    context |= {
        "filters": filters,
        "page": page_of(request, filters.qs if is_valid else nothing),
        "chips": chips(request, filters),
        "query": request.GET.urlencode(),
        "fragment": wants_fragment(request),
    }
    templates = f"quotes/{noun}.html", f"quotes/partials/{noun}_results.html"
    return render_page(request, *templates, context, status=200 if is_valid else 422)

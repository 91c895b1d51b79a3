"""What all lists do alike: filter, sort, count with a cap, one page, as a page or as the fragment `#results`."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from quotes.forms.choosing import acts_of
from quotes.htmx import render_page, wants_fragment
from quotes.selectors import pending
from quotes.selectors.counts import COUNTED
from quotes.templatetags.formats import number
from quotes.views.arranging import columns_of, kept_query, tabs
from quotes.views.changes import watched
from quotes.views.paging import page_of

ARRANGED = ("sort", "page_size", "columns")  # what a new filter leaves as it is; swapped together with the rows


def render_list(request, filter_class, queryset, noun: str, *, sort: str, complete, **context):
    """Baskets or lines. `complete(rows)` adds to the rows of one page what they show; an unreadable filter shows
    none (422)."""
    filters = filter_class(request.GET, queryset=queryset)
    is_valid = filters.is_valid()
    sort, rows = filters.sorted(filters.qs if is_valid else queryset.none(), sort)
    page = pending_page(request, rows)
    complete(page.object_list)
    query = filled(request)
    context |= {
        "filters": filters,
        "page": page,
        "sort": sort,
        "query": query,
        "arranged": [(name, request.GET[name]) for name in ARRANGED if request.GET.get(name)],
        "chips": chips(request, filters),
        "columns": columns_of(request, noun),
        "acts": acts_of(request.user) if noun == "lines" and page.paginator.count > 1 else [],
        "more_filters": any(request.GET.get(name) for name in filter_class.more),
        "fragment": wants_fragment(request),  # only then the count is spoken
        "focus": wants_fragment(request) and request.htmx.trigger != "filters",  # a sort or a page, not somebody typing
        "news_poll": watched(noun, QueryDict(query), page.object_list),
        "noun": noun,
        "list_query": kept_query(filter_class, query),
        **tabs(request, noun),
    }
    templates = f"quotes/{noun}.html", f"quotes/partials/{noun}_results.html"
    response = render_page(request, *templates, context, status=200 if is_valid else 422)
    if wants_fragment(request):
        response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    return response


def pending_page(request, rows):
    """One page of baskets or lines, with what is on its way to the operator beside each row."""
    page = page_of(request, pending.with_pending(rows))
    pending.shown(page.object_list)
    for row in page.object_list:
        row.created_on = timezone.localtime(row.creation_date or row.added_at).date()
    return page


def filled(request) -> str:
    """The query without what a form sends empty: an address that people can read and mail."""
    return urlencode([(name, text) for name, texts in request.GET.lists() for text in texts if text.strip()])


def count_words(n: int) -> str:
    """A capped count as it is shown."""
    return number(n) if n <= COUNTED else f"> {number(COUNTED)}"


def chips(request, filters) -> list[dict]:
    """The filters that are on, each with the address that takes it off."""
    found = []
    for name, field in filters.form.fields.items():
        values = [value for value in request.GET.getlist(name) if value.strip()]
        if name == "line" and values:
            found.append({"name": name, "label": field.label, "value": len(values), "href": _without(request, name)})
            continue
        for value in values:
            known = getattr(filters, "known_states", {}).get(value) if name == "state" else None
            shown = known.label if known else value
            href = _without(request, name, value)
            found.append({"name": name, "label": field.label, "value": shown, "href": href})
    return found


def _without(request, name, value=None) -> str:
    """This address without a filter, or without one of its values."""
    rest = request.GET.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if value and other != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}"

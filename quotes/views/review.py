"""The review queue: the lines to decide, one at a time; the decisions on their way; those of this month."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from quotes.forms.choosing import acts_of
from quotes.forms.filters import LineFilter
from quotes.forms.review import WITHIN, ReviewFilter
from quotes.htmx import render_page, wants_fragment
from quotes.models import Line
from quotes.selectors import baskets, places
from quotes.selectors import lines as line_selector
from quotes.selectors import queue as selector
from quotes.services import decisions
from quotes.views.arranging import columns_of
from quotes.views.changes import watched
from quotes.views.comparing import side_by_side
from quotes.views.listing import chips, count_words, pending_page
from quotes.views.paging import page_of
from quotes.views.undoing import outcome

FILTERS = ("project_id", "person", "within", "basket", "validity_date_gte", "validity_date_lt")
IN_SELECTS = ("project_id", "person", "within")


@require_safe
def review(request):
    filters = ReviewFilter(request.GET, queryset=line_selector.to_decide(request.user))
    is_valid = filters.is_valid()
    queue = filters.qs if is_valid else filters.queryset.none()
    counts = selector.counts(request.user, queue)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    context = VIEWS[view](request, filters, queue) | {
        "view": view,
        "n": counts,
        "filters": filters,
        "tabs": _tabs(view, counts),
        "lead": _lead(counts),
        "body": f"quotes/partials/review_{view or 'queue'}.html",
        "fragment": wants_fragment(request),
    }
    return render_page(request, "quotes/review.html", context["body"], context, status=200 if is_valid else 422)


def _queue(request, filters, queue) -> dict:
    kept = [(name, value) for name in FILTERS for value in request.GET.getlist(name) if value]
    wanted, after = _asked(request)
    place = selector.place(queue, wanted, after=after)
    line_selector.with_prices(place.rows)
    places.with_towns(place.rows)
    for line in place.rows:
        line.offer_count = sum(not offer.is_gone for offer in line.offers.all())
        line.decide_before = timezone.localtime(line.validity_date).date() if line.validity_date else None
    projects, people = selector.proposed(request.user)
    return {
        "place": place,
        "line": place.line,
        "left_queue": bool(wanted and not after and place.line != wanted),
        "wanted": wanted,
        **_told(request.user, wanted if after or "told" in request.GET else None, kept),
        "kept": urlencode(kept),
        "chips": _chips(request, filters),
        "projects": projects,
        "people": people,
        "within": WITHIN,
        "focus": after or wants_fragment(request),
        "noun": "review",
        "news_poll": _watched(place, kept),
        **_offers(request.user, place.line, kept),
    }


def _watched(place, kept):
    """Whether the rows beside the comparison are still those of the queue."""
    here = [("line", place.line.pk)] if place.line else []
    query = QueryDict(urlencode([*here, *kept]))
    return watched("review", query, place.rows, start=max(0, place.number - 1) // selector.SHOWN * selector.SHOWN)


def _told(user, line, kept) -> dict:
    """What became of the decision that the person comes from; taking it back leads to its line."""
    if line is None:
        return {}
    again = f"/review/?{urlencode([('line', line.pk), ('told', 1), *kept])}"
    return {"told": outcome(user, line, selector.last_decision(user, line)), "next": again}


def _offers(user, line, kept) -> dict:
    """The comparison, with links that come back to the queue behind this line."""
    if line is None:
        return {}
    back = f"/review/?{urlencode([('after', line.pk), *kept])}"
    return {
        "comparison": side_by_side(user, line, decisions.under_way(line)),
        "decide_query": f"?{urlencode({'next': back})}",
    }


def _list(request, filters, queue) -> dict:
    """All of them in a table, to compare, and to decline several at once."""
    page = pending_page(request, queue)
    line_selector.with_prices(page.object_list)
    acts = acts_of(request.user) if page.paginator.count > 1 else []
    return {
        "page": page,
        "columns": columns_of(request, "lines"),
        "acts": acts,
        "list_query": _as_lines(request),
        "chips": _chips(request, filters),
    }


def _as_lines(request) -> str | None:
    """The same rows as a query of the list of lines; None when it has no such filter."""
    if any(request.GET.get(name) for name in FILTERS if name not in LineFilter.base_filters):
        return None
    return urlencode([("state", "ready"), *[(name, request.GET[name]) for name in FILTERS if request.GET.get(name)]])


def _sent(request, filters, queue) -> dict:
    return {"commands": list(selector.on_their_way()[:100])}


def _decided(request, filters, queue) -> dict:
    page = page_of(request, selector.decided_this_month(request.user))
    places.with_towns(page.object_list)
    return {"page": page}


VIEWS = {"": _queue, "list": _list, "sent": _sent, "decided": _decided}


def _asked(request) -> tuple[Line | None, bool]:
    """The line that `line` names, or the one that was decided just now (`after`), and whether it was the latter."""
    after = request.GET.get("after", "")
    try:
        pk = UUID(after or request.GET.get("line", ""))
    except ValueError:
        return None, False
    return line_selector.visible(request.user).filter(pk=pk).first(), bool(after)


def _chips(request, filters) -> list[dict]:
    """Only for filters that no list box shows; a basket by its name."""
    found = [chip for chip in chips(request, filters) if chip["name"] not in IN_SELECTS]
    basket = filters.form.cleaned_data.get("basket") if filters.is_valid() else None
    row = baskets.visible(request.user).filter(pk=basket).first() if basket else None
    return [chip | {"value": row} if row and chip["name"] == "basket" else chip for chip in found]


def _tabs(view, n) -> list[dict]:
    found = (("", _("To decide"), "to_decide"), ("list", _("As a list"), "shown"), ("sent", _("On their way"), "sent"))
    found += (("decided", _("Decided this month"), "decided"),)
    return [
        {"href": f"?view={v}" if v else "?", "label": label, "count": count_words(n[name]), "current": v == view}
        for v, label, name in found
    ]


def _lead(n) -> str:
    waiting = ngettext("%(n)s line awaits a decision", "%(n)s lines await a decision", n["to_decide"])
    soon = ngettext("%(n)s ends within 7 days", "%(n)s end within 7 days", n["soon"])
    words = waiting % {"n": count_words(n["to_decide"])}
    return f"{words}, {soon % {'n': count_words(n['soon'])}}." if n["soon"] else f"{words}."

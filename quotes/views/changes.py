"""What changed in a list since it was shown, in one line: the rows themselves move on a click only."""

from dataclasses import dataclass

from django.db.models import Value
from django.http import Http404, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quotes.forms.filters import BasketFilter, LineFilter
from quotes.forms.review import ReviewFilter
from quotes.selectors import baskets, exports, lines
from quotes.selectors.queue import SHOWN
from quotes.views import polling
from quotes.views.numbers import whole
from quotes.views.paging import page_size, wanted_page

DIGITS = 6  # of an id: enough to tell the rows of one page from each other


@dataclass(frozen=True)
class Shown:
    """The rows of one page as they stand in an address: their ids shortened, and the newest change among them."""

    ids: str
    newest: int

    @classmethod
    def of(cls, rows) -> "Shown":
        """`rows`: pairs of an id and a number that grows with every change."""
        rows = list(rows)
        ids = "".join(pk.hex[-DIGITS:] for pk, _changed in rows)
        return cls(ids, max((changed for _pk, changed in rows), default=0))

    def differing(self, rows) -> int:
        """How many rows are new, changed, or no longer among these."""
        now = {pk.hex[-DIGITS:]: changed for pk, changed in rows}
        before = {self.ids[at : at + DIGITS] for at in range(0, len(self.ids), DIGITS)}
        moved = [pk for pk, changed in now.items() if pk not in before or changed > self.newest]
        return max(len(moved), len(before - set(now)))


def watched(noun: str, query: QueryDict, rows, start: int | None = None) -> polling.Poll | None:
    """The question whether anything changed in the rows that are shown. `query`: the address of the list; `start`:
    where the rows begin, when the list has no pages."""
    shown = Shown.of((row.pk, getattr(row, "revision", 0)) for row in rows)
    return _again(noun, query.urlencode(), shown, "" if start is None else start, 0)


@require_safe
def news(request, noun):
    """The fragment that asks."""
    if noun not in LISTS:
        raise Http404
    shown = Shown(request.GET.get("seen", ""), _number(request, "newest"))
    start, n, address = request.GET.get("start", ""), polling.asked(request), request.GET.get("list", "")
    begin = _number(request, "start") if start else None
    request.GET = QueryDict(address)  # from here on it is the list that is asked
    changed = shown.differing(_now(request, noun, begin))
    context = {
        "changed": changed,
        "news_poll": None if changed else _again(noun, address, shown, start, n),
        "noun": noun,
        "now": timezone.now(),
        "href": f"/{noun}/?{address}" if address else f"/{noun}/",
    }
    return render(request, "quotes/partials/list_news.html", context)


def _again(noun, address, shown, start, n):
    about = {"list": address, "seen": shown.ids, "newest": shown.newest, "start": start}
    return polling.poll(polling.WATCH, f"/_/lists/{noun}/news", n, **about)


def _now(request, noun, start) -> list[tuple]:
    """The rows of the same page as they are now, in one query."""
    rows = LISTS[noun](request)
    if start is not None:
        return list(rows[start : start + SHOWN])
    size = page_size(request)
    start = (wanted_page(request) - 1) * size
    return list(rows[start : start + size]) or list(rows[:size])


def _mirrors(filter_class, selector):
    def rows(request):
        filters = filter_class(request.GET, queryset=selector.listed(request.user))
        found = filters.sorted(filters.qs, "-creation_date")[1] if filters.is_valid() else filters.queryset.none()
        return _pairs(found)

    return rows


def _queue(request):
    filters = ReviewFilter(request.GET, queryset=lines.to_decide(request.user))
    return _pairs(filters.qs if filters.is_valid() else filters.queryset.none())


def _exports(request):
    """Each row follows itself; what is told here is that others came."""
    jobs = exports.visible(request.user)
    jobs = jobs.filter(actor=request.user) if request.GET.get("mine") == "1" else jobs
    return jobs.select_related(None).values_list("pk", Value(0))


def _pairs(rows):
    return rows.select_related(None).prefetch_related(None).values_list("pk", "revision")


def _number(request, name) -> int:
    return whole(request.GET.get(name, ""), 18, 0)


LISTS = {
    "baskets": _mirrors(BasketFilter, baskets),
    "lines": _mirrors(LineFilter, lines),
    "review": _queue,
    "exports": _exports,
}

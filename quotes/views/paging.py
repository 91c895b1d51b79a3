"""Pages of a list: which one, how long, and a count that stops."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from quotes.models.people import PAGE_SIZES
from quotes.selectors.counts import COUNTED
from quotes.views.numbers import whole


class CappedPaginator(Paginator):
    @cached_property
    def count(self):
        return self.object_list.order_by()[: COUNTED + 1].count()

    @property
    def capped(self) -> bool:
        return self.count > COUNTED


def page_of(request, rows):
    """The page asked for; one that does not exist leads to page 1."""
    paginator = CappedPaginator(rows, page_size(request))
    number = wanted_page(request)
    page = paginator.page(number if number <= paginator.num_pages else 1)
    page.object_list = list(page.object_list)
    return page


def wanted_page(request) -> int:
    return max(1, whole(request.GET.get("page", ""), 8, 1))


def page_size(request) -> int:
    wanted = request.GET.get("page_size", "")
    return int(wanted) if wanted in map(str, PAGE_SIZES) else request.preference.page_size

"""The page envelope of the specification."""

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet

from sandbox.options import current
from sandbox.refusals import detail

DEFAULT, LARGEST = 10, 100


def envelope(request, rows: QuerySet, shape) -> dict:
    size = _size(request.GET.get("page_size", ""))
    try:
        page = Paginator(rows, size).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise detail(404, "Invalid page.") from error
    return {
        "page_size": size,
        "count": page.paginator.count,
        "next_page": _link(request, page.next_page_number()) if page.has_next() else None,
        "previous_page": _link(request, page.previous_page_number()) if page.has_previous() else None,
        "results": [shape(row) for row in page],
    }


def _size(text: str) -> int:
    """As Django REST framework: too much is cut, nonsense is the default."""
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and int(text) else DEFAULT


def _link(request, number: int) -> str | int:
    if current.page_links == "number":
        return number
    query = request.GET.copy()
    query["page"] = number
    path = f"{request.path}?{query.urlencode()}"
    return path if current.page_links == "path" else request.build_absolute_uri(path)

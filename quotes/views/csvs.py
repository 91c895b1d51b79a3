"""The portal's own CSV files, made at once from the mirror and sent while they are written."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quotes.forms.filters import LineFilter
from quotes.selectors import lines as line_selector
from quotes.selectors import sheets
from quotes.services import spreadsheet
from quotes.views.files import attachment


@require_safe
def lines(request):
    """The lines of `/lines/` with the same parameters, all pages in one."""
    filters = LineFilter(request.GET, queryset=line_selector.listed(request.user))
    if not filters.is_valid():
        return unreadable(request, filters, "/lines/")
    _sort, rows = filters.sorted(filters.qs, "-creation_date")
    return sheet(request, "lines", sheets.LINE_NAMES, sheets.line_rows(rows), sheets.NUMBERS)


def sheet(request, noun, names, rows, numbers=frozenset()):
    """`numbers`: the columns whose decimal points become commas with `?format=fr`."""
    french = request.GET.get("format") == "fr"
    if french:
        rows = ([_french(cell, at in numbers) for at, cell in enumerate(row)] for row in rows)
    parts = spreadsheet.written(_headed(names, rows), ";" if french else ",")
    name = f"{noun}-{timezone.localdate():%Y-%m-%d}.csv"
    return attachment((part.encode() for part in parts), name, spreadsheet.CONTENT_TYPE)


def unreadable(request, filters, back):
    """422: never the unfiltered list instead."""
    return render(request, "quotes/unreadable.html", {"filters": filters, "back": back}, status=422)


def _headed(names, rows):
    yield names
    yield from rows


def _french(cell, is_number):
    return spreadsheet.with_comma(cell) if is_number else cell

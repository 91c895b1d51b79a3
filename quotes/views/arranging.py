"""How a list is arranged: its columns, its views as tabs, and the address that holds all of it."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import render

from quotes.forms import columns
from quotes.forms.columns import ColumnsForm
from quotes.forms.filters import BasketFilter, LineFilter
from quotes.htmx import redirect
from quotes.models import Preference
from quotes.models.people import name_of
from quotes.selectors import saved_views
from quotes.views.answers import typed
from quotes.views.methods import form_page

LISTS = {"baskets": BasketFilter, "lines": LineFilter}
ARRANGED = ("sort", "page_size", "columns")  # what an address holds beside the filters
TABS, SAVED_TABS = 7, 3  # views that stand side by side, and how many of them are saved ones; the rest is a menu
LONGEST = 2000  # characters of a kept address


def columns_of(request, noun: str) -> list[columns.Column]:
    """Those that the address names, else those that the person chose, else the usual ones."""
    named = request.GET.get("columns", "").split(",")
    return columns.shown(noun, named if named != [""] else request.preference.columns.get(noun, []))


@form_page
def choose_columns(request, noun):
    """The address carries the query of the list, which comes back unchanged but for `columns`."""
    shown = [column.name for column in columns_of(request, noun)]
    form = ColumnsForm(typed(request), noun=noun, initial={"columns": shown})
    if request.method == "POST" and form.is_valid():
        form.keep(Preference.objects.get_or_create(user=request.user)[0], noun)
        return redirect(request, _list(noun, request, without="columns"))
    context = {"form": form, "noun": noun, "back": _list(noun, request)}
    return render(request, "quotes/columns.html", context, status=422 if form.errors else 200)


def _list(noun, request, without="") -> str:
    query = request.GET.copy()
    query.pop(without, None)
    return f"/{noun}/?{query.urlencode()}" if query else f"/{noun}/"


def kept_query(filter_class, query: str) -> str:
    """What a view keeps of an address: filters, sort, rows a page and columns, in one order; no page, no stranger."""
    given = QueryDict(query[:LONGEST])
    names = [*filter_class.base_filters, *ARRANGED]
    return urlencode([(name, text) for name in names for text in given.getlist(name) if text.strip()])


def tabs(request, noun: str) -> dict:
    """The views that everybody needs, one's own, and those that colleagues share: each is only an address.

    `tabs` stand side by side, `other_views` in a menu; `view_kept` when what is looked at has a name already.
    """
    filter_class = LISTS[noun]
    now = kept_query(filter_class, request.GET.urlencode())
    usual = [_usual(request, query, label) for query, label in filter_class.tabs]
    saved = [_saved(request, view) for view in saved_views.of_list(request.user, noun)]
    current = next((tab for tab in saved if tab["query"] == now), None) or _current(request, usual)
    if current:
        current["current"] = True
    beside = saved[:SAVED_TABS]
    shown = usual[: TABS - len(beside)] + beside
    return {
        "tabs": shown,
        "other_views": [tab for tab in usual + saved if tab not in shown],
        "view_query": now,
        "view_kept": current if current in saved else None,
    }


def _usual(request, query: dict, label) -> dict:
    query = {name: request.user.username if text == "me" else text for name, text in query.items()}
    return {"query": urlencode(query), "label": label}


def _saved(request, view) -> dict:
    by = "" if view.owner_id == request.user.pk else name_of(view.owner)
    return {"query": view.query, "label": view.name, "by": by, "pk": view.pk}


def _current(request, usual):
    """By what its filters say; a sort does not leave the view."""
    now = urlencode([(name, request.GET[name]) for name in ("state", "person") if request.GET.get(name)])
    return next((tab for tab in usual if tab["query"] == now), None)

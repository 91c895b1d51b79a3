"""A new export of the filtered lines: made by the operator as a job, or by the portal at once."""

from django.shortcuts import render
from django.utils.http import urlencode

from quotes.errors import Invalid
from quotes.forms.exports import FILTERS, ExportForm
from quotes.forms.filters import LineFilter
from quotes.forms.refusals import Refusal
from quotes.htmx import redirect
from quotes.selectors import baskets as basket_selector
from quotes.selectors import counts
from quotes.selectors import lines as selector
from quotes.services import exports
from quotes.services.permissions import require
from quotes.views.answers import typed
from quotes.views.listing import count_words
from quotes.views.methods import form_page
from quotes.views.starting import started


@form_page
def new(request):
    initial = {name: request.GET[name] for name in FILTERS if name in request.GET}
    form = ExportForm(typed(request), initial=initial, projects=basket_selector.active_projects())
    if request.method == "POST":
        require(request.user, "export")
        if form.is_valid():
            return _start(request, form) if form.by_operator else _own(request, form)
    return _form(request, form)


def _start(request, form):
    def again(refusal):
        form.refuse(refusal)
        return _form(request, form.renew())

    nonce = form.cleaned_data["nonce"]
    try:
        command = exports.csv(actor=request.user, nonce=nonce, filters=form.filters())
    except Invalid as error:
        return again(Refusal(error.errors))
    return started(request, command, nonce, again=again)


def _own(request, form):
    query = {**form.filters(), "format": form.cleaned_data["format"]}
    return redirect(request, f"/lines.csv?{urlencode(query)}")


def _form(request, form):
    wanted = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    found = LineFilter(request.GET, queryset=selector.listed(request.user))
    count = counts.counted({"lines": found.qs})["lines"] if found.is_valid() else None
    context = {"form": form, "query": urlencode(wanted), "count": None if count is None else count_words(count)}
    return render(request, "quotes/export_new.html", context, status=422 if form.errors else 200)

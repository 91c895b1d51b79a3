"""Pages of the line: list, add, edit, delete, read again, find its basket. The detail page is in `line_page`."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.shortcuts import redirect as plain_redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes.covage import CovageError
from quotes.errors import Invalid
from quotes.forms.base import OnceForm
from quotes.forms.filters import LineFilter
from quotes.forms.lines import LineForm
from quotes.forms.refusals import Refusal
from quotes.htmx import redirect
from quotes.models.lines import NEEDED_TO_CONFIRM
from quotes.models.mirror import key
from quotes.selectors import baskets as basket_selector
from quotes.selectors import contacts
from quotes.selectors import lines as selector
from quotes.selectors.line_request import request_of
from quotes.services import drafts, lines
from quotes.services.permissions import may, require
from quotes.views import line_start
from quotes.views.answers import changes_of, has_moved, must_be, nonce_of, tell, typed
from quotes.views.drafts import recovery
from quotes.views.listing import render_list
from quotes.views.methods import form_page
from quotes.views.tellings import refreshed, unreachable


@require_safe
def index(request):
    return render_list(
        request,
        LineFilter,
        selector.listed(request.user),
        "lines",
        sort="-creation_date",
        complete=selector.with_prices,
    )


@form_page
def new(request, pk):
    basket = get_object_or_404(basket_selector.visible(request.user), pk=pk)
    start = line_start.of(request, basket)
    form = LineForm(typed(request), initial=start.values, **_helps())
    if request.method == "POST":
        require(request.user, "create")
        must_be(request, lines.may_add(basket))
        if form.is_valid():
            return _add(request, basket, form)
    can = may(request.user, "create") and lines.may_add(basket)
    return _form(request, form, basket=basket, can=can, copied=start.copied)


@form_page
def edit(request, pk):
    line = get_object_or_404(selector.visible(request.user), pk=pk)
    form = LineForm(typed(request), initial=request_of(line), **_helps())
    if request.method == "POST":
        require(request.user, "edit")
        must_be(request, line.allows("edit_line"))
        if form.is_valid() and has_moved(request, form):
            return _form(request, form.renew(), basket=line.basket, line=line, can=True, status=409)
        if form.is_valid():
            return _update(request, line, form)
    can = may(request.user, "edit") and line.allows("edit_line")
    return _form(request, form, basket=line.basket, line=line, can=can)


@form_page
def delete(request, pk):
    line = get_object_or_404(selector.visible(request.user), pk=pk)
    form = OnceForm(typed(request))
    if request.method == "POST":
        require(request.user, "edit")
        must_be(request, line.allows("delete_line"))
        return _delete(request, line, form)
    return _delete_page(request, line, form)


@require_POST
def refresh(request, pk):
    require(request.user, "refresh")
    line = get_object_or_404(selector.visible(request.user), pk=pk)
    return refreshed(request, f"/lines/{pk}/", lambda: lines.refresh(line), line.remote_id)


@require_POST
def find_basket(request, pk):
    require(request.user, "refresh")
    line = get_object_or_404(selector.visible(request.user), pk=pk)
    try:
        found = lines.find_basket(line) if line.remote_id else line.basket
    except CovageError:
        unreachable(request)
    else:
        say = messages.success if found else messages.warning
        say(
            request,
            _("Done: the basket was found.") if found else _("No basket of this line was found at the operator."),
        )
    return redirect(request, f"/lines/{pk}/")


@require_safe
def by_reference(request, reference):
    """`/r/QO_…` in a mail opens the line."""
    wanted = key(reference.replace("\0", ""))
    line = selector.listed(request.user).filter(reference_key=wanted).exclude(reference_key="").first()
    if line is None:
        raise Http404
    return plain_redirect(f"/lines/{line.pk}/")


def _add(request, basket, form):
    again = _again(request, form, basket=basket)
    try:
        command = lines.add(actor=request.user, nonce=form.cleaned_data["nonce"], basket=basket, fields=form.filled())
    except Invalid as error:
        return again(Refusal(error.errors))
    another = f"/baskets/{basket.pk}/lines/new/?after={command.line_id}"
    to = another if request.POST.get("another") and command.state == "done" else f"/lines/{command.line_id}/"
    return tell(request, command, to=to, again=again, back=f"/baskets/{basket.pk}/")


def _update(request, line, form):
    changes, here = changes_of(request, form), f"/lines/{line.pk}/"
    if not changes:
        drafts.drop(request.user, request.path)
        return redirect(request, here)
    again = _again(request, form, basket=line.basket, line=line)
    try:
        command = lines.update(
            actor=request.user,
            nonce=form.cleaned_data["nonce"],
            line=line,
            changes=changes,
            before={name: line.payload.get(name) for name in changes},
        )
    except Invalid as error:
        return again(Refusal(error.errors))
    return tell(request, command, to=here, again=again)


def _delete(request, line, form):
    def again(refusal):
        form.refuse(refusal)
        return _delete_page(request, line, form.renew())

    try:
        command = lines.delete(actor=request.user, nonce=nonce_of(form), line=line)
    except Invalid as error:
        return again(Refusal(error.errors))
    return tell(request, command, to=f"/baskets/{line.basket_id}/", again=again, back=f"/lines/{line.pk}/")


def _delete_page(request, line, form):
    can = may(request.user, "edit") and line.allows("delete_line")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "quotes/line_delete.html", {"line": line, "form": form, "can": can}, status=status)


def _again(request, form, **context):
    def again(refusal):
        form.refuse(refusal)
        return _form(request, form.renew(), can=True, **context)

    return again


def _helps() -> dict:
    """What was typed before, to choose from."""
    return {"suggestions": selector.suggestions(), "contacts": contacts.known()}


def _form(request, form, *, basket, can, line=None, copied=None, status=None):
    status = status or (422 if form.is_bound and form.errors else 200)
    needs = [
        {"name": name, "label": form[name].label, "done": bool(line and line.payload.get(name))}
        for name in NEEDED_TO_CONFIRM
    ]
    context = {"form": form, "basket": basket, "line": line, "can": can, "needs": needs, "copied": copied}
    context |= recovery(request, form) if can else {}
    context["another"] = request.POST.get("another") or request.GET.get("after")
    return render(request, "quotes/line_form.html", context, status=status)

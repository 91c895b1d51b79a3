"""Pages of the basket: list, create, detail, edit, confirm, read again."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from quotes import states
from quotes.errors import Invalid
from quotes.forms.base import OnceForm
from quotes.forms.baskets import BasketForm
from quotes.forms.choosing import acts_of
from quotes.forms.filters import BasketFilter
from quotes.forms.refusals import Refusal
from quotes.htmx import redirect
from quotes.models.commands import Kind
from quotes.selectors import baskets as selector
from quotes.selectors import drafts as draft_selector
from quotes.selectors import history
from quotes.selectors import imports as import_selector
from quotes.selectors import lines as line_selector
from quotes.services import baskets, drafts, lines
from quotes.services.permissions import may, require
from quotes.services.requoting import MOST, may_be_asked_again
from quotes.sync import watch
from quotes.views import basket_check, comments
from quotes.views.answers import changes_of, has_moved, must_be, nonce_of, tell, typed
from quotes.views.drafts import recovery
from quotes.views.listing import render_list
from quotes.views.methods import form_page
from quotes.views.routes import basket_route
from quotes.views.tellings import refreshed

LINES_A_PAGE = 200  # of a basket: more than anybody types, fewer than a browser feels
SHOWN = ("id", "external_id", "project_id", "state", "quote_date", "creation_date", "quote_item")


@require_safe
def index(request):
    return render_list(
        request,
        BasketFilter,
        selector.listed(request.user),
        "baskets",
        sort="-creation_date",
        complete=selector.with_lines,
    )


@form_page
def new(request):
    form = BasketForm(typed(request), projects=selector.active_projects())
    if request.method == "POST":
        require(request.user, "create")
        if form.is_valid():
            return _create(request, form)
    return _form(request, form, "basket_new")


@require_safe
def named(request):
    """Fragment: whether the reference being typed is taken already. It warns, and stands in nobody's way."""
    others = selector.of_name(request.user, request.GET.get("external_id", "").replace("\0", ""))
    other = next((basket for basket in others[:2] if str(basket.pk) != request.GET.get("but")), None)
    return render(request, "quotes/partials/basket_named.html", {"other": other})


@require_safe
def detail(request, pk):
    basket = get_object_or_404(selector.visible(request.user), pk=pk)
    watch.looked_at(basket)
    pending = history.pending(basket=basket)
    context = {
        "basket": basket,
        "pending": pending,
        "events": history.of(basket=basket)[:8],
        "events_href": f"/activity/?basket={pk}",
        "prepared": import_selector.prepared(basket),
        "interval": watch.usual_interval(basket),
        "other_values": [(k, v) for k, v in basket.payload.items() if k not in SHOWN],
        "about_basket": True,
        **comments.shown(basket),
    }
    context |= _lines(request, basket) | _possible(request.user, basket, pending)
    return render(request, "quotes/basket.html", context)


@form_page
def edit(request, pk):
    basket = get_object_or_404(selector.visible(request.user), pk=pk)
    initial = {"external_id": basket.external_id, "project_id": basket.project_id}
    form = BasketForm(typed(request), initial=initial, projects=selector.active_projects(), own=basket)
    if request.method == "POST":
        require(request.user, "edit")
        must_be(request, basket.allows("edit"))
        if form.is_valid() and has_moved(request, form):
            return _form(request, form.renew(), "basket_edit", basket=basket, status=409)
        if form.is_valid():
            return _update(request, basket, form)
    return _form(request, form, "basket_edit", basket=basket)


@form_page
def confirm(request, pk):
    """GET is the check page; pressing too early answers it again with every gap, nothing sent."""
    basket = get_object_or_404(selector.visible(request.user), pk=pk)
    form = OnceForm(typed(request))
    if request.method == "POST":
        require(request.user, "confirm")
        must_be(request, basket.allows("confirm"))
        gaps = basket_check.gaps(basket) if basket.allows("confirm") else []
        if gaps:
            return basket_check.page(request, basket, form, errors=gaps)
        return _confirm(request, basket, form)
    return basket_check.page(request, basket, form)


@require_POST
def refresh(request, pk):
    require(request.user, "refresh")
    basket = get_object_or_404(selector.visible(request.user), pk=pk)
    return refreshed(request, f"/baskets/{pk}/", lambda: baskets.refresh(basket), basket.remote_id)


def _lines(request, basket) -> dict:
    """A page of them for the table, and all with which something is to be done."""
    rows = selector.lines_of(basket)
    live = [line for line in rows if not line.is_gone]
    page = Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))
    line_selector.with_prices(page.object_list)
    for line in live:
        line.needs = basket_check.needs(line)
    incomplete = [line for line in live if line.needs]
    return {
        "page": page,
        "rows": page.object_list,
        "live": live,
        "state": states.basket(basket.state, sum(not states.line(line.state).final for line in live)),
        "route": basket_route(basket, live),
        "incomplete": incomplete,
        "complete": len(live) - len(incomplete),
        "without_trace": [line for line in live if not line.has_trace and not line.shown_trace],
        "to_decide": any(line.state == "ready" for line in live),
        "can_compare": any(line.offers.all() for line in live),
        "acts": acts_of(request.user) if len(rows) > 1 and basket.state not in ("", "acknowledged") else [],
        "to_ask_again": [line for line in rows if may_be_asked_again(line)][:MOST],
    }


def _possible(user, basket, pending) -> dict:
    """What is being confirmed stays as it is."""
    is_open = not any(command.kind == Kind.CONFIRM for command in pending)
    may_add = is_open and lines.may_add(basket)
    return {
        "may_add": may_add,
        "begun": draft_selector.of(user, f"/baskets/{basket.pk}/lines/new/") if may_add else None,
        "can_edit": is_open and basket.allows("edit") and may(user, "edit"),
        "can_confirm": is_open and basket.allows("confirm") and may(user, "confirm"),
    }


def _create(request, form):
    values = form.cleaned_data
    try:
        command = baskets.create(
            actor=request.user,
            nonce=values["nonce"],
            external_id=values["external_id"],
            project_id=values["project_id"],
        )
    except Invalid as error:
        return _again(request, form, "basket_new")(Refusal(error.errors))
    return tell(request, command, to=f"/baskets/{command.basket_id}/", again=_again(request, form, "basket_new"))


def _update(request, basket, form):
    changes, here = changes_of(request, form), f"/baskets/{basket.pk}/"
    if not changes:
        drafts.drop(request.user, request.path)
        return redirect(request, here)
    again = _again(request, form, "basket_edit", basket=basket)
    try:
        command = baskets.update(
            actor=request.user,
            nonce=form.cleaned_data["nonce"],
            basket=basket,
            changes=changes,
            before={name: basket.value(name) for name in changes},
        )
    except Invalid as error:
        return again(Refusal(error.errors))
    return tell(request, command, to=here, again=again)


def _confirm(request, basket, form):
    def again(refusal):
        return basket_check.page(request, basket, form, errors=refusal.items)

    try:
        command = baskets.confirm(actor=request.user, nonce=nonce_of(form), basket=basket)
    except Invalid as error:
        return again(Refusal(error.errors))
    return tell(request, command, to=f"/baskets/{basket.pk}/", again=again)


def _again(request, form, page, **context):
    def again(refusal):
        form.refuse(refusal)
        return _form(request, form.renew(), page, **context)

    return again


def _form(request, form, page, status=None, **context):
    basket = context.get("basket")
    can = may(request.user, "edit" if basket else "create") and (basket is None or basket.allows("edit"))
    status = status or (422 if form.is_bound and form.errors else 200)
    context |= recovery(request, form) if can else {}
    return render(request, f"quotes/{page}.html", {"form": form, "can": can, **context}, status=status)

"""Ask again: one page that shows what goes into the new basket, and the start of the batch."""

from uuid import UUID

from django.shortcuts import render

from quotes.forms.requoting import RequoteForm
from quotes.htmx import redirect
from quotes.selectors import baskets as basket_selector
from quotes.selectors import lineage
from quotes.selectors import lines as selector
from quotes.services import naming, requoting
from quotes.services.permissions import may, require
from quotes.views.answers import typed
from quotes.views.methods import form_page


@form_page
def requote(request):
    """`?line=<id>&line=<id>`; the form posts those that it shows, and `trace` for each whose trace travels."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = _rows(request.user, asked.getlist("line"))
    chosen = [line for line in rows if line.can_be_asked]
    form = RequoteForm(typed(request), initial=_initial(chosen), projects=basket_selector.active_projects())
    if request.method == "POST":
        require(request.user, "create")
        if form.is_valid() and 0 < len(rows) <= requoting.MOST:
            return _start(request, form, rows)
    can = may(request.user, "create") and bool(chosen) and len(chosen) <= requoting.MOST
    context = {"form": form, "chosen": chosen, "others": [line for line in rows if not line.can_be_asked], "can": can}
    context |= {"kept": set(asked.getlist("trace")) if form.is_bound else None, "most": requoting.MOST}
    return render(request, "quotes/requote.html", context, status=422 if form.is_bound else 200)


def _start(request, form, rows):
    values = form.cleaned_data
    batch = requoting.start(
        actor=request.user,
        nonce=values["nonce"],
        chosen=rows,
        basket={"external_id": values["external_id"], "project_id": values["project_id"]},
        with_trace={line.pk for line in rows if line.carries_trace and str(line.pk) in request.POST.getlist("trace")},
    )
    return redirect(request, f"/batches/{batch.pk}/")


def _rows(user, ids) -> list:
    """The lines in the order asked for, each with what the page says of it."""
    wanted = list(dict.fromkeys(filter(None, map(_uuid, ids))))[: requoting.MOST + 1]
    found = selector.listed(user).prefetch_related("traces").in_bulk(wanted)
    rows = [found[pk] for pk in wanted if pk in found]
    selector.with_prices(rows)
    again = lineage.asked_again(rows)
    for line in rows:
        line.can_be_asked = requoting.may_be_asked_again(line)
        line.was_asked_again = line.pk in again
        line.carries_trace, line.carried_name = requoting.has_trace(line), requoting.trace_name(line)
    return rows


def _initial(chosen) -> dict:
    """The project they share; the reference of the basket that they all come from, counted on."""
    projects = {line.project_id or (line.basket.project_id if line.basket else "") for line in chosen}
    baskets = {line.basket for line in chosen}
    name = next(iter(baskets)).title if len(baskets) == 1 and None not in baskets else ""
    return {
        "project_id": next(iter(projects)) if len(projects) == 1 else "",
        "external_id": f"{name[: naming.LONGEST - 2]}-2" if name else "",
    }


def _uuid(text) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

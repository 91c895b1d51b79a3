"""Many lines at once: the check page of what is to be done with them, and the batch that does it."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import render

from quotes.errors import Invalid
from quotes.forms.choosing import KINDS, ChosenForm, DeclineChosenForm, acts_of
from quotes.forms.filters import LineFilter
from quotes.htmx import redirect
from quotes.selectors import choosing as selector
from quotes.selectors import exports
from quotes.selectors import lines as line_selector
from quotes.services import choosing, requoting
from quotes.services.permissions import may, require
from quotes.services.words import RIGHTS
from quotes.views.methods import form_page

FORMS = {"decline": DeclineChosenForm}


@form_page
def new(request):
    """`line` repeated names the lines; with `rows=all` they are all that the list's `query` finds."""
    if request.method == "POST":
        return _post(request)
    kind = request.GET.get("kind", "")
    filters = LineFilter(_query(request), queryset=line_selector.listed(request.user))
    lines = list(_ordered(filters)[: choosing.MOST + 1]) if filters.is_valid() else []
    if kind == "csv" and lines:
        return HttpResponseRedirect(f"/lines.csv?{filters.data.urlencode()}")
    if kind == "requote" and lines:
        ids = [("line", line.pk.hex) for line in lines[: requoting.MOST + 1]]  # one more: its page says it is too many
        return HttpResponseRedirect(f"/requote/?{urlencode(ids)}")
    return _check(request, kind if kind in KINDS else "", lines[: choosing.MOST], more=len(lines) > choosing.MOST)


def _query(request) -> QueryDict:
    if request.GET.get("rows") == "all":
        return QueryDict(request.GET.get("query", ""))
    return QueryDict(urlencode([("line", pk) for pk in request.GET.getlist("line") or [""]]))


def _ordered(filters):
    """Nothing chosen is no line, never all of them."""
    if "line" in filters.data and not any(filters.data.getlist("line")):
        return filters.queryset.none()
    return filters.sorted(filters.qs, "-creation_date")[1].prefetch_related("traces")


def _post(request):
    kind = request.POST.get("kind", "pdf")
    kind = kind if kind in ("pdf", "zip", "decline") else "pdf"
    require(request.user, KINDS[kind][1])
    form = FORMS.get(kind, ChosenForm)(request.POST)
    try:
        return redirect(request, f"/batches/{_made(request, kind, form).pk}/")
    except Invalid as error:
        form.object_to(error.errors)
        return _again(request, kind, form)


def _made(request, kind, form):
    if not form.is_valid():
        raise Invalid({})
    values, lines = form.cleaned_data, line_selector.listed(request.user)
    given = {"actor": request.user, "nonce": values["nonce"]}
    if kind == "decline":
        found = selector.offers(lines, [pk for pk, _seen in values["chosen"]])
        seen = [(found[pk], fingerprint) for pk, fingerprint in values["chosen"] if pk in found]
        return choosing.decline(seen=seen, comment=values["comment"], motive=values["motive"], **given)
    return choosing.pdfs(lines=list(lines.filter(pk__in=values["chosen"])), bundle=kind == "zip", **given)


def _again(request, kind, form):
    """The same lines as they are now, with all that was typed."""
    lines = line_selector.listed(request.user).prefetch_related("traces")
    chosen = form.cleaned_data.get("chosen", []) if hasattr(form, "cleaned_data") else []
    if kind == "decline":
        rows = list(lines.filter(offers__in=[pk for pk, _seen in chosen]).distinct())
    else:
        rows = list(lines.filter(pk__in=chosen))
    return _check(request, kind, rows, form=form.renew())


def _check(request, kind, lines, *, form=None, more=False):
    selector.with_open_offers(lines)
    possible = [line for line in lines if _is_possible(kind, line)]
    right = KINDS[kind][1] if kind else ""
    form = form or FORMS.get(kind, ChosenForm)(initial={"chosen": _words(kind, possible)})
    context = {
        "kind": kind,
        "kinds": acts_of(request.user),
        "lines": lines,
        "possible": possible,
        "left_out": [line for line in lines if line not in possible],
        "offer_count": sum(len(line.open_offers) for line in possible),
        "kept": len(exports.kept_pdfs(possible)) if kind == "zip" else 0,
        "more": more,
        "most": choosing.MOST,
        "form": form,
        "who": RIGHTS[right] if right and not may(request.user, right) else "",
        "chosen_query": _without_kind(request),
    }
    status = 422 if not lines or (form.is_bound and form.errors) else 200
    return render(request, "quotes/batch_new.html", context, status=status)


def _without_kind(request) -> str:
    query = request.GET.copy()
    query.pop("kind", None)
    return query.urlencode()


def _is_possible(kind, line) -> bool:
    if kind == "decline":
        return bool(line.open_offers)
    return kind != "pdf" or choosing.has_pdf(line)


def _words(kind, lines) -> str:
    if kind == "decline":
        return " ".join(f"{offer.pk}:{offer.fingerprint}" for line in lines for offer in line.open_offers)
    return " ".join(str(line.pk) for line in lines)

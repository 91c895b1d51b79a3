"""Traces for many lines of a basket: choose the files, see which goes where, send them as one batch."""

from django.shortcuts import get_object_or_404, render

from quotes.errors import Invalid, NotPossible
from quotes.forms.kmz_words import notes, sentence_of
from quotes.forms.traces import TraceChoicesForm, TraceFilesForm
from quotes.htmx import redirect
from quotes.models import Batch
from quotes.selectors import baskets as basket_selector
from quotes.services import trace_files
from quotes.services.permissions import may, require
from quotes.views.answers import typed
from quotes.views.methods import form_page

FAR = 1000  # metres from the declared site at which a route looks like another line's


@form_page
def upload(request, pk):
    basket = get_object_or_404(basket_selector.visible(request.user), pk=pk)
    form = TraceFilesForm(typed(request), request.FILES or None)
    if request.method == "POST":
        require(request.user, "trace")
        if not basket.allows("trace"):
            raise NotPossible("state")
        if form.is_valid():
            values = form.cleaned_data
            batch = trace_files.prepare(actor=request.user, nonce=values["nonce"], basket=basket, files=values["file"])
            return redirect(request, f"/traces/{batch.pk}/check/")
    can = may(request.user, "trace") and basket.allows("trace")
    context = {"basket": basket, "form": form, "can": can, "most": trace_files.MOST}
    return render(request, "quotes/trace_files.html", context, status=422 if form.is_bound else 200)


@form_page
def check(request, pk):
    """What is being prepared is its maker's alone."""
    if request.method == "POST":
        require(request.user, "trace")
    batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.TRACES, actor=request.user)
    if batch.state != "draft":
        return redirect(request, f"/batches/{pk}/")
    items = list(batch.items.all())
    readable = [item for item in items if item.state == "waiting"]
    lines = trace_files.lines_of(batch.basket)
    form = TraceChoicesForm(typed(request), items=readable, lines=lines)
    if request.method == "POST":
        if not batch.basket.allows("trace"):
            raise NotPossible("state")
        if form.is_valid() and _sent(batch, form):
            return redirect(request, f"/batches/{pk}/")
    context = _described(batch, items, lines, form)
    return render(request, "quotes/trace_files_check.html", context, status=422 if form.is_bound else 200)


def _sent(batch, form) -> bool:
    try:
        trace_files.send(batch, form.choices())
    except Invalid as error:
        form.object_to(error.errors)
        return False
    return True


def _described(batch, items, lines, form) -> dict:
    """Each readable file with its select and what speaks for or against the match; the others with the reason."""
    by_id = {line.pk: line for line in lines}
    rows, unreadable, first_of_line, first_of_bytes = [], [], {}, {}
    for item in items:
        facts = item.fields
        if item.state == "invalid":
            unreadable.append({"name": facts["name"], "why": sentence_of(item.errors["file"][0], facts["params"])})
            continue
        line = by_id.get(item.line_id)
        other = first_of_line.setdefault(line and line.pk, facts["name"])
        same = first_of_bytes.setdefault(facts["sha256"], facts["name"])
        row = {"facts": facts, "choice": form[f"line-{item.position}"], "line": line, "notes": notes(facts["notes"])}
        row["twin"] = other if line and other != facts["name"] else ""
        row["copy_of"] = same if same != facts["name"] else ""
        row["is_far"] = line and facts["gap"] is not None and facts["gap"] > FAR
        rows.append(row)
    unmatched = sum(not row["line"] for row in rows)
    return {"batch": batch, "basket": batch.basket, "form": form, "rows": rows, "unreadable": unreadable} | {
        "can": batch.basket.allows("trace") and bool(rows and lines),
        "matched": len(rows) - unmatched,
        "unmatched": unmatched,
    }

"""The dry run of an import: every wrong cell at once, repaired in place; then the start, and what was rejected."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes.errors import Invalid
from quotes.forms.imports import typed_cells
from quotes.htmx import redirect
from quotes.services import importing
from quotes.views.files import attachment
from quotes.views.import_facts import EDITABLE, Checked
from quotes.views.import_route import steps
from quotes.views.imports import XLSX, about, batch_of, file_words
from quotes.views.methods import form_page


@form_page
def check(request, pk):
    """GET is the dry run; POST keeps what was typed in place of wrong cells and checks again."""
    batch = batch_of(request, pk)
    if request.method == "POST":
        importing.mine(batch, request.user)
    if batch.state != "draft":
        return redirect(request, f"/batches/{pk}/")
    if "columns" not in batch.detail:
        return redirect(request, f"/imports/{pk}/columns/")
    if request.method == "POST":
        return _repair(request, batch)
    return _check_page(request, Checked(batch))


@require_POST
def start(request, pk):
    """The only step after which anything is sent."""
    batch = batch_of(request, pk)
    importing.mine(batch, request.user)
    if batch.state != "draft":
        return redirect(request, f"/batches/{pk}/")
    if "columns" not in batch.detail:
        return redirect(request, f"/imports/{pk}/columns/")
    checked = Checked(batch)
    try:
        importing.start(batch, request.user, checked.wishes)
    except Invalid:
        return _check_page(request, checked, status=422)
    return redirect(request, f"/batches/{pk}/")


@require_POST
def discard(request, pk):
    batch = batch_of(request, pk)
    importing.discard(batch, request.user)
    messages.success(request, _("Done: the import was discarded. Nothing of it was sent."))
    return redirect(request, f"/baskets/{batch.basket_id}/")


@require_safe
def rejected(request, pk):
    """The rows that were not taken, as they can be repaired and uploaded again."""
    from quotes.spreadsheets.writing import write_workbook

    batch = batch_of(request, pk)
    if "columns" not in batch.detail:
        raise Http404
    data = write_workbook([(_("Rejected rows"), Checked(batch).rejected())])
    name = _("rejected-%(basket)s.xlsx") % {"basket": batch.basket}
    return attachment(data, name, XLSX)


def _repair(request, batch):
    checked = Checked(batch)
    cells = {str(number): texts for number, texts in checked.reading.typed.items()}
    for number, texts in typed_cells(request.POST, checked.rows).items():
        cells[str(number)] = cells.get(str(number), {}) | texts
    anyway = _anyway(batch, request.POST, {str(row.number) for row in checked.rows})
    importing.settle(batch, request.user, typed=cells, anyway=anyway)
    checked = Checked(batch)
    still = {name for group in checked.groups() for cell in group["cells"] if (name := cell["name"]) in request.POST}
    if still:
        return _check_page(request, checked, status=422)
    messages.success(request, _("Done: your corrections are kept."))
    return redirect(request, f"/imports/{batch.pk}/check/")


def _anyway(batch, data, known: set[str]) -> list[int]:
    """Rows to create once more: of those that the page offered what is ticked, of the others what was before."""
    offered = data.get("offered", "").split(",")
    before = {str(number) for number in batch.detail.get("anyway", [])}.difference(offered)
    return sorted(int(number) for number in known.intersection(before.union(data.getlist("anyway"))))


def _check_page(request, checked, status=200):
    batch, groups, again = checked.batch, checked.groups(), checked.again()
    anyway = [row for row in checked.ready if row.number in batch.detail.get("anyway", [])]
    context = {
        **about(request, batch),
        "checked": checked,
        "groups": groups,
        "again": again,
        "anyway": anyway,
        "offered": ",".join(str(row.number) for row in [*(item["row"] for item in again[:EDITABLE]), *anyway]),
        "warnings": checked.warnings(),
        "shows_ready": request.GET.get("show") == "ready",
        "errors": _errors(groups) if status == 422 else [],
        "nothing_ready": status == 422 and not checked.ready,
        "steps": steps(2, file_words(batch, len(checked.rows)), _columns_words(checked), _check_words(checked, again)),
    }
    context["steps"][3]["when"] = _("nothing is sent yet")
    return render(request, "quotes/import_check.html", context, status=status)


def _errors(groups) -> list[dict]:
    """What is still wrong of what was typed, each leading to its cell."""
    cells = [(group, cell) for group in groups for cell in group["cells"] if cell["can_edit"]]
    words = _("Row %(row)d, %(label)s: %(error)s")
    return [
        {
            "field": cell["name"],
            "href": f"#{cell['name']}",
            "text": words
            % {"row": cell["row"].number, "label": group["label"], "error": cell["said"] or group["expected"]},
        }
        for group, cell in cells
    ]


def _columns_words(checked) -> str:
    taken, there = len(checked.reading.columns), len([h for h in checked.batch.detail["headings"] if h])
    return _("%(n)d columns of %(all)d") % {"n": taken, "all": max(there, taken)}


def _check_words(checked, again) -> str:
    return _("%(ready)d ready, %(rest)d to look at") % {
        "ready": len(checked.ready),
        "rest": len(checked.wrong) + len(again),
    }

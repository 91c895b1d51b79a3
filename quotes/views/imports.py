"""The first pages on the way of a spreadsheet into a draft basket: the file, its columns. `import_check` follows."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quotes.errors import Invalid
from quotes.forms import import_columns
from quotes.forms.import_rows import numbers
from quotes.forms.imports import ColumnsForm, UploadForm
from quotes.htmx import redirect, render_page
from quotes.selectors import baskets as basket_selector
from quotes.selectors import imports as selector
from quotes.services import files, importing, lines, spreadsheet
from quotes.services.permissions import may, require
from quotes.spreadsheets import ROWS
from quotes.views.answers import must_be, typed
from quotes.views.files import attachment
from quotes.views.import_facts import table_of
from quotes.views.import_route import steps
from quotes.views.methods import form_page
from quotes.views.numbers import whole

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@form_page
def upload(request, pk):
    basket = get_object_or_404(basket_selector.visible(request.user), pk=pk)
    form = UploadForm(typed(request), request.FILES or None)
    if request.method == "POST":
        require(request.user, "create")
        must_be(request, lines.may_add(basket))
        if form.is_valid():
            return _prepare(request, basket, form)
    return _upload_page(request, basket, form)


@form_page
def columns(request, pk):
    batch = batch_of(request, pk)
    if request.method == "POST":
        importing.mine(batch, request.user)
    if batch.state != "draft":
        return redirect(request, f"/batches/{pk}/")
    form = _columns_form(request, batch, table_of(batch))
    if request.method == "POST" and form.is_valid():
        return _settle_columns(request, batch, form)
    return _columns_page(request, batch, form)


@require_safe
def model(request, pk, ending):
    """An empty table with our own headings, which the next step knows again."""
    from quotes.spreadsheets.writing import write_workbook

    get_object_or_404(basket_selector.visible(request.user), pk=pk)
    head, name = [import_columns.label(target) for target in import_columns.TARGETS], _("lines-to-import")
    if ending == "csv":
        text = "".join(spreadsheet.written([head], ";" if get_language() == "fr" else ","))
        return attachment(text.encode(), f"{name}.csv", spreadsheet.CONTENT_TYPE)
    return attachment(write_workbook([(_("Lines"), [head])]), f"{name}.xlsx", XLSX)


def batch_of(request, pk):
    return get_object_or_404(selector.visible(request.user), pk=pk)


def _prepare(request, basket, form):
    header = import_columns.guess_header(form.table)
    headings = import_columns.headings(form.table, header)
    file = form.cleaned_data["file"]
    try:
        batch = importing.prepare(
            actor=request.user,
            nonce=form.cleaned_data["nonce"],
            basket=basket,
            name=files.given(file.name) if file else "",
            data=form.upload,
            instead=_instead(request, basket),
            header=header,
            headings=headings,
        )
    except Invalid as error:
        form.object_to(error.errors)
        return _upload_page(request, basket, form.renew())
    return redirect(request, f"/imports/{batch.pk}/columns/")


def _instead(request, basket):
    """`?instead=<batch>`: the same table, repaired and uploaded again."""
    wanted = request.GET.get("instead", "")
    return next((b for b in selector.prepared(basket) if str(b.pk) == wanted and b.actor == request.user), None)


def _upload_page(request, basket, form):
    context = {
        "basket": basket,
        "form": form,
        "can": may(request.user, "create") and lines.may_add(basket),
        "prepared": selector.prepared(basket),
        "instead": _instead(request, basket),
        "most": ROWS,
        "steps": steps(0, "", "", "", _("nothing is sent before")),
    }
    status = 422 if form.errors else 200
    return render_page(request, "quotes/import_file.html", "quotes/partials/import_form.html", context, status)


def _columns_form(request, batch, table):
    """`header`: the row of headings, 0 for none; another one than before means other headings, so a new guess."""
    header = _header(request, batch, table)
    headings = import_columns.headings(table, header)
    guess = import_columns.guess(headings)
    before = batch.detail if batch.detail.get("columns") else selector.read_before(batch.actor, headings)
    if before.get("headings") == headings and before.get("columns"):
        guess = {int(column): target for column, target in before["columns"].items()}
    initial = {"month_first": "01"[before["month_first"]]} if "month_first" in before else None
    return ColumnsForm(typed(request), table=table, header=header, headings=headings, guess=guess, initial=initial)


def _header(request, batch, table) -> int:
    before = batch.detail["header"]
    wanted = whole(request.POST.get("header") or request.GET.get("header") or "", 3, before)
    return wanted if wanted <= len(table.rows) else before


def _settle_columns(request, batch, form):
    """Cells that were typed stay, as they are named by row and field."""
    reading = form.reading()
    importing.settle(
        batch,
        request.user,
        header=form.header,
        headings=form.headings,
        columns={str(column): target for column, target in reading.columns.items()},
        month_first=reading.month_first,
    )
    return redirect(request, f"/imports/{batch.pk}/check/")


def _columns_page(request, batch, form):
    chosen = form.shown_columns()
    found = numbers(form.table, form.header)
    rows = [
        {
            "field": form[form.name_of(column)],
            "letter": import_columns.letters(column),
            "heading": heading,
            "samples": _samples(form.table, found, column),
            "is_guess": not form.is_bound and column in chosen and not batch.detail.get("columns"),
        }
        for column, heading in enumerate(form.headings)
    ]
    context = {
        **about(request, batch),
        "form": form,
        "rows": [row for row in rows if row["heading"] and form.header or row["samples"]],
        "table": form.table,
        "header": form.header,
        "heads": [(n, " · ".join(filter(None, row))[:80]) for n, row in enumerate(form.table.rows[:20], 1) if any(row)],
        "asks_order": form.asks_order(chosen),
        "missing": [import_columns.label(t) for t in import_columns.FIELDS if t not in chosen.values()],
        "steps": steps(1, file_words(batch, len(found)), "", "", _("nothing is sent before")),
    }
    return render(request, "quotes/import_columns.html", context, status=422 if form.errors else 200)


def _samples(table, found, column) -> list[str]:
    texts = dict.fromkeys(table.cell(number, column)[:60] for number in found)
    return [text for text in texts if text][:3]


def about(request, batch) -> dict:
    can = may(request.user, "create") and batch.actor_id == request.user.pk
    return {"batch": batch, "basket": batch.basket, "can": can, "can_start": can and lines.may_add(batch.basket)}


def file_words(batch, count: int) -> str:
    rows = ngettext("%(n)d line", "%(n)d lines", count) % {"n": count}
    return _("%(file)s, %(lines)s") % {"file": batch.name or _("pasted"), "lines": rows}

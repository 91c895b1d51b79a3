"""The page before a confirmation: every line as it will be sent, and what is still needed."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from quotes import states
from quotes.forms.lines import LineForm
from quotes.models.lines import NEEDED_TO_CONFIRM
from quotes.selectors.baskets import lines_of
from quotes.selectors.lines import as_texts
from quotes.services.permissions import may

IN_FULL = 10  # lines with all their fields, those that lack something first; the rest as a table
FIELD_NAMES = {name: LineForm.base_fields[name].label for name in NEEDED_TO_CONFIRM}


def needs(line) -> list[dict]:
    """The fields that it lacks, as a person calls them."""
    return [{"name": name, "label": FIELD_NAMES[name]} for name in line.missing_to_confirm]


def gaps(basket) -> list[dict]:
    """What the specification wants at confirmation and is still empty, line by line."""
    rows = _live(basket)
    if not rows:
        return [{"field": "", "text": _("The basket has no line yet."), "href": f"/baskets/{basket.pk}/lines/new/"}]
    return [
        {
            "field": name,
            "id": str(line.pk),
            "text": _("%(line)s: %(field)s") % {"line": line, "field": FIELD_NAMES[name]},
            "href": f"/lines/{line.pk}/edit/#id_{name}",
        }
        for line in rows
        for name in line.missing_to_confirm
    ]


def page(request, basket, form, errors=()):
    if form.is_bound:
        form.renew()
    rows = sorted(_live(basket), key=lambda line: not line.missing_to_confirm)
    for line in rows:
        line.summary = _summary(line)
    context = {
        "basket": basket,
        "state": states.basket(basket.state),
        "rows": rows,
        "in_full": rows[:IN_FULL],
        "in_short": rows[IN_FULL:],
        "complete": sum(not line.missing_to_confirm for line in rows),
        "checks": [_count(rows, name) for name in NEEDED_TO_CONFIRM],
        "without_trace": [line for line in rows if not line.has_trace and not line.shown_trace],
        "form": form,
        "errors": list(errors),
        "can": basket.allows("confirm") and may(request.user, "confirm"),
    }
    return render(request, "quotes/basket_confirm.html", context, status=422 if errors else 200)


def _summary(line) -> list[dict]:
    """The line as it will be sent: what confirmation needs, the contact and the trace."""
    edit = f"/lines/{line.pk}/edit/#id_"
    rows = [
        {
            "label": FIELD_NAMES[name],
            "text": ", ".join(as_texts(line.payload.get(name))),
            "need": name if name in line.missing_to_confirm else "",
            "href": edit + name,
        }
        for name in NEEDED_TO_CONFIRM
    ]
    contacts = [row for row in line.payload.get("related_contact_information") or [] if isinstance(row, dict)]
    first = ", ".join(str(v) for v in contacts[0].values() if v) if contacts else _("none, optional")
    rows.append({"label": _("Contact"), "text": first, "href": edit + "related_contact_information-0-name"})
    trace = line.shown_trace
    rows.append(
        {"label": _("Trace"), "text": trace.name if trace else _("none, optional"), "href": f"/lines/{line.pk}/trace/"}
    )
    return rows


def _count(rows, name) -> dict:
    missing = [line for line in rows if name in line.missing_to_confirm]
    href = f"/lines/{missing[0].pk}/edit/#id_{name}" if missing else ""
    return {"label": FIELD_NAMES[name], "done": len(rows) - len(missing), "all": len(rows), "href": href}


def _live(basket) -> list:
    return [line for line in lines_of(basket) if not line.is_gone]

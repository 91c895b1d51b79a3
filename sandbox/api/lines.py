from django.shortcuts import get_object_or_404

from sandbox import bodies, clock, filters, shapes
from sandbox.lifecycle import require_draft
from sandbox.models import Basket, Line, Site
from sandbox.paging import envelope
from sandbox.refusals import invalid


def create(request, quote_id):
    basket, fields = get_object_or_404(Basket, pk=quote_id), bodies.read(request, bodies.NewLine)
    require_draft(basket)
    moment = clock.now()
    line = Line(basket=basket, creation_date=moment, **fields)
    _locate(line)
    line.save()
    line.reference = reference(line.number, moment)
    line.save(update_fields=["reference"])
    return 201, shapes.line(line)


def update(request, quote_id, quote_item_id):
    line, fields = find(quote_id, quote_item_id), bodies.read(request, bodies.LineChange)
    require_draft(line.basket)
    _refuse_changes_of_ours(line, fields)
    for name, value in fields.items():
        setattr(line, name, value)
    _locate(line)
    line.save()
    return shapes.line(line)


def delete(request, quote_id, quote_item_id):
    line = find(quote_id, quote_item_id)
    require_draft(line.basket)
    line.delete()
    return shapes.basket_detail(line.basket)


def listing(request):
    rows = Line.objects.select_related("site", "order").order_by("-number")
    return envelope(request, filters.lines(rows, request.GET), shapes.listed_line)


def detail(request, quote_item_id):
    return shapes.line_detail(get_object_or_404(Line.objects.select_related("trace"), id=quote_item_id))


def find(quote_id, quote_item_id) -> Line:
    """A line by its own basket only, as the addresses say."""
    rows = Line.objects.select_related("basket", "trace")
    return get_object_or_404(rows, basket_id=quote_id, id=quote_item_id)


def reference(number: int, moment) -> str:
    return f"QO_{clock.iso(moment)[:10].replace('-', '')}_{number:08d}"


def _locate(line: Line) -> None:
    """The address comes from the eligibility check, when the operator knows it."""
    line.site = Site.objects.filter(qualification_id=line.product_offering_qualification_item_id).first()


def _refuse_changes_of_ours(line: Line, fields: dict) -> None:
    """`state`, `reference` and `quote_date` are accepted as documented, as long as they say what stands already."""
    ours = {"state": line.state, "reference": line.reference, "quote_date": clock.iso(line.quote_date)}
    for name, value in ours.items():
        if fields.pop(name, value) != value:
            raise invalid(name, "This value is set by the operator and cannot be changed.")

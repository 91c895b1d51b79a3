from django.shortcuts import get_object_or_404

from sandbox import backoffice, bodies, clock, filters, shapes
from sandbox.lifecycle import require_draft
from sandbox.models import Basket, Line
from sandbox.paging import envelope
from sandbox.refusals import Refusal, conflict

NEEDED = ("end_customer_name", "site_connection_type", "product_offerings")


def create(request):
    fields = bodies.read(request, bodies.BasketBody)
    return 201, shapes.basket(Basket.objects.create(creation_date=clock.now(), **fields))


def listing(request):
    rows = filters.baskets(Basket.objects.order_by("-creation_date", "id"), request.GET)
    return envelope(request, rows, shapes.basket)


def detail(request, quote_id):
    return shapes.basket_detail(_basket(quote_id))


def update(request, quote_id):
    basket, fields = _basket(quote_id), bodies.read(request, bodies.BasketBody)
    require_draft(basket)
    for name, value in fields.items():
        setattr(basket, name, value)
    basket.save()
    return shapes.basket_detail(basket)


def confirm(request, quote_id):
    """Once, and only with everything that pricing needs."""
    basket = _basket(quote_id)
    bodies.read(request, bodies.Body)
    if basket.state != "acknowledged":
        raise conflict(f"The quotation basket is already {basket.state}.")
    lines = list(basket.lines.order_by("number"))
    _require_complete(lines)
    moment = clock.now()
    backoffice.schedule(lines, moment)
    for line in lines:
        line.state, line.quote_date = "confirmed", moment
    Line.objects.bulk_update(lines, ["state", "quote_date", "price_due"])
    basket.state, basket.quote_date = "confirmed", moment
    basket.save()
    return shapes.basket_detail(basket)


def _require_complete(lines: list[Line]) -> None:
    """Raises Refusal naming, line by line, what is missing."""
    if not lines:
        raise Refusal(400, {"quote_item": ["At least one line is required to confirm a quotation basket."]})
    gaps = {str(line.id): missing for line in lines if (missing := _missing(line))}
    if gaps:
        raise Refusal(400, {"quote_item": gaps})


def _missing(line: Line) -> dict:
    empty = [name for name in NEEDED if not (getattr(line, name) or "") or not str(getattr(line, name)).strip()]
    return {name: ["This field is required to confirm the quotation basket."] for name in empty}


def _basket(quote_id) -> Basket:
    return get_object_or_404(Basket, pk=quote_id)

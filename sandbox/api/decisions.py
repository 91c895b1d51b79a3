"""Accept, decline and restore: what a customer decides about one offer of a priced line."""

from django.shortcuts import get_object_or_404

from sandbox import bodies, clock, shapes
from sandbox.lifecycle import refresh
from sandbox.models import Line, Offer, Order
from sandbox.refusals import conflict, invalid


def accept(request, quote_item_id):
    line, offer, _ = _ready(request, quote_item_id, bodies.Choice)
    line.offers.exclude(pk=offer.pk).update(state="refused")
    order = Order.objects.create(line=line, product_id=offer.product_id, created=clock.now())
    _set(line, "accepted", offer)
    return {"product_order_id": str(order.session_id), "product_order_item_id": str(order.item_id)}


def decline(request, quote_item_id):
    """The line is refused once its last offer is."""
    line, offer, fields = _ready(request, quote_item_id, bodies.Decline)
    offer.state, offer.comment = "refused", fields.get("comment", "")
    offer.save()
    if not line.offers.filter(state="ready").exists():
        _set(line, "refused")
    return shapes.line_detail(line)


def restore(request, quote_item_id):
    line, offer, _ = _chosen(request, quote_item_id, bodies.Choice)
    if line.state not in ("ready", "refused"):
        raise conflict(f"The quotation line is {line.state}: no price can be restored.")
    if offer.state != "refused":
        raise conflict(f"Product {offer.product_id} is {offer.state}, not refused.")
    if line.validity_date <= clock.now():
        raise conflict("The validity of this quotation has passed.")
    offer.comment = ""
    _set(line, "ready", offer)
    return shapes.line_detail(line)


def _ready(request, quote_item_id, kind: type[bodies.Body]) -> tuple[Line, Offer, dict]:
    line, offer, fields = _chosen(request, quote_item_id, kind)
    if line.state != "ready":
        raise conflict(f"The quotation line is {line.state}, not ready.")
    if offer.state != "ready":
        raise conflict(f"Product {offer.product_id} is {offer.state}, not ready.")
    return line, offer, fields


def _chosen(request, quote_item_id, kind: type[bodies.Body]) -> tuple[Line, Offer, dict]:
    line = get_object_or_404(Line.objects.select_related("basket", "trace"), id=quote_item_id)
    fields = bodies.read(request, kind)
    offer = line.offers.filter(product_id=fields["product_id"]).first()
    if offer is None:
        raise invalid("product_id", "No price for this product on this quotation line.")
    return line, offer, fields


def _set(line: Line, state: str, offer: Offer | None = None) -> None:
    """Put a line, and the offer that made it so, into a state; the basket follows."""
    line.state = state
    line.save(update_fields=["state"])
    if offer is not None:
        offer.state = state
        offer.save()
    refresh(line.basket)

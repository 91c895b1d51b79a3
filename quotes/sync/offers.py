"""The offers of a line, one a product: the part of a mirror that prices and decisions live in."""

from quotes import covage
from quotes.models import Event, Line, Offer
from quotes.sync.facts import plain


def store(line: Line, received: list[covage.Offer]) -> None:
    """Make the rows say what the answer's `prices` said. Call inside a transaction of `quotes.sync.store`."""
    known = {offer.product_id: offer for offer in line.offers.all()}
    new = []
    for position, answer in enumerate(received):
        product_id = answer.product_id[:200]
        offer = known.pop(product_id, None) or Offer(line=line, product_id=product_id)
        if _changed(offer, answer, position):
            offer.save() if offer.pk else new.append(offer)
    Offer.objects.bulk_create(new)
    gone = [offer.pk for offer in known.values() if not offer.is_gone]
    if gone:
        Offer.objects.filter(pk__in=gone).update(is_gone=True)


def _changed(offer: Offer, answer: covage.Offer, position: int) -> bool:
    """Put the answer into the row, not yet saved, and tell the history what a person would call a change."""
    new = {
        "label": answer.label[:500],
        "state": answer.state[:100],
        "payload": plain(answer.raw),
        "fingerprint": covage.fingerprint(answer.raw),
        "position": position,
        "is_gone": False,
    }
    old = {name: getattr(offer, name) for name in new}
    if offer.pk and old == new:
        return False
    for name, value in new.items():
        setattr(offer, name, value)
    _tell(offer, old)
    return True


def _tell(offer: Offer, old: dict) -> None:
    about = {"line": offer.line, "product_id": offer.product_id, "label": offer.label}
    if not offer.pk:
        Event.add("price_received", **about)
    elif old["fingerprint"] != offer.fingerprint:
        Event.add("price_changed", **about, old=old["payload"], new=offer.payload)
    elif old["state"] != offer.state:
        Event.add("offer_state", **about, old=old["state"], new=offer.state)

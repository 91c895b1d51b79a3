"""Lines as lists and pages show them."""

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef

from quotes.covage import read_price
from quotes.covage.values import as_moment
from quotes.models import Command, Line

SUGGESTED = ("site_connection_type", "business_sector", "product_offerings", "option_ids", "project_id")


def visible(user=None):
    """The lines that a person may read; the one place where team scoping would be switched on."""
    return Line.objects.select_related("basket__owner")


def listed(user=None):
    return visible(user).filter(is_void=False).prefetch_related("offers")


def to_decide(user=None):
    """Lines with a price and no accept on its way, the nearest deadline first."""
    accepts = Command.objects.accepts_with_effect().filter(line=OuterRef("pk"))
    waiting = listed(user).filter(state="ready", gone_at=None).exclude(Exists(accepts))
    return waiting.order_by(F("validity_date").asc(nulls_last=True), "id")


def with_prices(lines: list[Line]) -> None:
    """Give each line its cheapest recognised monthly price and access fee (prefetched offers: no query)."""
    for line in lines:
        prices = [read_price(offer.payload) for offer in line.offers.all() if not offer.is_gone]
        line.best_monthly = _lowest(price.monthly for price in prices)
        line.lowest_one_off = _lowest(price.one_off for price in prices)
        line.offers_requested = as_texts(line.payload.get("product_offerings"))
        line.expected_on = as_moment(line.payload.get("expected_response_date"))


def _lowest(amounts):
    """None where they are in several currencies: nothing can be compared."""
    known = [amount for amount in amounts if amount]
    return min(known, key=lambda amount: amount.value) if len({amount.unit for amount in known}) == 1 else None


def suggestions() -> dict[str, list[str]]:
    """Values already seen for the coded fields, whose lists the operator does not publish."""
    return cache.get_or_set("line-suggestions", _seen_values, 60)


def _seen_values():
    found: dict[str, dict] = {name: {} for name in SUGGESTED}
    for payload in Line.objects.order_by("-added_at").values_list("payload", flat=True)[:500]:
        for name in SUGGESTED:
            for text in as_texts(payload.get(name)):
                found[name].setdefault(text)
    return {name: sorted(values) for name, values in found.items()}


def as_texts(value) -> list[str]:
    """Texts of an array as the operator may send it: texts, numbers, or objects with an id."""
    items = value if isinstance(value, list | tuple) else [value] if value else []
    return [_text(item) for item in items if item not in (None, "", {})]


def _text(item) -> str:
    if isinstance(item, dict):
        keys = ("product_id", "product_offering_id", "option_id", "id", "name", "label")
        return str(next((item[key] for key in keys if item.get(key)), item))
    return str(item)

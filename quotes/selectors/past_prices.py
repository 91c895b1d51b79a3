"""A price against our own earlier answers for the same offer: where it stands among them, and how many they are."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from statistics import median

from django.db.models import Q

from quotes.covage import Amount, read_price
from quotes.models import Line, Offer

FEWEST = 5  # answers; of less, nothing is said
NEWEST = 300  # answers of an offer that are looked at
_POSTCODE = re.compile(r"(?<!\d)(\d{2})\d{3}(?!\d)")


@dataclass(frozen=True)
class Standing:
    """Monthly prices of earlier answers, in order, and how many of them are dearer or cheaper than this one."""

    own: Decimal
    unit: str
    values: list[Decimal]
    dearer: int
    cheaper: int
    median: Decimal
    area: "Standing | None" = None  # among those of the same department, where there are enough
    department: str = ""

    @property
    def of(self) -> int:
        return len(self.values)

    @property
    def dearer_share(self) -> Decimal:
        return Decimal(self.dearer) / self.of

    @property
    def cheaper_share(self) -> Decimal:
        return Decimal(self.cheaper) / self.of


@dataclass(frozen=True)
class _Received:
    """A payload known by its fingerprint: equal ones are read once by a process."""

    fingerprint: str
    payload: object = field(compare=False)


def beside(line: Line, columns) -> None:
    """Give each column its `past`, a Standing or None: one query for all offers of the line."""
    asked = [column for column in columns if column.price.monthly and column.offer.product_id]
    of = _earlier(line, [column.offer.product_id for column in asked]) if asked else {}
    here = department(line.site)
    for column in columns:
        found = of.get(column.offer.product_id, []) if column in asked else []
        column.past = _among(column.price.monthly, found, here) if found else None


def department(site: str) -> str:
    """The first two digits of the last postcode in an address, "" without one."""
    found = _POSTCODE.findall(site)
    return found[-1] if found else ""


def _earlier(line, products) -> dict[str, list[tuple[Amount, str]]]:
    """Product to (monthly price, department) of the answers before this line's own, the newest that many."""
    newest = Q()
    for product in products:
        rows = Offer.objects.filter(product_id=product).exclude(line=line).order_by("-id")
        newest |= Q(pk__in=rows.values("pk")[:NEWEST])
    offers = Offer.objects.filter(newest).order_by()
    if line.response_date:
        offers = offers.filter(line__response_date__lt=line.response_date)
    found = defaultdict(list)
    for product, fingerprint, payload, site in offers.values_list("product_id", "fingerprint", "payload", "line__site"):
        monthly = _monthly(_Received(fingerprint, payload))
        if monthly:
            found[product].append((monthly, department(site)))
    return found


@lru_cache(maxsize=5000)
def _monthly(received: _Received) -> Amount | None:
    return read_price(received.payload).monthly


def _among(own: Amount, found, here: str) -> Standing | None:
    """Only among prices in the same unit."""
    alike = [(amount.value, place) for amount, place in found if amount.unit == own.unit]
    local = [value for value, place in alike if here and place == here]
    return _standing(own, [value for value, _place in alike], area=_standing(own, local), department=here)


def _standing(own, values, **more) -> Standing | None:
    if len(values) < FEWEST:
        return None
    dearer = sum(value > own.value for value in values)
    cheaper = sum(value < own.value for value in values)
    return Standing(own.value, own.currency, sorted(values), dearer, cheaper, median(values), **more)

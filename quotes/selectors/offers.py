"""The offers of a line side by side: fixed rows, recognised values only, the rest as it came."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from quotes import states
from quotes.covage import PriceView, read_price
from quotes.models import Line, Offer


@dataclass
class Column:
    """One offer of the comparison."""

    offer: Offer
    price: PriceView
    state: states.State
    actions: list[str] = field(default_factory=list)  # what the states allow; rights are the page's business
    above_monthly: Decimal | None = None  # to the cheapest per month; 0 is the cheapest
    above_total: Decimal | None = None

    @property
    def is_off(self) -> bool:
        return self.offer.is_gone or self.state.value in ("refused", "expired")

    @property
    def other_amounts(self):
        """Amounts that have no named row."""
        named = {a.key for a in (self.price.monthly, self.price.one_off) if a}
        return [amount for amount in self.price.amounts if amount.key not in named]


@dataclass
class Comparison:
    columns: list[Column]

    @cached_property
    def open(self) -> list[Column]:
        return [column for column in self.columns if not column.is_off]

    def differs(self, name: str) -> bool:
        """Whether the columns differ in a fact of the price (for "differences only")."""
        return len({_comparable(getattr(column.price, name)) for column in self.columns}) > 1

    @cached_property
    def same(self) -> dict[str, bool]:
        names = ("monthly", "one_off", "commitment", "bandwidth", "gtr", "delivery", "valid_until", "total")
        return {name: len(self.columns) > 1 and not self.differs(name) for name in names}

    @cached_property
    def has(self) -> dict[str, bool]:
        """Which named rows any offer fills: a row that nobody fills is not drawn."""
        names = ("monthly", "one_off", "commitment", "bandwidth", "gtr", "delivery", "valid_until", "total")
        return {name: any(getattr(c.price, name) is not None for c in self.columns) for name in names}

    @property
    def cheapest_monthly(self):
        found = [c.price.monthly for c in self.open if c.price.monthly]
        return min(found, key=lambda amount: amount.value) if found else None


def compare(line: Line) -> Comparison:
    """Declined and expired offers stay, last."""
    columns = [_column(line, offer) for offer in line.offers.all()]
    columns.sort(key=lambda column: column.is_off)
    comparison = Comparison(columns)
    _distances(comparison.open, "above_monthly", lambda c: c.price.monthly and c.price.monthly.value, "monthly")
    _distances(comparison.open, "above_total", lambda c: c.price.total, "total")
    return comparison


def _column(line, offer) -> Column:
    actions = [name for name in ("accept", "decline", "restore") if line.offer_allows(name, offer)]
    return Column(offer, read_price(offer.payload), states.offer(offer.state, line.state), actions)


def _distances(columns, name, amount, of) -> None:
    """Only between offers that all have the figure, in one currency: else nothing can be compared."""
    values = [amount(column) for column in columns]
    units = {getattr(column.price, of).unit for column in columns if of == "monthly" and column.price.monthly}
    if len(columns) < 2 or None in values or len(units) > 1:
        return
    for column, value in zip(columns, values, strict=True):
        setattr(column, name, value - min(values))


def _comparable(value):
    return (value.value, value.unit) if hasattr(value, "unit") else value

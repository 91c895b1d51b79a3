"""The offers of a line side by side: fixed rows, recognised values only, the rest as it came."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from quotes import states
from quotes.covage import Amount, PriceView, fingerprint, read_price
from quotes.covage.values import as_moment, as_text
from quotes.models import Event, Line, Offer
from quotes.selectors.past_prices import Standing
from quotes.selectors.ranks import Rank, ranks

LABELS = {
    "monthly": _("Monthly"),
    "one_off": _("Access fee"),
    "commitment": _("Commitment"),
    "bandwidth": _("Bandwidth"),
    "gtr": _("Repair time"),
    "delivery": _("Service in"),
    "valid_until": _("Valid until"),
    "total": _("Total over the commitment"),
}
FACTS = ("commitment", "bandwidth", "gtr", "delivery", "valid_until")
OWN_ROWS = 12  # keys of other amounts that get a row of the comparison each; what is beyond stands together
# A key or a text that says whether tax is in an amount.
_TAX = re.compile(r"(?<![a-z])(?:ht|ttc|tva|vat|tax\w*|duty.?free)(?![a-z])", re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass
class Column:
    """One offer of the comparison."""

    offer: Offer
    price: PriceView
    state: states.State
    actions: list[str] = field(default_factory=list)  # what the states allow; rights are the page's business
    monthly_rank: Rank | None = None
    total_rank: Rank | None = None
    past: Standing | None = None  # among earlier answers, where the page asked for it
    other_cells: list[tuple[str, Amount | None]] = field(default_factory=list)  # one for each of the row keys
    more_amounts: list[Amount] = field(default_factory=list)

    @property
    def is_off(self) -> bool:
        return self.offer.is_gone or self.state.value in ("refused", "expired")

    @property
    def own_state(self) -> states.State | None:
        """The offer's state where it tells more than the line's."""
        return self.state if self.offer.state and self.offer.state != self.offer.line.state else None

    @property
    def currency(self) -> str:
        """Of the total: whichever of its parts came with one."""
        parts = [amount for amount in (self.price.monthly, self.price.one_off) if amount]
        return next((amount.currency for amount in parts if amount.currency), "")

    @property
    def valid_until(self):
        """A date where the text is one."""
        return as_moment(self.price.valid_until) or self.price.valid_until

    @cached_property
    def other_amounts(self) -> dict[str, Amount]:
        """Amounts that have no named row, by the operator's key."""
        named = {a.key for a in (self.price.monthly, self.price.one_off) if a}
        return {amount.key: amount for amount in self.price.amounts if amount.key not in named}

    @property
    def others(self) -> list[tuple[str, str]]:
        """What else was received, but for the name that heads the column."""
        return [(name, as_text(value)) for name, value in self.price.rest if value != self.offer.label]


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
        return {name: len(self.columns) > 1 and not self.differs(name) for name in LABELS}

    @cached_property
    def has(self) -> dict[str, bool]:
        """Which named rows any offer fills: a row that nobody fills is not drawn."""
        return {name: any(getattr(c.price, name) is not None for c in self.columns) for name in LABELS}

    @cached_property
    def other_keys(self) -> list[str]:
        """The keys of amounts without a named row, as they come."""
        return list(dict.fromkeys(key for column in self.columns for key in column.other_amounts))

    @property
    def row_keys(self) -> list[str]:
        return self.other_keys[:OWN_ROWS]

    @property
    def more_keys(self) -> list[str]:
        return self.other_keys[OWN_ROWS:]

    @property
    def has_past(self) -> bool:
        return any(column.past for column in self.columns)

    @property
    def has_others(self) -> bool:
        return any(column.others for column in self.columns)

    @property
    def one_commitment(self) -> bool:
        """Totals over different times are no cheaper or dearer than each other."""
        return len({column.price.commitment for column in self.open}) == 1

    @property
    def says_tax(self) -> bool:
        return any(says_tax(column.offer.payload) for column in self.columns)


@dataclass(frozen=True)
class Change:
    """One difference between two readings of a price: amounts, or texts as received; None where there is none."""

    label: str
    old: Amount | str | None
    new: Amount | str | None


def compare(line: Line) -> Comparison:
    """Declined and expired offers stay, last."""
    columns = [_column(line, offer) for offer in line.offers.all()]
    columns.sort(key=lambda column: column.is_off)
    comparison = Comparison(columns)
    _rank(comparison)
    for column in columns:
        column.other_cells = [(key, column.other_amounts.get(key)) for key in comparison.row_keys]
        column.more_amounts = [column.other_amounts[key] for key in comparison.more_keys if key in column.other_amounts]
    return comparison


def changes(old: object, new: object) -> list[Change]:
    """What differs between two elements of `prices`."""
    before, after = _told(read_price(old)), _told(read_price(new))
    keys = dict.fromkeys([*before, *after])
    differing = [key for key in keys if _comparable(before.get(key)) != _comparable(after.get(key))]
    return [Change(str(LABELS.get(key, key)), before.get(key), after.get(key)) for key in differing]


def moves(line: Line) -> dict[str, Event]:
    """Product to the change that led to the price it has now; only the last one counts."""
    found: dict[str, Event] = {}
    for event in Event.objects.filter(line=line, kind="price_changed").order_by("-id")[:50]:
        found.setdefault(event.data["product_id"], event)
    return found


def as_seen(offer: Offer, seen: str) -> object | None:
    """The price of that fingerprint, out of the history of an offer; None when it was never ours."""
    moved = Event.objects.filter(line=offer.line_id, kind="price_changed")
    for data in moved.values_list("data", flat=True)[:50]:
        if data["product_id"] == offer.product_id and fingerprint(data["old"]) == seen:
            return data["old"]
    return None


def says_tax(received: object) -> bool:
    """Whether any key or text of an answer names tax."""
    if isinstance(received, dict):
        return any(says_tax(key) or says_tax(value) for key, value in received.items())
    if isinstance(received, list):
        return any(map(says_tax, received))
    return isinstance(received, str) and bool(_TAX.search(_CAMEL.sub("_", received).replace("_", " ")))


def _column(line, offer) -> Column:
    actions = [name for name in ("decline", "accept", "restore") if line.offer_allows(name, offer)]
    return Column(offer, read_price(offer.payload), states.offer(offer.state, line.state), actions)


def _told(price: PriceView) -> dict:
    """Named amounts and facts by their row, other amounts by their key."""
    named = {name: getattr(price, name) for name in ("monthly", "one_off", *FACTS)}
    keys = {amount.key for amount in (price.monthly, price.one_off) if amount}
    named |= {amount.key: amount for amount in price.amounts if amount.key not in keys}
    return {name: value for name, value in named.items() if value is not None}


def _rank(comparison) -> None:
    """Among the open ones; totals only where they are over the same time."""
    columns = comparison.open
    monthly = [column.price.monthly for column in columns]
    found = ranks([m and m.value for m in monthly], [m.unit if m else "" for m in monthly])
    for column, rank in zip(columns, found, strict=True):
        column.monthly_rank = rank
    if comparison.one_commitment:
        found = ranks([column.price.total for column in columns], [column.currency for column in columns])
        for column, rank in zip(columns, found, strict=True):
            column.total_rank = rank


def _comparable(value):
    return (value.value, value.unit) if hasattr(value, "unit") else value

"""The sites of a basket against the offers made for them, and what one chosen offer a site adds up to."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from quotes.models import Basket, Line
from quotes.selectors import baskets
from quotes.selectors.offers import Column, Comparison, compare

SHOWN = 150  # lines: the choice of every one stands in the address, which servers cut at some 4,000 characters
NOTHING = "-"  # the choice to leave a line out


@dataclass
class Row:
    """A line. `cells` stand under the heads; `why` is a code that tells why nothing of it is chosen."""

    line: Line
    name: str  # of its field in the address
    comparison: Comparison
    chosen: Column | None = None
    why: str = ""
    cells: list[tuple["Head", Column | None]] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """There is nothing to choose between: one offer, or all at the same price."""
        prices = {(c.price.monthly and c.price.monthly.value, c.price.total) for c in self.comparison.open}
        return len(self.comparison.open) < 2 or len(prices) == 1


@dataclass(frozen=True)
class Head:
    """A product, as its first offer names it."""

    key: str
    product_id: str
    label: str

    def __str__(self):
        return self.label or self.product_id


@dataclass
class Part:
    """A sum by currency ("" where none was received) over the lines that give such an amount, and those that do not."""

    sums: dict[str, Decimal] = field(default_factory=dict)
    counted: int = 0
    without: list[Line] = field(default_factory=list)


@dataclass
class Grid:
    heads: list[Head]
    rows: list[Row]
    states: list[str]  # of all lines, to filter by
    monthly: Part
    one_off: Part
    total: Part
    unseen: int = 0  # lines beyond those shown

    @property
    def offered(self) -> list[Row]:
        return [row for row in self.rows if row.comparison.columns]

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.rows if row.chosen]

    @property
    def left_out(self) -> list[Row]:
        return [row for row in self.rows if not row.chosen]


def grid(basket: Basket, picks: dict[str, str], state: str = "") -> Grid:
    """`picks`: name of a line's field to the product chosen for it; without one, its cheapest open offer."""
    lines = [line for line in baskets.lines_of(basket) if not line.is_gone]
    shown = [line for line in lines if not state or line.state == state]
    names = _names(lines)
    rows = [_row(line, names[line.pk], picks.get(names[line.pk])) for line in shown[:SHOWN]]
    heads = _heads(rows)
    for row in rows:
        of = {_key(column): column for column in row.comparison.columns}
        row.cells = [(head, of.get(head.key)) for head in heads]
    return Grid(
        heads,
        rows,
        list(dict.fromkeys(line.state for line in lines)),
        _part(rows, lambda column: column.price.monthly and column.price.monthly.value),
        _part(rows, lambda column: column.price.one_off and column.price.one_off.value),
        _part(rows, lambda column: column.price.total),
        max(0, len(shown) - SHOWN),
    )


def _names(lines) -> dict:
    """A line's field: the start of its id, or the whole where two start alike."""
    starts = Counter(line.pk.hex[:8] for line in lines)
    return {line.pk: f"pick-{line.pk if starts[line.pk.hex[:8]] > 1 else line.pk.hex[:8]}" for line in lines}


def _row(line, name, wanted) -> Row:
    row = Row(line, name, compare(line))
    row.chosen, row.why = _picked(row.comparison, wanted) if wanted else _usual(row)
    return row


def _picked(comparison, wanted) -> tuple[Column | None, str]:
    found = next((column for column in comparison.open if column.offer.product_id == wanted), None)
    return found, "" if found else "left_out" if wanted == NOTHING else "closed"


def _usual(row) -> tuple[Column | None, str]:
    """The accepted offer, else the cheapest per month of those that are open and say so in one currency."""
    columns = row.comparison.open
    if row.line.state == "accepted":
        columns = [column for column in columns if column.state.value == "accepted"]
        return (columns[0], "") if len(columns) == 1 else (None, "which")
    priced = [column for column in columns if column.price.monthly]
    if not priced:
        return None, "no_price" if columns else "no_offer"
    if len({column.price.monthly.unit for column in priced}) > 1:
        return None, "units"
    return min(priced, key=lambda column: column.price.monthly.value), ""


def _heads(rows) -> list[Head]:
    """The product that most lines were offered stands first."""
    columns = [column for row in rows for column in row.comparison.columns]
    counts = Counter(map(_key, columns))
    found: dict[str, Head] = {}
    for column in columns:
        key = _key(column)
        if key not in found or (column.offer.label and not found[key].label):
            found[key] = Head(key, column.offer.product_id, column.offer.label)
    return sorted(found.values(), key=lambda head: -counts[head.key])


def _key(column) -> str:
    return column.offer.product_id or f" {column.offer.label}"


def _part(rows, amount) -> Part:
    part = Part()
    for row in rows:
        value = amount(row.chosen) if row.chosen else None
        if value is not None:
            part.sums[row.chosen.currency] = part.sums.get(row.chosen.currency, 0) + value
            part.counted += 1
        elif row.chosen:
            part.without.append(row.line)
    return part

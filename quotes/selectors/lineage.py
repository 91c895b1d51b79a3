"""Which line was asked again as which: known from the batches that asked."""

from dataclasses import dataclass

from quotes.covage import Amount
from quotes.models import BatchItem, Line
from quotes.models.batches import Batch
from quotes.models.commands import Kind
from quotes.selectors.lines import with_prices


@dataclass(frozen=True)
class Lineage:
    before: Line | None  # the line that this one asks again
    after: list[Line]  # the lines that ask this one again, the newest first
    prices: tuple[Amount, Amount] | None = None  # best per month then and now, of one currency

    @property
    def difference(self):
        then, now = self.prices
        return now.value - then.value


def of(line: Line) -> Lineage:
    """Two queries, each by its own index: one with OR would read every item there is."""
    asks = _items().filter(command__line=line).select_related("line").prefetch_related("line__offers").first()
    before = asks.line if asks else None
    after = [item.command.line for item in _items().filter(line=line).select_related("command__line").order_by("-id")]
    return Lineage(before, after, _prices(before, line) if before else None)


def asked_again(lines) -> set:
    """The ids of those lines that were asked again already: one query."""
    items = _items().filter(line__in=lines, command__line__is_void=False)
    return set(items.values_list("line", flat=True))


def _items():
    return BatchItem.objects.filter(batch__kind=Batch.Kind.REQUOTE, command__kind=Kind.ADD_LINE)


def _prices(before: Line, now: Line) -> tuple[Amount, Amount] | None:
    with_prices([before, now])
    found = before.best_monthly, now.best_monthly
    return found if all(found) and found[0].unit == found[1].unit else None

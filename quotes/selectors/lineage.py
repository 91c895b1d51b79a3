"""Which line was asked again as which: known from the batches that asked."""

from dataclasses import dataclass

from django.db.models import Q

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
    about = Q(line=line) | Q(command__line=line)
    items = BatchItem.objects.filter(about, batch__kind=Batch.Kind.REQUOTE, command__kind=Kind.ADD_LINE)
    items = items.select_related("line", "command__line").prefetch_related("line__offers")
    found = list(items.order_by("-id"))
    before = next((item.line for item in found if item.command.line_id == line.pk), None)
    after = [item.command.line for item in found if item.line_id == line.pk]
    return Lineage(before, after, _prices(before, line) if before else None)


def asked_again(lines) -> set:
    """The ids of those lines that were asked again already: one query."""
    items = BatchItem.objects.filter(line__in=lines, batch__kind=Batch.Kind.REQUOTE, command__kind=Kind.ADD_LINE)
    return set(items.filter(command__line__is_void=False).values_list("line", flat=True))


def _prices(before: Line, now: Line) -> tuple[Amount, Amount] | None:
    with_prices([before, now])
    found = before.best_monthly, now.best_monthly
    return found if all(found) and found[0].unit == found[1].unit else None

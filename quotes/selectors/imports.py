"""Spreadsheets on their way into a basket."""

from django.db.models import Q

from quotes import states
from quotes.models import Basket, Batch, BatchItem
from quotes.models.mirror import key


def visible(user=None):
    return Batch.objects.filter(kind=Batch.Kind.IMPORT).select_related("actor", "basket")


def prepared(basket: Basket) -> list[Batch]:
    """Those that wait for a person to go on."""
    return list(basket.batches.filter(kind=Batch.Kind.IMPORT, state="draft").select_related("actor"))


def read_before(actor, headings: list[str]) -> dict:
    """How the person had a table with the same headings read the last time; {} when never."""
    recent = visible().filter(actor=actor).exclude(detail__columns=None)[:20]
    return next((batch.detail for batch in recent if batch.detail.get("headings") == headings), {})


def imported(batch: Batch) -> dict[str, str]:
    """Keys of the lines that imports made in this basket, or are about to make; a line that is gone may come again."""
    items = BatchItem.objects.filter(batch__basket=batch.basket, batch__kind=Batch.Kind.IMPORT).exclude(batch=batch)
    without = Q(command__state__in=states.WITHOUT_EFFECT) | Q(command__line__gone_at__isnull=False)
    made = items.filter(state__in=("waiting", "done")).exclude(without).order_by()
    return dict.fromkeys(made.values_list("key", flat=True), "imported")


def names_in(basket: Basket) -> set[str]:
    """The references of the lines in the basket, as typed and as sent, in the form that `mirror.key` gives."""
    rows = basket.lines.filter(gone_at=None, is_void=False).values_list("external_id", "wished_external_id")
    return {key(name) for row in rows for name in row if name}

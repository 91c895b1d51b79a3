"""Batches as lists and pages show them."""

from collections import Counter

from django.db.models import Count

from quotes import states
from quotes.models import Batch, BatchItem

FAILED = ("invalid", "skipped", *states.WITHOUT_EFFECT)  # items of which nothing came


def visible(user=None):
    """Everybody reads every batch; one that is being prepared is its maker's."""
    return Batch.objects.select_related("actor", "basket")


def items(batch: Batch):
    """In their order, with what each led to."""
    return batch.items.select_related("line__basket", "command__line", "command__basket", "command__export")


def not_done(batch: Batch):
    """Those of which nothing came, and those that need a person."""
    return items(batch).exclude(state="waiting").exclude(command__state__in=("done", *states.MOVING))


def counted(batches) -> dict:
    """How many items of each batch stand how: its id to a Counter of `BatchItem.outcome`. One query."""
    found = {batch.pk: Counter() for batch in batches}
    rows = BatchItem.objects.filter(batch__in=found).order_by()
    rows = rows.values_list("batch", "state", "command__state").annotate(n=Count("pk"))
    for pk, state, command_state, n in rows:
        found[pk][command_state or state] += n
    return found


def summary(found: Counter) -> dict:
    """The counts a person asks for. `total` = done + failed + parked + moving + waiting."""
    failed = sum(found[state] for state in FAILED)
    moving = sum(found[state] for state in states.MOVING)
    total = sum(found.values())
    return {
        "total": total,
        "done": found["done"],
        "failed": failed,
        "parked": found["needs_person"],
        "moving": moving,
        "waiting": found["waiting"],
        "over": total - found["waiting"] - moving,
    }


def outcome_state(item: BatchItem) -> states.State:
    """How one item stands, as a badge."""
    return states.command(item.command.state) if item.command_id else states.ITEM[item.state]

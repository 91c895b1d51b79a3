"""What is still on its way to the operator, beside the rows that it is about."""

from django.db.models import OuterRef, Subquery

from quotes import states
from quotes.models import Command


def with_pending(rows):
    """Annotate baskets or lines with the state of their oldest unfinished command (`pending_state`)."""
    noun = rows.model._meta.model_name
    about = {noun: OuterRef("pk")} | ({"line": None} if noun == "basket" else {})
    commands = Command.objects.pending_writes().filter(**about)
    return rows.annotate(pending_state=Subquery(commands.order_by("recorded_at").values("state")[:1]))


def shown(rows) -> None:
    """Give each row `pending`: that state as a person meets it, or None."""
    for row in rows:
        row.pending = states.command(row.pending_state) if row.pending_state else None

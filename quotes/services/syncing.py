"""A person asks for everything to be read from the operator now."""

from quotes.models import Event
from quotes.services.permissions import require
from quotes.sync import jobs

NOW = ("all_baskets", "lines", "baskets")  # what `quotes.tasks.sync_now` runs


def ask(*, actor) -> None:
    """Make the readings due: whatever happens to the message that hurries them, the next beat does them."""
    require(actor, "sync")
    jobs.make_due(NOW)
    Event.add("sync_asked", actor=actor)

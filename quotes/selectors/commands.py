"""Commands as lists and pages show them."""

from quotes import states
from quotes.models import Command


def visible(user=None):
    """The commands that a person may read: all of them, newest first."""
    return Command.objects.select_related("actor", "line", "basket")


def waiting(user=None):
    """Whose end is not known, the oldest first: that is the order in which they leave."""
    return visible(user).filter(state__in=states.PENDING).order_by("recorded_at")

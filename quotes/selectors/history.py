"""What happened, and what is still under way."""

from django.db.models import Subquery

from quotes.models import Command, Event


def of(*, basket=None, line=None):
    """Events of a basket (its lines included) or of a line, newest first."""
    return everything().filter(line=line) if line else everything().filter(basket=basket)


def everything():
    """All events, newest first: everybody who is logged in may read them."""
    return Event.objects.select_related("actor", "line", "basket", "command")


def of_command(command):
    """Events of one command, newest first."""
    return Event.objects.filter(command=command).select_related("actor", "command")


def found_before(command):
    """Events of what was found at the operator before the command left.

    By the order of the history: clocks jump, and what was found since may be what the command made.
    """
    left = Event.objects.filter(command=command, kind="command_sending").order_by("-id").values("id")[:1]
    return Event.objects.filter(kind__in=("basket_found", "line_found"), id__lt=Subquery(left))


def pending(*, basket=None, line=None):
    """Commands whose end is not known, for the notices on the page of their object."""
    commands = Command.objects.pending_writes().select_related("actor", "line", "basket").order_by("recorded_at")
    return commands.filter(line=line) if line else commands.filter(basket=basket)


def writes(line):
    """The newest commands of a line, exports aside: what its page tells of them, in one query."""
    commands = Command.objects.writes().filter(line=line)
    return list(commands.select_related("actor", "line", "basket")[:50])

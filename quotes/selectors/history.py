"""What happened, and what is still under way."""

from quotes.models import Command, Event


def of(*, basket=None, line=None):
    """Events of a basket (its lines included) or of a line, newest first."""
    events = Event.objects.select_related("actor", "line", "basket", "command")
    return events.filter(line=line) if line else events.filter(basket=basket)


def everything(user=None):
    """The events that a person may read: all of them, newest first."""
    return Event.objects.select_related("actor", "line", "basket", "command")


def of_command(command):
    """Events of one command, newest first."""
    return Event.objects.filter(command=command).select_related("actor", "command")


def pending(*, basket=None, line=None):
    """Commands whose end is not known, for the notices on the page of their object."""
    commands = Command.objects.pending_writes().select_related("actor", "line", "basket").order_by("recorded_at")
    return commands.filter(line=line) if line else commands.filter(basket=basket)


def writes(line):
    """The newest commands of a line, exports aside: what its page tells of them, in one query."""
    commands = Command.objects.writes().filter(line=line)
    return list(commands.select_related("actor", "line", "basket")[:50])

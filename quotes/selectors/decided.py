"""Lines whose decision was seen here since a moment: the operator gives no date of it, our history does."""

from django.db.models import OuterRef, Subquery

from quotes.models import Event
from quotes.selectors import lines

STATES = ("accepted", "refused", "expired")


def since(user, moment):
    """The newest decision first; each line carries `decided_at`."""
    moves = Event.objects.filter(kind="line_state", at__gte=moment)
    found = lines.listed(user).prefetch_related(None).filter(state__in=STATES, pk__in=moves.values("line"))
    newest = moves.filter(line=OuterRef("pk")).order_by("-id").values("at")[:1]
    return found.annotate(decided_at=Subquery(newest)).order_by("-decided_at", "id")

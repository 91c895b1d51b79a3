"""What a person is told of: what of it is new, and the page that lists it."""

from django.db.models import F

from quotes.models import Notice


def of(user):
    """What is shown to a person: the unread first, then the newest."""
    rows = Notice.objects.filter(user=user, in_page=True).select_related("line", "basket")
    return rows.order_by(F("seen_at").desc(nulls_first=True), "-created_at", "-id")


def unread(user):
    return Notice.objects.filter(user=user, in_page=True, seen_at=None)

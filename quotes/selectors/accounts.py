"""The people of the portal itself, and what was done to their accounts."""

from django.contrib.auth.models import User

from quotes.models import Event

TOLD = ("person_added", "person_changed", "person_password")


def listed():
    """Those who may log in first, then by name; with their groups."""
    return User.objects.order_by("-is_active", "last_name", "first_name", "username").prefetch_related("groups")


def events(person):
    """What happened to one account, newest first."""
    return Event.objects.filter(kind__in=TOLD, data__person=person.pk)

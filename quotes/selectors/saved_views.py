"""Saved views: a person's own, and those that colleagues share."""

from django.db.models import Case, Q, Value, When

from quotes.models import SavedView

MOST = 50  # of one list, as a menu can hold; the page of the views shows all


def visible(user):
    """Their own first, then by name."""
    mine = Case(When(owner=user, then=Value(0)), default=Value(1))
    views = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    return views.order_by(mine, "name", "id")


def of_list(user, noun: str) -> list[SavedView]:
    return list(visible(user).filter(noun=noun)[:MOST])

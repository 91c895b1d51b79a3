"""Saved views: a person keeps an arranged list under a name, and may let everybody have it."""

from django.db import IntegrityError, transaction

from quotes.errors import Invalid, NotAllowed
from quotes.models import SavedView
from quotes.services.permissions import require


def save(*, actor, noun: str, name: str, query: str, is_shared: bool) -> SavedView:
    """`query`: the address of the list without its page. Raises Invalid for a name that they used already."""
    return _stored(SavedView(owner=actor, noun=noun, query=query), actor, name, is_shared)


def change(*, actor, view: SavedView, name: str, is_shared: bool) -> SavedView:
    owned(view, actor)
    return _stored(view, actor, name, is_shared)


def remove(*, actor, view: SavedView) -> None:
    owned(view, actor)
    view.delete()


def owned(view: SavedView, actor) -> None:
    """Raises NotAllowed: a shared view may be used by everybody, and changed by its owner."""
    if view.owner_id != actor.pk:
        raise NotAllowed("own_view")


def _stored(view, actor, name, is_shared) -> SavedView:
    if is_shared and not view.is_shared:
        require(actor, "share")
    view.name, view.is_shared = name, is_shared
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Invalid({"name": ["name_taken"]}) from error
    return view

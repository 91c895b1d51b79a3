"""Looking at the operator for what the portal has not read yet, because a person asks for it by name or id."""

from uuid import UUID

from django.conf import settings

from quotes.covage import CovageNotFound
from quotes.models import Basket, Line
from quotes.models.mirror import key
from quotes.selectors.search import references
from quotes.services.permissions import require
from quotes.sync import store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect


def look(*, actor, text: str) -> Line | Basket | None:
    """The line of that reference, the basket of that name, or what has that id, read just now.

    Raises NotAllowed, CovageError. Lines have no other name that the operator looks for.
    """
    require(actor, "refresh")
    client = connect(within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    return _by_id(client, text) if _is_id(text) else _line(client, text) or _basket(client, text)


def _by_id(client, text: str) -> Line | Basket | None:
    asked = Asked.now()
    try:
        return store.line(client.get_line(text), asked)
    except CovageNotFound:
        pass
    try:
        return store.basket(client.get_basket(text), asked)
    except CovageNotFound:
        return None


def _line(client, text: str) -> Line | None:
    for name in dict.fromkeys([*references(text), text]):
        asked = Asked.now()
        for item in _first_page(client.line_pages(reference=name)):
            if key(item.reference) == key(name):
                return watch.read_line(client, store.line(item, asked, detail=False))
    return None


def _basket(client, text: str) -> Basket | None:
    asked = Asked.now()
    for item in _first_page(client.basket_pages(external_id=text)):
        if key(item.external_id) == key(text):
            return watch.read_basket(client, store.basket(item, asked, detail=False))
    return None


def _first_page(pages) -> list:
    """The filters make the rest needless; an operator that ignores them is not walked through."""
    return next((page.results for page in pages), [])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

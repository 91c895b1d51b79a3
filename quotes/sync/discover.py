"""Finding what was created or moved elsewhere, by walking the operator's lists.

Lists discover, details know: a basket that is new or whose state differs becomes due, and the watch reads it. What a
list lacks means nothing.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from quotes import states
from quotes.covage import CovageClient
from quotes.models import Basket, Line
from quotes.sync import store, watch
from quotes.sync.asked import Asked

OVERLAP = timedelta(hours=1)


def baskets(client: CovageClient, tally, *, full: bool = False) -> None:
    """Walk the basket list: all of it, or what was created since the newest basket we know."""
    walk = client.basket_pages(**({} if full else _since_newest()))
    _walk(walk, Basket, tally, _basket)


def lines(client: CovageClient, tally) -> None:
    """Walk the line list: addresses stand only there, and lines that no basket answer named."""
    _walk(client.line_pages(), Line, tally, _line)


def _walk(walk, model, tally, store_one) -> None:
    """Store what a list shows otherwise than we have it; one query finds the rows of a page."""
    asked = Asked.now()
    for page in walk:
        known = {row.remote_id: row for row in model.objects.filter(remote_id__in=[item.id for item in page.results])}
        for item in page.results:
            tally.seen += 1
            if store.differs(known.get(item.id), item):
                tally.changed += 1
                store_one(item, asked)
        tally.rejected += len(page.rejected)
        asked = Asked.now()
    tally.cursor = {"complete": walk.complete, "reason": walk.reason or ""}


def _since_newest() -> dict:
    newest = Basket.objects.exclude(creation_date=None).order_by("-creation_date").first()
    return {"creation_date_gt": (newest.creation_date - OVERLAP).isoformat()} if newest else {}


def _basket(item, asked) -> None:
    """A basket that is new or moved is read soon; one that is over waits behind those in which people act."""
    row = store.basket(item, asked, detail=False)
    later = timedelta(seconds=settings.SYNC["warm"] if states.basket(row.state).final else 0)
    Basket.objects.filter(pk=row.pk).update(due_at=timezone.now() + later)


def _line(item, asked) -> None:
    row = store.line(item, asked, detail=False)
    if row.basket and not states.basket(row.basket.state).final:
        watch.wake(row.basket)

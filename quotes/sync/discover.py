"""Finding what was created or moved elsewhere, by walking the operator's lists.

Lists discover, details know: a basket that is new or whose state differs becomes due, and the watch reads it. What a
list lacks means nothing.
"""

from datetime import timedelta

from django.utils import timezone

from quotes.covage import CovageClient
from quotes.models import Basket, Line
from quotes.sync import store, watch
from quotes.sync.asked import Asked

OVERLAP = timedelta(hours=1)


def baskets(client: CovageClient, tally, *, full: bool = False) -> None:
    """Walk the basket list: all of it, or what was created since the newest basket we know."""
    filters = {} if full else _since_newest()
    walk = client.basket_pages(**filters)
    asked = Asked.now()
    for page in walk:
        for item in page.results:
            tally.seen += 1
            tally.changed += _basket(item, asked)
        tally.rejected += len(page.rejected)
        asked = Asked.now()
    tally.cursor = {"complete": walk.complete, "reason": walk.reason or ""}


def lines(client: CovageClient, tally) -> None:
    """Walk the line list: addresses stand only there, and lines that no basket answer named."""
    walk = client.line_pages()
    asked = Asked.now()
    for page in walk:
        for item in page.results:
            tally.seen += 1
            tally.changed += _line(item, asked)
        tally.rejected += len(page.rejected)
        asked = Asked.now()
    tally.cursor = {"complete": walk.complete, "reason": walk.reason or ""}


def _since_newest() -> dict:
    newest = Basket.objects.exclude(creation_date=None).order_by("-creation_date").first()
    return {"creation_date_gt": (newest.creation_date - OVERLAP).isoformat()} if newest else {}


def _basket(item, asked) -> bool:
    before = Basket.objects.filter(remote_id=item.id).values_list("revision", "due_at").first()
    row = store.basket(item, asked, detail=False)
    changed = before is None or before[0] != row.revision
    if changed or row.due_at is None:
        Basket.objects.filter(pk=row.pk).update(due_at=timezone.now())
    return changed


def _line(item, asked) -> bool:
    before = Line.objects.filter(remote_id=item.id).values_list("revision", flat=True).first()
    row = store.line(item, asked, detail=False)
    changed = before != row.revision
    if changed and row.basket:
        watch.wake(row.basket)
    return changed

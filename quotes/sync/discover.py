"""Finding what was created or moved elsewhere, by walking the operator's lists.

Lists discover, details know: a basket that is new or whose state differs becomes due, and the watch reads it. What a
list lacks means nothing.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from quotes import states
from quotes.covage import CovageClient, CovageNotFound
from quotes.models import Basket, Line
from quotes.sync import quarantine, store, watch
from quotes.sync.asked import Asked
from quotes.sync.facts import differ

OVERLAP = timedelta(hours=1)
LAST_PAGE = 10_000  # a list that is longer does not end at all

log = logging.getLogger(__name__)


def baskets(client: CovageClient, tally, *, full: bool = False) -> None:
    """Walk the basket list: all of it, or what was created since the newest basket we know."""
    _walk(client.basket_pages, {} if full else _since_newest(), Basket, _basket, tally)


def lines(client: CovageClient, tally) -> None:
    """Walk the line list: addresses stand only there, and lines that no basket answer named."""
    _walk(client.line_pages, {}, Line, _line, tally)


def _walk(pages, filters, model, store_one, tally) -> None:
    """Page by page; a walk whose time is up is taken on by the next run, at the page that would have followed."""
    first = number = tally.cursor.get("page", 1)
    filters = tally.cursor.get("filters", filters)
    tally.cursor = {}  # after a failure the list is walked from its start
    asked = Asked.now()
    walk = pages(**filters, page=first if first > 1 else None)
    try:
        for page in walk:
            _page(page, asked, model, store_one, tally)
            number += 1
            if tally.is_late():
                break
            asked = Asked.now()
    except CovageNotFound:
        if first == 1:
            raise
        return  # the list has become shorter since
    _conclude(walk, tally, {"page": number, "filters": filters})


def _conclude(walk, tally, here) -> None:
    tally.cursor = {"complete": walk.complete, "reason": walk.reason}
    if tally.is_cut and here["page"] < LAST_PAGE:
        tally.cursor |= here
    elif not walk.complete:
        log.warning("list not seen whole", extra={"reason": walk.reason})


def _page(page, asked, model, store_one, tally) -> None:
    """Store what a page shows otherwise than we have it; one query finds the rows."""
    known = model.objects.in_bulk([item.id for item in page.results], field_name="remote_id")
    collection = f"{model.__name__.lower()}s"
    for item in page.results:
        tally.seen += 1
        if differ(known.get(item.id), item):
            tally.changed += 1
            with quarantine.guard(tally, collection, item.raw):
                store_one(item, asked)
    for raw in page.rejected:
        quarantine.put_aside(tally, collection, raw, "no usable id")


def _since_newest() -> dict:
    """Later than now is no creation date to go by: it would hide all that is created until then."""
    dated = Basket.objects.filter(creation_date__lte=timezone.now())
    newest = dated.order_by("-creation_date").values_list("creation_date", flat=True).first()
    # With a Z: operators put their filters into the next page's link, and a plus does not always survive that.
    return {"creation_date_gt": (newest - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")} if newest else {}


def _basket(item, asked) -> None:
    """A basket that is new or moved is read soon; one that was over when found waits behind those in use."""
    is_new = not Basket.objects.filter(remote_id=item.id).exists()
    row = store.basket(item, asked, detail=False)
    later = timedelta(seconds=settings.SYNC["warm"] if is_new and states.basket(row.state).final else 0)
    Basket.objects.filter(pk=row.pk).update(due_at=timezone.now() + later)


def _line(item, asked) -> None:
    row = store.line(item, asked, detail=False)
    if row.basket and not (states.basket(row.basket.state).final and states.line(row.state).final):
        watch.wake(row.basket)

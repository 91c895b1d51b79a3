"""Items that could not be read or kept: put aside with the reason, so that the rest goes on and a person can look."""

import hashlib
import json
from contextlib import contextmanager

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from quotes.models import Rejected

LENGTH_KEPT = 10_000
ITEMS_KEPT = 500
UNSTORABLE = (DataError, IntegrityError, ValueError, ArithmeticError)


def put_aside(tally, collection: str, raw, reason: str) -> None:
    """`raw`: the item as received, or the text of an answer that was no JSON."""
    tally.rejected += 1
    text = raw if isinstance(raw, str) else json.dumps(raw, cls=DjangoJSONEncoder, ensure_ascii=False)
    text = text.replace("\0", "")  # PostgreSQL keeps none
    fingerprint = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    new = {"raw": text[:LENGTH_KEPT], "reason": reason[:200], "seen_at": timezone.now()}
    with transaction.atomic():
        row, is_new = Rejected.objects.get_or_create(collection=collection, fingerprint=fingerprint, defaults=new)
        if is_new:
            _forget_the_oldest()
        else:
            Rejected.objects.filter(pk=row.pk).update(count=F("count") + 1, seen_at=new["seen_at"])


@contextmanager
def guard(tally, collection: str, raw):
    """Storing one item: when the database will not have it, it is put aside and the next one follows."""
    try:
        yield
    except UNSTORABLE as error:
        put_aside(tally, collection, raw, f"{type(error).__name__}: {error}")


def _forget_the_oldest() -> None:
    beyond = Rejected.objects.order_by("-seen_at", "-id").values_list("pk", flat=True)[ITEMS_KEPT : ITEMS_KEPT + 100]
    Rejected.objects.filter(pk__in=list(beyond)).delete()

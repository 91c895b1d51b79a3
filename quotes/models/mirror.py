"""What every mirror of an operator's object has in common, and the counter that tells older answers from newer."""

import unicodedata
import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F

LONGEST_KEY = 200  # characters: max_length of every column that holds a key


class Revision(models.Model):
    """One counter for all mirrors; one row.

    Every change of a mirror and every write on it takes the next number. A reader notes the current number *before*
    it asks the operator; its answer may change a row only if the row's number is not higher. So an older answer never
    steps over a newer one, without comparing clocks, and a row that did not change costs no write.
    """

    value = models.BigIntegerField(default=0)

    def __str__(self):
        return str(self.value)

    @classmethod
    def current(cls) -> int:
        return cls.objects.values_list("value", flat=True).get(pk=1)

    @classmethod
    def next(cls) -> int:
        """The next number. Call inside a transaction and before any row of a mirror is changed.

        The row stays locked until the commit: who changes mirrors queues here and never waits for another's row while
        it holds one of its own, and two that store the same new object make one row.
        """
        cls.objects.filter(pk=1).update(value=F("value") + 1)
        return cls.current()


class Mirror(models.Model):
    """Our copy of one object of the operator. Written by `quotes.sync.store` and nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Null until the operator's answer to the create is known.
    remote_id = models.CharField(max_length=200, null=True, unique=True, editable=False)
    state = models.CharField(max_length=100, db_index=True, default="", blank=True)
    # What the operator last said, key by key; numbers with decimals are kept as text, exactly as received.
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    revision = models.BigIntegerField(default=0)
    # When the last detail answer was asked for: what the freshness stamp of a page says.
    read_at = models.DateTimeField(null=True)
    # A list told of a change that no answer by id has completed yet.
    is_stale = models.BooleanField(default=False)
    # Two 404s by id, far enough apart, mark a thing gone; it is never deleted.
    missing_since = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    # Made here for a create that in the end did not happen: not listed, but its page stays.
    is_void = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def is_gone(self) -> bool:
        return self.gone_at is not None

    def value(self, name: str):
        """The operator's value of a specification field, "" when it sent none."""
        found = self.payload.get(name)
        return "" if found is None else found


def fold(text: str) -> str:
    """Lower case without accents: what searching compares, alike on every database."""
    plain = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def key(text: str) -> str:
    """What filters on a whole value compare: accents count, case does not. It fits its column (ß becomes ss)."""
    return unicodedata.normalize("NFC", text or "").strip().casefold()[:LONGEST_KEY]

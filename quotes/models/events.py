"""The history: what happened, who did it, when. Append-only in the database itself, each row chained to the last."""

import hashlib
import hmac
import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from quotes.models.people import name_of


class AuditHead(models.Model):
    """The hash of the newest event; one row. Locking it first makes writers queue, so the chain never forks."""

    hash = models.CharField(max_length=64, blank=True, default="")
    count = models.BigIntegerField(default=0)

    def __str__(self):
        return self.hash


class Event(models.Model):
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40, db_index=True)  # a key of quotes.services.words
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True, default="")  # "" is the synchronisation
    basket = models.ForeignKey(
        "quotes.Basket", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    line = models.ForeignKey(
        "quotes.Line", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    command = models.ForeignKey(
        "quotes.Command", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="events"
    )
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["basket", "-id"], name="event_of_basket"),
            models.Index(fields=["line", "-id"], name="event_of_line"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @classmethod
    def add(cls, kind, *, actor=None, basket=None, line=None, command=None, request_id="", **data) -> "Event":
        """Append one event, in the caller's transaction if there is one."""
        with transaction.atomic(savepoint=False):
            head = AuditHead.objects.select_for_update(no_key=True).get(pk=1)
            event = cls(
                at=timezone.now(),
                kind=kind,
                actor=actor,
                actor_name=name_of(actor) if actor else "",
                basket_id=basket.pk if basket else line.basket_id if line else None,
                line=line,
                command=command,
                data=json.loads(json.dumps(data, cls=DjangoJSONEncoder)),
                request_id=request_id,
            )
            event.hash = event.chained(head.hash)
            event.save(force_insert=True)
            AuditHead.objects.filter(pk=1).update(hash=event.hash, count=head.count + 1)
        return event

    def chained(self, previous: str) -> str:
        """The hash of this row after `previous`; HMAC, so that it cannot be made anew without the secret."""
        facts = [previous, self.at.isoformat(), self.kind, self.actor_id, self.actor_name, self.basket_id]
        facts += [self.line_id, self.command_id, self.data, self.request_id]
        text = json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True)
        return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def broken_links():
    """Walk the chain from its start; yield the ids of events that do not follow from the one before.

    Yields 0 when the chain does not pass the event that the head remembers: rows were cut from the end. What is
    appended during the walk is walked too.
    """
    head = AuditHead.objects.get(pk=1)
    previous, count, passed = "", 0, not head.count
    for event in Event.objects.order_by("id").iterator():
        if event.hash != event.chained(previous):
            yield event.id
        previous, count = event.hash, count + 1
        passed = passed or (count, event.hash) == (head.count, head.hash)
    if not passed:
        yield 0

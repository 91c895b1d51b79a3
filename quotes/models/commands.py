"""The journal: one row for every write to the operator, committed before its first byte leaves."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from quotes import states


class Kind(models.TextChoices):
    CREATE_BASKET = "create_basket"
    UPDATE_BASKET = "update_basket"
    CONFIRM = "confirm_basket"
    ADD_LINE = "add_line"
    UPDATE_LINE = "update_line"
    DELETE_LINE = "delete_line"
    UPLOAD_TRACE = "upload_trace"
    DELETE_TRACE = "delete_trace"
    ACCEPT = "accept"
    DECLINE = "decline"
    RESTORE = "restore"
    EXPORT_LINE = "export_line_pdf"
    EXPORT_OFFER = "export_offer_pdf"
    EXPORT_CSV = "export_csv"


DECISIONS = (Kind.ACCEPT, Kind.DECLINE, Kind.RESTORE)
EXPORTS = (Kind.EXPORT_LINE, Kind.EXPORT_OFFER, Kind.EXPORT_CSV)
# Never sent a second time by the portal itself: it cannot know that the first had no effect.
SENT_ONCE = (Kind.CREATE_BASKET, Kind.ADD_LINE, Kind.CONFIRM, *DECISIONS)

_LIVE = Q(state__in=states.LIVE)


class CommandQuerySet(models.QuerySet):
    def writes(self):
        """Those that change something at the operator: exports make a file."""
        return self.exclude(kind__in=EXPORTS)

    def pending_writes(self):
        return self.writes().filter(state__in=states.PENDING)

    def accepts_with_effect(self):
        """Accepts that were done, or may still have been."""
        return self.filter(kind=Kind.ACCEPT).exclude(state__in=states.WITHOUT_EFFECT)


class Command(models.Model):
    """One write: who wanted it, what exactly is sent, and what is known of it.

    States and their moves: `quotes.services.journal`, which alone changes them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    state = models.CharField(max_length=20, default="recorded", db_index=True)
    gap = models.CharField(max_length=20, blank=True, default="")  # "order_ids": accepted, but the ids were lost
    nonce = models.CharField(max_length=64, unique=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="commands")
    basket = models.ForeignKey("quotes.Basket", null=True, on_delete=models.PROTECT, related_name="commands")
    line = models.ForeignKey("quotes.Line", null=True, on_delete=models.PROTECT, related_name="commands")
    product_id = models.CharField(max_length=200, blank=True, default="")
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # specification fields only, as they are sent
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # the values that an edit replaces
    fingerprint = models.CharField(max_length=64, blank=True, default="")  # the price that the person saw
    token = models.CharField(max_length=200, blank=True, default="")  # the external id that proves a create
    motive = models.CharField(max_length=40, blank=True, default="")  # why it was declined: ours, never sent

    recorded_at = models.DateTimeField(auto_now_add=True)
    not_after = models.DateTimeField(null=True)  # not sent later than this
    next_try_at = models.DateTimeField(null=True, db_index=True)  # when the worker looks at it again
    claimed_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)  # a worker that lost its claim can no longer write
    attempts = models.PositiveIntegerField(default=0)  # writes sent to the operator
    sent_at = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)  # readings made to learn what happened
    checked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    operator_status = models.PositiveIntegerField(null=True)
    errors = models.JSONField(default=dict)  # field, or "" for the whole, to the operator's own words
    reason = models.CharField(max_length=60, blank=True, default="")  # a code of quotes.services.words
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # ids that the operator answered
    request_id = models.CharField(max_length=64, blank=True, default="")

    objects = CommandQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [
            models.Index(fields=["basket", "-recorded_at"], name="command_of_basket"),
            models.Index(fields=["line", "-recorded_at"], name="command_of_line"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind=Kind.ACCEPT) & ~Q(state__in=states.WITHOUT_EFFECT),
                name="one_accept_a_line",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=_LIVE & ~Q(kind__in=EXPORTS), name="one_live_write_a_line"
            ),
            models.UniqueConstraint(
                fields=["basket"],
                condition=_LIVE & Q(line__isnull=True) & ~Q(kind__in=EXPORTS),
                name="one_live_write_a_basket",
            ),
            models.UniqueConstraint(
                fields=["token"], condition=_LIVE & Q(kind=Kind.CREATE_BASKET), name="one_basket_of_a_name"
            ),
            models.UniqueConstraint(
                fields=["basket", "token"], condition=_LIVE & Q(kind=Kind.ADD_LINE), name="one_line_of_a_name"
            ),
            models.CheckConstraint(condition=~Q(kind=Kind.ACCEPT) | Q(attempts__lte=1), name="an_accept_is_sent_once"),
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"

    @property
    def shown_state(self) -> states.State:
        return states.command(self.state)

    @property
    def is_pending(self) -> bool:
        return self.state in states.PENDING

    @property
    def had_no_effect(self) -> bool:
        return self.state in states.WITHOUT_EFFECT

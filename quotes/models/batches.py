"""Many acts as one job: an imported spreadsheet, a re-quote, forty traces, a refusal or a PDF for each chosen line."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from quotes import states


def _place(batch, name) -> str:
    return f"batches/{batch.id}"


def _item_place(item, name) -> str:
    return f"batches/{item.batch_id}-{item.position}"


def _nonce() -> str:
    return uuid.uuid4().hex


class Batch(models.Model):
    """`draft` (being prepared, nothing is sent) -> running <-> stopped -> done; moved by `quotes.services.batches`."""

    class Kind(models.TextChoices):
        IMPORT = "import"
        REQUOTE = "requote"
        TRACES = "traces"
        DECLINE = "decline"
        PDF = "pdf"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, default="draft", db_index=True)
    nonce = models.CharField(max_length=64, unique=True, default=_nonce)  # of the form that made it
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    basket = models.ForeignKey("quotes.Basket", null=True, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=200, blank=True, default="")  # of the uploaded file, as shown
    file = models.FileField(upload_to=_place, null=True, blank=True)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what its kind needs: mapping, comment, …
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.kind} {self.id}"

    @property
    def shown_state(self) -> states.State:
        return states.batch(self.state)


class BatchItem(models.Model):
    """One act. Its nonce is drawn once, so that whoever runs it again after a death finds the same command.

    `waiting` -> `done` (handed to the journal: from then on the command's state says what became of it), `skipped`
    (our own rule forbade it: `reason`), or `invalid` (`errors` by field).
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()  # the row of the spreadsheet, or the place in the list
    state = models.CharField(max_length=20, default="waiting")
    nonce = models.CharField(max_length=64, unique=True, default=_nonce)
    key = models.CharField(max_length=64, blank=True, default="", db_index=True)  # equal: the same wish, made before
    line = models.ForeignKey("quotes.Line", null=True, on_delete=models.PROTECT, related_name="batch_items")
    product_id = models.CharField(max_length=200, blank=True, default="")
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    errors = models.JSONField(default=dict)
    reason = models.CharField(max_length=60, blank=True, default="")
    file = models.FileField(upload_to=_item_place, null=True, blank=True)
    command = models.ForeignKey("quotes.Command", null=True, on_delete=models.PROTECT, related_name="batch_items")

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="one_item_a_position")]

    def __str__(self):
        return f"{self.batch_id} {self.position}"

    @property
    def outcome(self) -> str:
        """The item's state until it was handed over, then the command's."""
        return self.command.state if self.command_id else self.state

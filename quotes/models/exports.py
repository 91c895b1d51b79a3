"""An export that the operator makes for us: asked, watched, fetched once, kept here."""

import uuid

from django.conf import settings
from django.db import models

from quotes import states


def _place(job, name) -> str:
    return f"exports/{job.id}"


class ExportJob(models.Model):
    class Kind(models.TextChoices):
        LINE = "line_pdf"
        OFFER = "offer_pdf"
        CSV = "csv"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=20, default="asked", db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports")
    line = models.ForeignKey("quotes.Line", null=True, on_delete=models.PROTECT, related_name="exports")
    product_id = models.CharField(max_length=200, blank=True, default="")
    line_revision = models.BigIntegerField(null=True)  # of the line when it was asked for: equal now means unchanged
    filters = models.JSONField(default=dict)
    command = models.OneToOneField("quotes.Command", null=True, on_delete=models.PROTECT, related_name="export")
    task_id = models.CharField(max_length=200, blank=True, default="")
    started = models.DateTimeField(null=True)
    stopped = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    claimed_until = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=60, blank=True, default="")
    file = models.FileField(upload_to=_place, null=True)
    content_type = models.CharField(max_length=60, blank=True, default="")  # judged by the first bytes
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(null=True)  # of a PDF as a whole; null until its pictures were made
    ready_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when who asked for it first saw it finished

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self):
        return f"{self.kind} {self.id}"

    @property
    def shown_state(self) -> states.State:
        return states.export(self.state)

    @property
    def is_open(self) -> bool:
        return not states.export(self.state).final

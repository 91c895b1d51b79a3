"""What the portal knows of the operator's service: the token, whether it answers, and the jobs that read it.

These are rows, not memory or Redis, because they must hold across processes and with Redis down.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class OperatorState(models.Model):
    """One row (pk 1), changed by conditional UPDATEs only."""

    # Token (quotes.sync.tokens)
    token = models.TextField(blank=True, default="")  # sealed
    token_version = models.PositiveBigIntegerField(default=0)
    renewing_until = models.DateTimeField(null=True)
    login_blocked_until = models.DateTimeField(null=True)
    # Gate (quotes.sync.budget)
    paused_until = models.DateTimeField(null=True)  # the operator's own Retry-After
    failures = models.PositiveIntegerField(default=0)  # in a row
    open_until = models.DateTimeField(null=True)  # the breaker: no background call before this
    failing_since = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    next_call_at = models.DateTimeField(null=True)  # background calls take turns, spaced by the budget
    last_error = models.CharField(max_length=200, blank=True, default="")

    def __str__(self):
        return f"operator, failing since {self.failing_since}" if self.failing_since else "operator"


class SyncJob(models.Model):
    """One periodic job: who runs it now, when it is due, and how it went. Two beats make one run."""

    name = models.CharField(max_length=40, unique=True)
    due_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    cursor = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)  # items that could not be read; the rest went on
    error = models.CharField(max_length=200, blank=True, default="")

    def __str__(self):
        return self.name


class Project(models.Model):
    """A project agreed with the operator (public page "référentiels"); only suggested, never required."""

    code = models.CharField(max_length=200, unique=True)
    active = models.BooleanField(default=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.code

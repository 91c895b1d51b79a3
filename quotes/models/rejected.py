"""What the operator sent and the portal could not read or keep, put aside so that the rest went on."""

from django.db import models


class Rejected(models.Model):
    """One such item; the same one again is counted, not kept twice."""

    collection = models.CharField(max_length=40)  # the reading that it came with: baskets, lines, basket, line
    fingerprint = models.CharField(max_length=64)
    raw = models.TextField()  # as received, cut at some length; never shown as anything but text
    reason = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=1)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "fingerprint"], name="one_rejected_item")]

    def __str__(self):
        return f"{self.collection}: {self.reason}"

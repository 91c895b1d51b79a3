"""A cable route as a person sent it or as the operator gave it: original bytes, and the geometry drawn from them."""

import uuid

from django.conf import settings
from django.db import models


def _place(trace, name) -> str:
    return f"traces/{trace.id}"


class Trace(models.Model):
    """One version. The newest of a line whose state is `kept` is the line's trace."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    line = models.ForeignKey("quotes.Line", on_delete=models.PROTECT, related_name="traces")
    state = models.CharField(max_length=20, default="staged")  # checked; staged -> kept -> removed, or refused
    name = models.CharField(max_length=200)  # as shown; never used as a path
    file = models.FileField(upload_to=_place)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    geometry = models.JSONField(default=dict)  # GeoJSON, simplified for drawing; {} when it could not be read
    length_m = models.FloatField(null=True)
    points = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    from_operator = models.BooleanField(default=False)
    # The operator's `trace_file` when these bytes were what it held: another value means a newer file there.
    remote_name = models.CharField(max_length=1000, blank=True, default="")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-added_at"]

    def __str__(self):
        return self.name

"""A list as somebody arranged it, under a name: filters, sort and columns."""

import uuid

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    noun = models.CharField(max_length=20)  # "baskets" or "lines"
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True, default="")  # as in the address, without the page
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "noun", "name"], name="one_view_of_a_name")]

    def __str__(self):
        return self.name

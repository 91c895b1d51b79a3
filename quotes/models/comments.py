"""What colleagues say to each other about a basket or a line. Nothing of it is ever sent to the operator."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Comment(models.Model):
    basket = models.ForeignKey("quotes.Basket", null=True, on_delete=models.PROTECT, related_name="comments")
    line = models.ForeignKey("quotes.Line", null=True, on_delete=models.PROTECT, related_name="comments")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(max_length=4000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentioned_in")
    nonce = models.CharField(max_length=64, unique=True)
    search = models.TextField(default="", editable=False)  # the text as searching compares it
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(basket__isnull=False) ^ Q(line__isnull=False), name="comment_on_one_thing"
            )
        ]

    def __str__(self):
        return self.text[:60]


class InternalNote(models.Model):
    """One text a basket or a line, changed by everybody who may write; the operator's notes are other fields."""

    basket = models.OneToOneField("quotes.Basket", null=True, on_delete=models.PROTECT, related_name="internal_note")
    line = models.OneToOneField("quotes.Line", null=True, on_delete=models.PROTECT, related_name="internal_note")
    text = models.TextField(max_length=4000, blank=True, default="")
    search = models.TextField(blank=True, default="", editable=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(basket__isnull=False) ^ Q(line__isnull=False), name="note_on_one_thing")
        ]

    def __str__(self):
        return self.text[:60]

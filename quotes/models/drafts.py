"""What somebody is typing, kept apart for the case that the page is lost. Never sent anywhere."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """The recovery copy of one form of one person; its owner alone sees it, and saving the form deletes it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=200)  # the form's address
    fields = models.JSONField(default=dict)  # name to the list of texts, as the form posts them
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_draft_a_form")]

    def __str__(self):
        return self.place

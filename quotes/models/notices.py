"""What a person is told of: one row for each piece of news of each person."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Notice(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)  # a key of quotes.services.notices.KINDS
    key = models.CharField(max_length=100)  # the same news twice is one row
    basket = models.ForeignKey("quotes.Basket", null=True, on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey("quotes.Line", null=True, on_delete=models.CASCADE, related_name="+")
    href = models.CharField(max_length=300)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what the sentence needs, in any language
    in_page = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True, db_index=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "seen_at", "-created_at"], name="notice_of_user")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notice_a_piece_of_news")]

    def __str__(self):
        return f"{self.kind} {self.user_id}"

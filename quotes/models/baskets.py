"""The mirror of a quotation basket."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from quotes import states
from quotes.models.mirror import Mirror, fold, key


class Basket(Mirror):
    external_id = models.CharField(max_length=200, blank=True, default="")
    # The person's own text, when the name sent had to be made unique.
    wished_external_id = models.CharField(max_length=200, blank=True, default="")
    project_id = models.CharField(max_length=200, blank=True, default="")
    quote_date = models.DateTimeField(null=True)
    creation_date = models.DateTimeField(null=True, db_index=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="baskets")

    external_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    wished_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    project_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    search = models.TextField(blank=True, default="")

    # The watch: when this basket is read next, and who is reading it now.
    due_at = models.DateTimeField(null=True, db_index=True)
    claimed_until = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)  # somebody looked at it or acted on it

    class Meta:
        indexes = [
            models.Index(fields=["-creation_date", "id"], name="basket_newest"),
            models.Index(fields=["state", "-creation_date", "id"], name="basket_state_newest"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(remote_id=""), name="basket_remote_id_not_empty")]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """What people call it: the external id as the operator has it, else the first part of an id."""
        return self.external_id or self.wished_external_id or (self.remote_id or str(self.id))[:8]

    def allows(self, action: str) -> bool:
        return not self.is_gone and action in states.basket(self.state).allows

    def index(self):
        """Derive the columns that only searching and filtering read."""
        self.external_key, self.wished_key = key(self.external_id), key(self.wished_external_id)
        self.project_key = key(self.project_id)
        self.search = fold(" ".join([self.external_id, self.wished_external_id, self.project_id, self.remote_id or ""]))

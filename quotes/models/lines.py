"""The mirror of a quotation line and of its priced offers."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from quotes import states
from quotes.models.mirror import Mirror, fold, key


class Line(Mirror):
    # No answer names a line's basket: the mirror remembers it. Null is an orphan.
    basket = models.ForeignKey("quotes.Basket", null=True, on_delete=models.PROTECT, related_name="lines")
    reference = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=200, blank=True, default="")
    wished_external_id = models.CharField(max_length=200, blank=True, default="")
    end_customer_name = models.CharField(max_length=500, blank=True, default="")
    customer_order_name = models.CharField(max_length=500, blank=True, default="")
    business_sector = models.CharField(max_length=200, blank=True, default="")
    project_id = models.CharField(max_length=200, blank=True, default="")
    site = models.CharField(max_length=500, blank=True, default="")
    creation_date = models.DateTimeField(null=True)
    quote_date = models.DateTimeField(null=True)
    response_date = models.DateTimeField(null=True)
    validity_date = models.DateTimeField(null=True)

    reference_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    external_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    wished_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    sector_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    project_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    end_customer_folded = models.CharField(max_length=500, blank=True, default="")
    customer_order_folded = models.CharField(max_length=500, blank=True, default="")
    search = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["-creation_date", "id"], name="line_newest"),
            models.Index(fields=["state", "-creation_date", "id"], name="line_state_newest"),
            models.Index(fields=["state", "validity_date", "id"], name="line_state_validity"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(remote_id=""), name="line_remote_id_not_empty")]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return self.end_customer_name or self.reference or self.external_id or str(self.id)[:8]

    def allows(self, action: str) -> bool:
        """Edit, delete and trace follow the basket; an unknown state of either offers no write."""
        return (
            not self.is_gone
            and self.basket is not None
            and states.line(self.state).known
            and self.state == "acknowledged"
            and self.basket.allows(action)
        )

    def offer_allows(self, action: str, offer: "Offer") -> bool:
        """An offer without a product id cannot be named to the operator."""
        is_there = offer.product_id and not (self.is_gone or offer.is_gone)
        return bool(is_there) and states.offer_allows(action, offer.state, self.state)

    @property
    def missing_to_confirm(self) -> list[str]:
        """The fields that the specification wants at confirmation and that are still empty."""
        return [name for name in NEEDED_TO_CONFIRM if not self.payload.get(name)]

    @property
    def shown_state(self) -> states.State:
        return states.line(self.state)

    @property
    def shown_trace(self):
        """The version to show: the newest that the operator holds, or that is on its way there."""
        return next((trace for trace in self.traces.all() if self._holds(trace)), None)

    def _holds(self, trace) -> bool:
        """A version that the operator named once is gone when it names none any more."""
        return trace.state == "staged" or (trace.state == "kept" and (self.has_trace or not trace.remote_name))

    @property
    def trace_name(self) -> str:
        """Under which name the operator holds the trace; another one means a newer file there."""
        return str(self.value("trace_file"))[:1000]

    @property
    def has_trace(self) -> bool:
        return bool(self.payload.get("trace_file"))

    def index(self):
        """Derive the columns that only searching and filtering read."""
        self.reference_key, self.external_key = key(self.reference), key(self.external_id)
        self.wished_key, self.sector_key = key(self.wished_external_id), key(self.business_sector)
        self.project_key = key(self.project_id)
        self.end_customer_folded = fold(self.end_customer_name)[:500]
        self.customer_order_folded = fold(self.customer_order_name)[:500]
        words = [self.reference, self.external_id, self.wished_external_id, self.end_customer_name]
        words += [self.customer_order_name, self.project_id, self.site, self.remote_id or ""]
        words += [str(self.payload.get(name) or "") for name in ("note", "technical_note", "business_code")]
        self.search = fold(" ".join(words))


class Offer(models.Model):
    """A product offering with its price on a line: one row for each product of the operator's `prices`."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="offers")
    product_id = models.CharField(max_length=200)
    label = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=100, blank=True, default="")
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    fingerprint = models.CharField(max_length=64)  # what a decision was taken on; changes with any price, not the state
    position = models.PositiveIntegerField(default=0)
    is_gone = models.BooleanField(default=False)  # the operator's last answer no longer holds it

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["product_id", "-id"], name="offer_of_product")]
        constraints = [models.UniqueConstraint(fields=["line", "product_id"], name="one_offer_a_product")]

    def __str__(self):
        return self.label or self.product_id


# "Yes (during confirmation only)" and "Yes" of the specification's table for POST …/quote_item/.
NEEDED_TO_CONFIRM = (
    "product_offering_qualification_item_id",
    "end_customer_name",
    "site_connection_type",
    "product_offerings",
)

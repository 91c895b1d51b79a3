"""Everything the operator remembers. Clock-dependent columns hold the sandbox's own time (sandbox/clock.py)."""

import uuid

from django.db import models
from django.utils import timezone

TEXT = 255


def new_task_id() -> str:
    return f"task_{uuid.uuid4().hex[:12]}"


class Desk(models.Model):
    """The one row that the control page sets: the clock, and seconds of slowness. A null delay is the option's."""

    factor = models.FloatField(default=1)
    real_from = models.DateTimeField(default=timezone.now)
    shown_from = models.DateTimeField(default=timezone.now)
    latency = models.FloatField(default=0)
    quote_delay = models.FloatField(null=True)
    export_delay = models.FloatField(null=True)

    def __str__(self):
        return f"x{self.factor:g}"


class Token(models.Model):
    """A pair of tokens. Lifetimes run on the real clock: they were promised to the client in its own seconds."""

    access = models.CharField(max_length=64, unique=True)
    refresh = models.CharField(max_length=64, unique=True)
    session = models.UUIDField(default=uuid.uuid4)
    expires = models.DateTimeField()
    refresh_expires = models.DateTimeField()
    refreshed = models.BooleanField(default=False)

    def __str__(self):
        return str(self.session)


class Project(models.Model):
    code = models.CharField(max_length=40, unique=True)
    active = models.BooleanField(default=True)
    start_date = models.DateField()
    end_date = models.DateField()
    code_client = models.CharField(max_length=40)

    def __str__(self):
        return self.code


class Site(models.Model):
    """What an eligibility check would have found: a qualification item and where it is."""

    qualification_id = models.CharField(max_length=100, unique=True)
    address = models.JSONField(default=dict)
    latitude = models.FloatField()
    longitude = models.FloatField()

    def __str__(self):
        return self.address.get("label", self.qualification_id)


class Basket(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    external_id = models.CharField(max_length=TEXT, blank=True)
    project_id = models.CharField(max_length=TEXT, blank=True)
    state = models.CharField(max_length=40, default="acknowledged")
    creation_date = models.DateTimeField(db_index=True)
    quote_date = models.DateTimeField(null=True)

    def __str__(self):
        return self.external_id or str(self.id)


class Line(models.Model):
    """`number` gives the reference its figure and the lines of a basket their order."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4)
    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    reference = models.CharField(max_length=40, db_index=True)
    state = models.CharField(max_length=40, default="acknowledged")
    end_customer_name = models.CharField(max_length=TEXT, blank=True)
    external_id = models.CharField(max_length=TEXT, blank=True)
    site_connection_type = models.CharField(max_length=TEXT, blank=True)
    business_sector = models.CharField(max_length=TEXT, blank=True)
    expected_response_date = models.CharField(max_length=40, null=True)
    option_ids = models.JSONField(default=list)
    note = models.TextField(blank=True)
    technical_note = models.TextField(blank=True)
    product_offerings = models.JSONField(null=True)
    product_offering_qualification_item_id = models.CharField(max_length=100)
    project_id = models.CharField(max_length=TEXT, blank=True)
    customer_order_name = models.CharField(max_length=TEXT, blank=True)
    business_code = models.CharField(max_length=TEXT, blank=True)
    related_contact_information = models.JSONField(null=True)
    creation_date = models.DateTimeField()
    quote_date = models.DateTimeField(null=True)
    response_date = models.DateTimeField(null=True)
    validity_date = models.DateTimeField(null=True)
    manager_regional = models.JSONField(null=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL)
    fate = models.CharField(max_length=20, blank=True)
    price_due = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "price_due"], name="line_due"),
            models.Index(fields=["state", "validity_date"], name="line_validity"),
        ]

    def __str__(self):
        return self.reference


class Offer(models.Model):
    """One price of a line. `shape` says how it is written in an answer (sandbox/shapes.py)."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="offers")
    product_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=40, default="ready")
    comment = models.TextField(blank=True)
    family = models.CharField(max_length=20)
    bandwidth = models.PositiveIntegerField(help_text="Mb/s")
    monthly_fee = models.DecimalField(max_digits=10, decimal_places=2)
    access_fee = models.DecimalField(max_digits=10, decimal_places=2)
    commitment = models.PositiveIntegerField(help_text="months")
    gtr = models.CharField(max_length=60)
    delivery = models.PositiveIntegerField(help_text="weeks")
    shape = models.CharField(max_length=10)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["line", "product_id"], name="one_offer_a_product")]

    def __str__(self):
        return self.name


class Trace(models.Model):
    line = models.OneToOneField(Line, on_delete=models.CASCADE)
    name = models.CharField(max_length=TEXT)
    content = models.BinaryField()

    def __str__(self):
        return f"traces/{self.line.reference}/{self.name}"


class Order(models.Model):
    """What an acceptance created. One a line, whatever happens."""

    line = models.OneToOneField(Line, on_delete=models.PROTECT)
    product_id = models.CharField(max_length=100)
    session_id = models.UUIDField(default=uuid.uuid4)
    item_id = models.UUIDField(default=uuid.uuid4)
    created = models.DateTimeField()

    def __str__(self):
        return str(self.item_id)


class Export(models.Model):
    """`kind` is csv or pdf. The file is made when asked for and shown once `stopped` has come."""

    task_id = models.CharField(max_length=40, unique=True, default=new_task_id)
    kind = models.CharField(max_length=3)
    name = models.CharField(max_length=100)
    started = models.DateTimeField()
    stopped = models.DateTimeField()
    failed = models.BooleanField(default=False)
    content = models.BinaryField()

    def __str__(self):
        return self.task_id


class Fault(models.Model):
    """The next `times` calls of a method and a path answer `status`; 0 closes the connection without an answer."""

    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=TEXT)
    status = models.PositiveIntegerField(null=True)
    after = models.BooleanField(default=False)
    delay = models.FloatField(default=0)
    times = models.PositiveIntegerField(default=1)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    def __str__(self):
        return f"{self.method or '*'} {self.path}"


class Call(models.Model):
    """One request as it came in, and what was answered. Status 0: the connection was closed."""

    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=1000)
    query = models.TextField(blank=True)
    status = models.PositiveIntegerField()
    fields = models.JSONField(default=list)
    body = models.JSONField(null=True)
    request_id = models.CharField(max_length=200, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField()

    def __str__(self):
        return f"{self.method} {self.path}"

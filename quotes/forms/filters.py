"""The filters of the lists: whole values without case, contained texts without accents, dates.

An unreadable filter is an error at its field and shows no rows; an unknown state is an empty list.
"""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quotes import states
from quotes.models import Basket, Line
from quotes.models.mirror import fold, key
from quotes.selectors import comments


class MomentField(forms.CharField):
    """ISO 8601, or a date as people write it; a bare date is its first moment in Paris."""

    def to_python(self, value):
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        try:
            found = _moment(text)
            found.astimezone(UTC)  # at the ends of the calendar there is no such moment
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(_("This date cannot be read: write 2026-04-30 or 30/04/2026.")) from error
        return found


def _moment(text: str) -> datetime:
    """Raises ValueError."""
    for form in ("%d/%m/%Y", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=timezone.get_default_timezone())
    found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_default_timezone())


class MomentFilter(django_filters.Filter):
    field_class = MomentField


class TextFilter(django_filters.CharFilter):
    """Free text; a NUL is refused by the field."""

    def __init__(self, **kwargs):
        super().__init__(max_length=500, **kwargs)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _whole(*columns):
    """A method that compares the whole value without case, in any of the key columns."""

    def method(self, queryset, name, value):
        found = Q()
        for column in columns:
            found |= Q(**{column: key(value)})
        return queryset.filter(found)

    return method


def _contained(column):
    def method(self, queryset, name, value):
        return queryset.filter(**{f"{column}__contains": fold(value)})

    return method


class ListFilter(django_filters.FilterSet):
    """What both lists share. `sorts` maps a specification name to the column that sorts it."""

    sorts: dict[str, str] = {}
    tabs: tuple = ()  # (query, label): views that everybody needs; person "me" is whoever looks
    more: tuple[str, ...] = ()  # filters that stand behind "More filters"
    known_states: dict[str, states.State] = {}

    q = TextFilter(method="search", label=_("Search"))
    state = TextFilter(method="of_state", label=_("State"))

    def search(self, queryset, name, value):
        """In the object itself, and in what colleagues noted and said about it."""
        said = comments.holding(self.Meta.model._meta.model_name, value)
        for word in fold(value).split():
            holders = [pk for pk, text in said if word in text]
            found = Q(search__contains=word)
            queryset = queryset.filter(found | Q(pk__in=holders) if holders else found)
        return queryset

    def of_state(self, queryset, name, value):
        """Repeated `state` parameters mean any of them."""
        wanted = [text.strip() for text in self.data.getlist("state") if text.strip()]
        found = Q()
        for text in wanted:
            known = text.lower() if text.lower() in self.known_states else None
            found |= Q(state=known) if known else Q(state__iexact=text)
        return queryset.filter(found)

    def sorted(self, queryset, default: str):
        """`sort` is a specification name, `-` before it for descending; anything else is the default."""
        wanted = self.data.get("sort", "")
        wanted = wanted if wanted.lstrip("-") in self.sorts else default
        column = F(self.sorts[wanted.lstrip("-")])
        order = column.desc(nulls_last=True) if wanted.startswith("-") else column.asc(nulls_last=True)
        return wanted, queryset.order_by(order, "id")


class BasketFilter(ListFilter):
    known_states = states.BASKET
    tabs = (
        ({}, _("All baskets")),
        ({"person": "me"}, _("My baskets")),
        ({"state": "acknowledged"}, _("Drafts")),
        ({"state": "confirmed"}, _("Awaiting prices")),
        ({"state": "partial_ready"}, _("Some prices in")),
        ({"state": "ready"}, _("Prices in")),
        ({"state": "finalized"}, pgettext_lazy("several", "Closed")),
    )
    more = ("external_id", "person", "creation_date_gt", "creation_date_lt", "quote_date_gt", "quote_date_lt")
    sorts = {
        "external_id": "external_key",
        "project_id": "project_key",
        "state": "state",
        "creation_date": "creation_date",
        "quote_date": "quote_date",
    }

    external_id = TextFilter(method="by_external", label=_("Reference"))
    project_id = TextFilter(method="by_project", label=_("Project"))
    creation_date_gt = MomentFilter(field_name="creation_date", lookup_expr="gt", label=_("Created after"))
    creation_date_lt = MomentFilter(field_name="creation_date", lookup_expr="lt", label=_("Created before"))
    quote_date_gt = MomentFilter(field_name="quote_date", lookup_expr="gt", label=_("Quoted after"))
    quote_date_lt = MomentFilter(field_name="quote_date", lookup_expr="lt", label=_("Quoted before"))
    person = TextFilter(field_name="owner__username", label=_("Person (user name)"))

    by_external = _whole("external_key", "wished_key")
    by_project = _whole("project_key")

    class Meta:
        model = Basket
        fields: list[str] = []


class LineFilter(ListFilter):
    known_states = states.LINE
    tabs = (
        ({}, _("All lines")),
        ({"person": "me"}, _("My lines")),
        ({"state": "acknowledged"}, _("Drafts")),
        ({"state": "confirmed"}, _("Awaiting a price")),
        ({"state": "ready"}, _("To review")),
        ({"state": "accepted"}, _("Accepted")),
        ({"state": "refused"}, _("Declined")),
        ({"state": "unable_to_provide"}, pgettext_lazy("several", "Not possible")),
    )
    more = (
        "reference",
        "customer_order_name",
        "business_sector",
        "project_id",
        "external_id",
        "person",
        "response_date_gte",
        "response_date_lt",
        "validity_date_gte",
        "validity_date_lt",
    )
    sorts = {
        "reference": "reference_key",
        "end_customer_name": "end_customer_folded",
        "customer_order_name": "customer_order_folded",
        "business_sector": "sector_key",
        "project_id": "project_key",
        "external_id": "external_key",
        "state": "state",
        "creation_date": "creation_date",
        "response_date": "response_date",
        "validity_date": "validity_date",
        "quote_date": "quote_date",
    }

    reference = TextFilter(method="by_reference", label=_("Reference"))
    customer_order_name = TextFilter(method="by_order", label=_("Order name"))
    end_customer_name = TextFilter(method="by_customer", label=_("End customer"))
    business_sector = TextFilter(method="by_sector", label=_("Business sector"))
    project_id = TextFilter(method="by_project", label=_("Project"))
    external_id = TextFilter(method="by_external", label=_("Your reference"))
    person = TextFilter(field_name="basket__owner__username", label=_("Person (user name)"))
    # Of the portal's own: what the figures and charts of the home page link to. `gte`, because a bare date that the
    # operator sent is a first moment, and the day that begins with it must hold it.
    line = TextFilter(method="among", label=_("Chosen lines"))
    response_date_gte = MomentFilter(field_name="response_date", lookup_expr="gte", label=_("Answered from"))
    response_date_lt = MomentFilter(field_name="response_date", lookup_expr="lt", label=_("Answered before"))
    validity_date_gte = MomentFilter(field_name="validity_date", lookup_expr="gte", label=_("Valid from"))
    validity_date_lt = MomentFilter(field_name="validity_date", lookup_expr="lt", label=_("Valid before"))

    by_reference = _whole("reference_key")
    by_order = _contained("customer_order_folded")
    by_customer = _contained("end_customer_folded")
    by_sector = _whole("sector_key")
    by_project = _whole("project_key")
    by_external = _whole("external_key", "wished_key")

    def among(self, queryset, name, value):
        """Repeated `line` parameters name the lines; what is no id names none."""
        return queryset.filter(pk__in=[pk for pk in map(_uuid, self.data.getlist("line")) if pk])

    class Meta:
        model = Line
        fields: list[str] = []

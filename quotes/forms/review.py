"""The filters of the review queue."""

import django_filters
from django.utils.translation import gettext_lazy as _

from quotes.forms.filters import MomentFilter, TextFilter
from quotes.models import Line
from quotes.models.mirror import key
from quotes.selectors.days import URGENT, soon

WITHIN = [(URGENT, _("within 2 days")), (7, _("within 7 days")), (14, _("within 14 days")), (30, _("within 30 days"))]


class ReviewFilter(django_filters.FilterSet):
    project_id = TextFilter(method="by_project", label=_("Project"))
    person = django_filters.CharFilter(field_name="basket__owner__username", max_length=150, label=_("Person"))
    within = django_filters.TypedChoiceFilter(
        method="ending", choices=WITHIN, coerce=int, empty_value=None, label=_("Decide")
    )
    basket = django_filters.UUIDFilter(field_name="basket_id", label=_("Basket"))
    # The home page's chart of deadlines links to one day of the queue.
    validity_date_gte = MomentFilter(field_name="validity_date", lookup_expr="gte", label=_("Valid from"))
    validity_date_lt = MomentFilter(field_name="validity_date", lookup_expr="lt", label=_("Valid before"))

    class Meta:
        model = Line
        fields: list[str] = []

    def by_project(self, queryset, name, value):
        return queryset.filter(project_key=key(value))

    def ending(self, queryset, name, value):
        """From today on: what has passed is no longer ending soon."""
        start, end = soon(value)
        return queryset.filter(validity_date__gte=start, validity_date__lt=end)

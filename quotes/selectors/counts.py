"""Counting that does not walk through a million rows, and several counts in one query."""

from django.db.models import IntegerField, Subquery

from quotes.models import Revision

COUNTED = 10_000  # counting stops one row later: "more than 10,000"


class Rows(Subquery):
    """How many rows a queryset has, as a column of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, queryset, most: int = COUNTED + 1):
        super().__init__(queryset.order_by()[:most].values("pk"))


def counted(rows: dict) -> dict[str, int]:
    """The number of rows of each queryset; one more than `COUNTED` stands for that many or more."""
    return Revision.objects.values(**{name: Rows(found) for name, found in rows.items()}).get(pk=1)

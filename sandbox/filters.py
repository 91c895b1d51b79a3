"""The documented filters of the two lists: whole value without case, dates greater and less. Others are ignored."""

from datetime import datetime, time

from django.db.models import CharField, F, Func, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware

from sandbox.refusals import invalid

BASKET_TEXTS = ("external_id", "project_id", "state")
BASKET_DATES = ("creation_date", "quote_date")
LINE_TEXTS = ("reference", "customer_order_name", "end_customer_name", "business_sector", "project_id", "state")


def baskets(rows: QuerySet, query) -> QuerySet:
    rows = _texts(rows, query, BASKET_TEXTS)
    for name in BASKET_DATES:
        for side in ("gt", "lt"):
            if given := query.get(f"{name}_{side}"):
                rows = rows.filter(**{f"{name}__{side}": _moment(f"{name}_{side}", given)})
    return rows


def lines(rows: QuerySet, query) -> QuerySet:
    return _texts(rows, query, LINE_TEXTS)


def _texts(rows: QuerySet, query, names: tuple[str, ...]) -> QuerySet:
    for name in names:
        if given := query.get(name):
            folded = Func(F(name), function="casefold", output_field=CharField())
            rows = rows.alias(**{f"folded_{name}": folded}).filter(**{f"folded_{name}": given.casefold()})
    return rows


def _moment(name: str, text: str) -> datetime:
    try:
        day = parse_date(text)
        moment = datetime.combine(day, time.min) if day else parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise invalid(name, "Enter a valid date/time.")
    return make_aware(moment) if is_naive(moment) else moment

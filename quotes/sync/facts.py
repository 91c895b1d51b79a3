"""What an answer says, in the shape in which a mirror keeps it."""

import json
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder

from quotes.models import Basket, Line

PARIS = ZoneInfo("Europe/Paris")

TEXTS = {
    Basket: ("external_id", "project_id", "state"),
    Line: (
        "reference",
        "external_id",
        "end_customer_name",
        "customer_order_name",
        "business_sector",
        "project_id",
        "state",
    ),
}
DATES = {
    Basket: ("quote_date", "creation_date"),
    Line: ("creation_date", "quote_date", "response_date", "validity_date"),
}


def plain(raw):
    """The answer as JSON types: decimals as text."""
    return json.loads(json.dumps(raw, cls=DjangoJSONEncoder))


def merged(stored: dict, answer: dict, detail: bool) -> dict:
    """What is stored after an answer: a key that it lacks stays, and so does one nothing where it says another.

    Prices are believed in an answer by id (`detail`) only: a list may carry the key and leave it empty.
    """
    new = {name: value for name, value in plain(answer).items() if not _both_nothing(stored, name, value)}
    if not detail:
        new.pop("prices", None)
    return {**stored, **new}


def moment(value: datetime | date | None) -> datetime | None:
    """A bare date is its first moment in Paris. None for one that has no place in Paris or UTC (year 1, year 9999)."""
    if value is None:
        return None
    try:
        found = value if isinstance(value, datetime) else datetime.combine(value, time.min, PARIS)
        found.astimezone(PARIS)  # where pages show it
        return found.astimezone(UTC)
    except OverflowError:
        return None


def columns(row: Basket | Line, answer) -> dict:
    """The columns that the answer speaks of, with their values."""
    model = type(row)
    found = {name: getattr(answer, name) for name in TEXTS[model] if answer.has(name)}
    found = {name: text[: model._meta.get_field(name).max_length] for name, text in found.items()}
    if model is Line and answer.site:
        found["site"] = answer.site[:500]
    return found | {name: moment(getattr(answer, name)) for name in DATES[model] if answer.has(name)}


def differ(row: Basket | Line | None, answer, detail: bool = False) -> bool:
    """Whether an answer says anything that the row does not say already."""
    if row is None or not row.revision or row.is_void or row.gone_at or row.missing_since:
        return True
    return merged(row.payload, answer.raw, detail) != row.payload


def _both_nothing(stored: dict, name: str, value) -> bool:
    """`null`, "", [] and {} are ways to say nothing: list and detail differ in them, and that is no change."""
    return name in stored and value in (None, "", [], {}) and stored[name] in (None, "", [], {})

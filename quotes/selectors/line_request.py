"""What a line asks of the operator: as the form shows it, and as another line may take it over."""

from datetime import date, datetime

from django.utils import timezone

from quotes.models import Line

FIELDS = (
    "product_offering_qualification_item_id",
    "end_customer_name",
    "external_id",
    "business_sector",
    "customer_order_name",
    "business_code",
    "project_id",
    "site_connection_type",
    "product_offerings",
    "option_ids",
    "expected_response_date",
    "related_contact_information",
    "note",
    "technical_note",
)
CONTACT_KEYS = ("name", "email_address", "number", "organization", "role")
OWN = ("product_offering_qualification_item_id", "external_id")  # of one line only: a duplicate must get its own
# What the next line of the same basket most likely shares with the one before.
SHARED = ("project_id", "business_sector", "site_connection_type", "product_offerings", "related_contact_information")


def request_of(line: Line) -> dict:
    """The operator's values by field: texts and lists, contacts as dicts of known keys, the date as a day or None."""
    fields = {name: line.payload.get(name) or "" for name in FIELDS}
    fields = {name: value if isinstance(value, list | dict) else str(value) for name, value in fields.items()}
    fields["expected_response_date"] = day_of(fields["expected_response_date"])
    fields["related_contact_information"] = contacts_of(fields["related_contact_information"])
    return fields


def day_of(text) -> date | None:
    """The day in Paris of the operator's date or date-time; None when it is neither."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return timezone.localtime(found).date() if found.tzinfo else found.date()


def contacts_of(value) -> list[dict]:
    rows = [row for row in (value if isinstance(value, list) else []) if isinstance(row, dict)]
    found = [{key: str(row[key]) for key in CONTACT_KEYS if row.get(key)} for row in rows]
    return [row for row in found if row]

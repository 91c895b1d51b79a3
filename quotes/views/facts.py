"""Every documented field of a line under its specification name, and what was received beside them."""

import json

from django.utils.translation import gettext_lazy as _

from quotes.covage import Line as Documented
from quotes.covage.values import as_moment, as_text
from quotes.forms.lines import LineForm
from quotes.selectors.lines import as_texts
from quotes.selectors.people import people

REQUEST = (
    "project_id",
    "external_id",
    "site_connection_type",
    "business_sector",
    "customer_order_name",
    "business_code",
    "product_offerings",
    "option_ids",
    "expected_response_date",
    "product_offering_qualification_item_id",
)
NOTES = ("note", "technical_note")
ANSWER = {
    "state": _("State at the operator"),
    "id": _("Id at the operator"),
    "creation_date": _("Created"),
    "quote_date": _("Quoted"),
    "response_date": _("Answered"),
    "validity_date": _("Valid until"),
    "order_date": _("Ordered"),
    "trace_file": _("Trace file"),
    "address": _("Address"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
}
DOCUMENTED = set(Documented.model_fields) - {"basket_id"}


def request(received: dict) -> list[tuple]:
    """(specification name, label, value) of what a person asked for."""
    return [(name, LineForm.base_fields[name].label, shown(name, received.get(name))) for name in REQUEST]


def notes(received: dict) -> list[tuple]:
    """What the operator reads beside the request."""
    return [(name, LineForm.base_fields[name].label, shown(name, received.get(name))) for name in NOTES]


def answer(line) -> list[tuple]:
    return [(name, label, shown(name, line.payload.get(name))) for name, label in ANSWER.items()]


def contacts(received: dict):
    return people(received.get("related_contact_information"))


def managers(received: dict):
    return people(received.get("manager_regional"))


def unknown(line) -> list[tuple[str, str]]:
    """Keys that the specification does not have, as they came."""
    return [(name, as_text(value)) for name, value in line.payload.items() if name not in DOCUMENTED]


def prices(line) -> str:
    """All of `prices` as received, or ""."""
    received = line.payload.get("prices")
    return json.dumps(received, ensure_ascii=False, indent=1) if received else ""


def shown(name: str, value: object):
    """What `{% value %}` prints: dates as dates where they are some, arrays as texts, anything else as received."""
    if name.endswith("_date"):
        return as_moment(value) or as_text(value)
    if name in ("product_offerings", "option_ids"):
        return as_texts(value)
    return as_text(value.get("label") or value) if name == "address" and isinstance(value, dict) else as_text(value)

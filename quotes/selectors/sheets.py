"""Lines as rows of a sheet: one column for each name of GET /quote_item/ and its detail, texts only.

A value is what the operator last said. Arrays are joined by " | "; an object is its `key=value` pairs joined by "; ",
nested keys dotted, because the inner keys of prices and contacts are not documented.
"""

from collections.abc import Iterator

LINE_NAMES = (
    "id",
    "reference",
    "external_id",
    "end_customer_name",
    "customer_order_name",
    "project_id",
    "business_sector",
    "business_code",
    "site_connection_type",
    "product_offering_qualification_item_id",
    "product_offerings",
    "option_ids",
    "expected_response_date",
    "related_contact_information",
    "note",
    "technical_note",
    "state",
    "creation_date",
    "quote_date",
    "response_date",
    "validity_date",
    "order_date",
    "trace_file",
    "manager_regional",
    "address",
    "latitude",
    "longitude",
    "prices",
)
NUMBERS = frozenset(LINE_NAMES.index(name) for name in ("latitude", "longitude", "prices"))  # columns with decimals
_ADDRESS = LINE_NAMES.index("address")
# What the mirror knows of a line that the operator has not answered for yet.
_OWN = (
    "external_id",
    "wished_external_id",
    "end_customer_name",
    "customer_order_name",
    "business_sector",
    "project_id",
)


def line_rows(lines) -> Iterator[list[str]]:
    """`lines`: a queryset of Line. Read in pieces, so that a million rows never lie in memory."""
    plain = lines.prefetch_related(None).select_related(None)
    for remote_id, site, payload, *own in plain.values_list("remote_id", "site", "payload", *_OWN).iterator(2000):
        payload = payload or _unanswered(own)
        row = [text(payload.get(name)) for name in LINE_NAMES]
        row[0] = remote_id or ""
        row[_ADDRESS] = site
        yield row


def _unanswered(own) -> dict:
    known = dict(zip(_OWN, own, strict=True))
    return known | {"external_id": known["external_id"] or known["wished_external_id"]}


def text(value) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join([text(item) for item in value])
    if isinstance(value, dict):
        return "; ".join(_pairs(value, ""))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pairs(value: dict, prefix: str) -> list[str]:
    found = []
    for key, inner in value.items():
        if isinstance(inner, dict):
            found += _pairs(inner, f"{prefix}{key}.")
        elif inner not in (None, ""):
            found.append(f"{prefix}{key}={text(inner)}")
    return found

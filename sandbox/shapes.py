"""How the operator writes its answers: each resource with the documented keys, no more and no less."""

from decimal import Decimal

from sandbox.clock import iso
from sandbox.models import Basket, Line, Offer

REQUEST = [
    "end_customer_name",
    "external_id",
    "site_connection_type",
    "business_sector",
    "expected_response_date",
    "option_ids",
    "note",
    "technical_note",
    "product_offerings",
    "product_offering_qualification_item_id",
    "project_id",
    "customer_order_name",
    "business_code",
    "related_contact_information",
]
LISTED = [name for name in REQUEST if name not in ("option_ids", "note", "technical_note", "business_code")]


def basket(row: Basket) -> dict:
    return {
        "external_id": row.external_id,
        "project_id": row.project_id,
        "id": str(row.id),
        "quote_date": iso(row.quote_date),
        "creation_date": iso(row.creation_date),
        "state": row.state,
    }


def basket_detail(row: Basket) -> dict:
    return {
        "external_id": row.external_id,
        "project_id": row.project_id,
        "id": str(row.id),
        "quote_item": [line(item) for item in row.lines.order_by("number").select_related("trace")],
        "state": row.state,
        "quote_date": iso(row.quote_date),
    }


def line(row: Line) -> dict:
    """As created and updated; arrays that were never given are null here."""
    return {name: getattr(row, name) for name in REQUEST} | {
        "id": str(row.id),
        "quote_date": iso(row.quote_date),
        "state": row.state,
        "reference": row.reference,
        "trace_file": _trace(row),
        "creation_date": iso(row.creation_date),
    }


def line_detail(row: Line) -> dict:
    return (
        {"id": str(row.id)}
        | _lists_filled(line(row))
        | {
            "manager_regional": row.manager_regional,
            "prices": [price(offer) for offer in row.offers.all()],
            "response_date": iso(row.response_date),
            "validity_date": iso(row.validity_date),
        }
    )


def listed_line(row: Line) -> dict:
    order = getattr(row, "order", None)
    return _lists_filled(
        {"id": str(row.id)}
        | {name: getattr(row, name) for name in LISTED}
        | {
            "order_date": iso(order and order.created),
            "state": row.state,
            "reference": row.reference,
            "address": row.site.address if row.site else {},
            "latitude": row.site and row.site.latitude,
            "longitude": row.site and row.site.longitude,
        }
    )


def price(offer: Offer) -> dict:
    """The specification leaves this open. Plain numbers, numbers as text, or values with units, by line."""
    figures = {
        "monthly_fee": (offer.monthly_fee, "EUR"),
        "fas": (offer.access_fee, "EUR"),
        "commitment": (offer.commitment, "mois"),
    }
    return (
        {"product_id": offer.product_id, "name": offer.name, "state": offer.state, "offer_family": offer.family}
        | {key: WRITERS[offer.shape](value, unit) for key, (value, unit) in figures.items()}
        | {"currency": "EUR", "bandwidth": _speed(offer.bandwidth), "delivery_time": f"{offer.delivery} semaines"}
        | {"gtr": offer.gtr, "comment": offer.comment}
    )


def _speed(megabits: int) -> str:
    return f"{megabits // 1000} Gb/s" if megabits % 1000 == 0 else f"{megabits} Mb/s"


def _number(value: Decimal | int) -> float | int:
    return float(value) if isinstance(value, Decimal) else value


WRITERS = {
    "plain": lambda value, unit: _number(value),
    "text": lambda value, unit: str(value),
    "nested": lambda value, unit: {"value": _number(value), "unit": unit},
}


def _lists_filled(answer: dict) -> dict:
    lists = ("product_offerings", "related_contact_information")
    return answer | {name: answer[name] or [] for name in lists}


def _trace(row: Line) -> str:
    trace = getattr(row, "trace", None)
    return f"traces/{row.reference}/{trace.name}" if trace else ""

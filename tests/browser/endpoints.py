"""The documented endpoints of the quotation API, and the proof that a log of calls holds each of them."""

import re

API = "/api/v1"
ID = "[^/]+"
LINE = f"{API}/quote/{ID}/quote_item/{ID}"
FILTERS = {"reference", "customer_order_name", "end_customer_name", "business_sector", "project_id", "state"}
LISTED = {"page", "page_size"}
BASKET_FIELDS = {"external_id", "project_id"}
LINE_FIELDS = {
    "end_customer_name", "external_id", "site_connection_type", "business_sector", "expected_response_date",
    "option_ids", "note", "technical_note", "product_offerings", "product_offering_qualification_item_id",
    "project_id", "customer_order_name", "business_code", "related_contact_information",
}  # fmt: skip
# Every documented endpoint, with the fields that may be sent (of a GET: in its address).
ENDPOINTS = {
    f"POST {API}/quote/": BASKET_FIELDS,
    f"GET {API}/quote/": BASKET_FIELDS | LISTED | {"state", "creation_date_gt", "creation_date_lt", "quote_date_gt",
                                                   "quote_date_lt"},
    f"GET {API}/quote/{ID}/": set(),
    f"PATCH {API}/quote/{ID}/": BASKET_FIELDS,
    f"PATCH {API}/quote/{ID}/confirm/": set(),
    f"POST {API}/quote/{ID}/quote_item/": LINE_FIELDS,
    f"PATCH {LINE}/": LINE_FIELDS,
    f"DELETE {LINE}/": set(),
    f"POST {LINE}/trace/upload/": {"file"},
    f"GET {LINE}/trace/download/": set(),
    f"DELETE {LINE}/trace/": set(),
    f"GET {API}/quote_item/": FILTERS | LISTED,
    f"GET {API}/quote_item/{ID}/": set(),
    f"PATCH {API}/quote_item/{ID}/accept/": {"product_id"},
    f"PATCH {API}/quote_item/{ID}/decline/": {"product_id", "comment"},
    f"PATCH {API}/quote_item/{ID}/restore_price/": {"product_id"},
    f"POST {LINE}/export/pdf/": set(),
    f"POST {LINE}/price/{ID}/export/pdf/": set(),
    f"POST {API}/quote_item/export/csv/": FILTERS,
    f"GET {API}/quote_item/export/{ID}/status/": set(),
    f"GET {API}/quote_item/export/{ID}/download/": set(),
    f"GET {API}/referential/project": LISTED,
}  # fmt: skip


def every_endpoint_was_called(calls) -> None:
    """With documented fields only, and to the operator's satisfaction."""
    assert [call for call in calls if call["status"] >= 400] == []
    called = {}
    for call in calls:
        if not call["path"].startswith("/auth/"):
            called.setdefault(endpoint(call), set()).update(sent(call))
    assert set(called) == set(ENDPOINTS)
    assert {name: fields - ENDPOINTS[name] for name, fields in called.items() if fields - ENDPOINTS[name]} == {}
    assert called[f"POST {API}/quote/{ID}/quote_item/"] == LINE_FIELDS


def endpoint(call) -> str:
    asked = f"{call['method']} {call['path']}"
    return next((pattern for pattern in ENDPOINTS if re.fullmatch(pattern, asked)), asked)


def sent(call) -> set[str]:
    names = {part.partition("=")[0] for part in call["query"].split("&") if part}
    return names | set(call["fields"])

"""Every documented operation: its method, its path, exactly its body, and the answer of the specification read back."""

from datetime import date, datetime

import pytest

from quotes.covage import CovageBadPayload
from tests.wire import Reply

BASKET = {
    "external_id": "EXT123",
    "project_id": "PRJ456",
    "id": "123e4567-e89b-12d3-a456-426614174000",
    "quote_item": [],
    "state": "acknowledged",
    "quote_date": "2026-04-23T10:00:00+02:00",
}
CREATED = {**BASKET, "creation_date": "2026-04-23T09:00:00+02:00"}
LINE = {
    "id": "123e4567-e89b-12d3-a456-426614174002",
    "end_customer_name": "End Customer",
    "external_id": "EXT_ITEM",
    "site_connection_type": "",
    "business_sector": "",
    "expected_response_date": None,
    "option_ids": [],
    "note": "",
    "technical_note": "",
    "product_offerings": None,
    "product_offering_qualification_item_id": "123e4567-e89b-12d3-a456-426614174001",
    "project_id": "",
    "customer_order_name": "",
    "business_code": "",
    "related_contact_information": None,
    "quote_date": None,
    "state": "acknowledged",
    "reference": "QO_20260423_00000001",
    "trace_file": "",
    "creation_date": "2026-04-23T10:00:00+02:00",
}
B, L = BASKET["id"], LINE["id"]
ALL_LINE_FIELDS = {
    "end_customer_name": "Hôtel de l'Épée",
    "external_id": "EXT_ITEM",
    "site_connection_type": "FTTO",
    "business_sector": "hotel",
    "expected_response_date": "2026-05-01",
    "option_ids": ["7", "9"],
    "note": "n",
    "technical_note": "t",
    "product_offerings": ["2173"],
    "product_offering_qualification_item_id": "123e4567-e89b-12d3-a456-426614174001",
    "project_id": "FLASH",
    "customer_order_name": "order",
    "business_code": "code",
    "related_contact_information": [{"name": "A"}, {"name": "B"}],
}


def test_create_a_basket(wire, client):
    wire.on("POST", "/api/v1/quote/", Reply(201, json=CREATED))
    basket = client.create_basket({"external_id": "EXT123", "project_id": "PRJ456"})
    assert wire.last.json == {"external_id": "EXT123", "project_id": "PRJ456"}
    assert wire.last.headers["content-type"] == "application/json"
    assert (basket.id, basket.external_id, basket.project_id, basket.state) == (B, "EXT123", "PRJ456", "acknowledged")
    assert basket.creation_date == datetime.fromisoformat("2026-04-23T09:00:00+02:00")


def test_list_baskets_with_all_filters(wire, client):
    wire.on("GET", "/api/v1/quote/", Reply(json={"page_size": 10, "count": 1, "next_page": None, "results": [CREATED]}))
    filters = {
        "external_id": "EXT & Söhne",
        "project_id": "P",
        "state": "ready",
        "creation_date_gt": datetime.fromisoformat("2026-01-01T00:00:00+01:00"),
        "creation_date_lt": "2026-02-01",
        "quote_date_gt": date(2026, 3, 1),
        "quote_date_lt": "2026-04-01",
    }
    pages = list(client.basket_pages(**filters))
    assert wire.last.query == {
        **filters,
        "creation_date_gt": "2026-01-01T00:00:00+01:00",
        "quote_date_gt": "2026-03-01",
    }
    assert [[basket.id for basket in page.results] for page in pages] == [[B]]


def test_a_basket_by_id(wire, client):
    wire.on("GET", f"/api/v1/quote/{B}/", Reply(json=BASKET))
    basket = client.get_basket(B)
    assert (basket.id, basket.lines, basket.line_ids) == (B, [], [])
    assert wire.last.body == b""


def test_update_a_basket(wire, client):
    wire.on("PATCH", f"/api/v1/quote/{B}/", Reply(json={**BASKET, "external_id": "NEW"}))
    assert client.update_basket(B, {"external_id": "NEW"}).external_id == "NEW"
    assert wire.last.json == {"external_id": "NEW"}


def test_confirm_a_basket(wire, client):
    wire.on("PATCH", f"/api/v1/quote/{B}/confirm/", Reply(json={**BASKET, "state": "confirmed"}))
    assert client.confirm_basket(B).state == "confirmed"
    assert (wire.last.body, wire.last.headers["content-length"]) == (b"", "0")


def test_add_a_line_with_all_fields(wire, client):
    wire.on("POST", f"/api/v1/quote/{B}/quote_item/", Reply(201, json=LINE))
    line = client.add_line(B, ALL_LINE_FIELDS)
    assert wire.last.json == ALL_LINE_FIELDS
    assert (line.id, line.basket_id, line.reference) == (L, B, "QO_20260423_00000001")


def test_update_a_line(wire, client):
    wire.on("PATCH", f"/api/v1/quote/{B}/quote_item/{L}/", Reply(json={**LINE, "note": "new"}))
    assert client.update_line(B, L, {"note": "new"}).note == "new"
    assert wire.last.json == {"note": "new"}


def test_delete_a_line(wire, client):
    wire.on("DELETE", f"/api/v1/quote/{B}/quote_item/{L}/", Reply(json=BASKET))
    assert client.delete_line(B, L).id == B
    assert wire.last.body == b""


def test_upload_a_trace(wire, client):
    wire.on("POST", f"/api/v1/quote/{B}/quote_item/{L}/trace/upload/", Reply(json=BASKET))
    data = b"PK\x03\x04\x00\xff binary \r\n--"
    assert client.upload_trace(B, L, "tracé.kmz", data).id == B
    kind, _, boundary = wire.last.headers["content-type"].partition("; boundary=")
    head, _, rest = wire.last.body.partition(b"\r\n\r\n")
    assert kind == "multipart/form-data"
    assert b'name="file"; filename="trac\xc3\xa9.kmz"' in head
    assert b"Content-Type: application/vnd.google-earth.kmz" in head
    assert rest == data + f"\r\n--{boundary}--\r\n".encode()


def test_download_a_trace(wire, client):
    reply = Reply(body=b"PK\x03\x04\x00\xff", headers={"Content-Type": "application/vnd.google-earth.kmz"})
    wire.on("GET", f"/api/v1/quote/{B}/quote_item/{L}/trace/download/", reply)
    file = client.download_trace(B, L)
    assert (file.data, file.content_type) == (b"PK\x03\x04\x00\xff", "application/vnd.google-earth.kmz")


def test_delete_a_trace(wire, client):
    wire.on("DELETE", f"/api/v1/quote/{B}/quote_item/{L}/trace/", Reply(json={"detail": "Deleted."}))
    assert client.delete_trace(B, L) == "Deleted."


def test_list_lines_with_all_filters(wire, client):
    wire.on("GET", "/api/v1/quote_item/", Reply(json={"count": 1, "next_page": None, "results": [LINE]}))
    names = ("reference", "customer_order_name", "end_customer_name", "business_sector", "project_id", "state")
    filters = {name: f"{name} é" for name in names}
    pages = list(client.line_pages(**filters))
    assert wire.last.query == filters
    assert pages[0].results[0].id == L


def test_a_line_by_id(wire, client):
    wire.on("GET", f"/api/v1/quote_item/{L}/", Reply(json={**LINE, "prices": [], "manager_regional": None}))
    line = client.get_line(L)
    assert (line.id, line.offers, line.manager_regional, line.option_ids) == (L, [], {}, [])


def test_accept_an_offer(wire, client):
    wire.on("PATCH", f"/api/v1/quote_item/{L}/accept/", Reply(json={
        "product_order_id": "123e4567-e89b-12d3-a456-426614174003",
        "product_order_item_id": "123e4567-e89b-12d3-a456-426614174004",
    }))  # fmt: skip
    accepted = client.accept(L, "2173")
    assert wire.last.json == {"product_id": "2173"}
    assert accepted.product_order_id == "123e4567-e89b-12d3-a456-426614174003"
    assert accepted.product_order_item_id == "123e4567-e89b-12d3-a456-426614174004"


@pytest.mark.parametrize(
    ("comment", "body"),
    [("Too dear", {"product_id": "2173", "comment": "Too dear"}), ("", {"product_id": "2173"})],
)
def test_decline_an_offer(wire, client, comment, body):
    wire.on("PATCH", f"/api/v1/quote_item/{L}/decline/", Reply(json={**LINE, "state": "refused"}))
    assert client.decline(L, "2173", comment).state == "refused"
    assert wire.last.json == body


def test_restore_an_offer(wire, client):
    wire.on("PATCH", f"/api/v1/quote_item/{L}/restore_price/", Reply(json={**LINE, "state": "ready"}))
    assert client.restore(L, "2173").state == "ready"
    assert wire.last.json == {"product_id": "2173"}


def test_export_a_line_to_pdf(wire, client):
    wire.on("POST", f"/api/v1/quote/{B}/quote_item/{L}/export/pdf/", Reply(json={"task_id": "task_1"}))
    assert client.export_line_pdf(B, L) == "task_1"
    assert wire.last.body == b""


def test_export_an_offer_to_pdf(wire, client):
    wire.on("POST", f"/api/v1/quote/{B}/quote_item/{L}/price/2173/export/pdf/", Reply(202, json={"task_id": 17}))
    assert client.export_offer_pdf(B, L, "2173") == "17"
    assert wire.last.body == b""


def test_export_lines_to_csv(wire, client):
    wire.on("POST", "/api/v1/quote_item/export/csv/", Reply(json={"task_id": "task_123456789"}))
    assert client.export_csv({"state": "acknowledged"}) == "task_123456789"
    assert wire.last.json == {"state": "acknowledged"}


def test_the_status_of_an_export(wire, client):
    status = {"task_id": "t1", "success": True, "started": "2026-04-23T10:00:00Z", "stopped": "2026-04-23T10:05:00Z"}
    wire.on("GET", "/api/v1/quote_item/export/t1/status/", Reply(json=status))
    found = client.export_status("t1")
    assert (found.task_id, found.running, found.failed) == ("t1", False, False)


def test_download_an_export(wire, client):
    reply = Reply(body="reference;state\n", headers={"Content-Type": "text/csv"})
    wire.on("GET", "/api/v1/quote_item/export/t1/download/", reply)
    file = client.download_export("t1")
    assert (file.data, file.content_type) == (b"reference;state\n", "text/csv")


def test_the_status_of_another_export_is_not_taken_for_it(wire, client):
    wire.on("GET", "/api/v1/quote_item/export/t1/status/", Reply(json={"task_id": "t2", "success": True}))
    with pytest.raises(CovageBadPayload):
        client.export_status("t1")


def test_an_export_that_does_not_repeat_its_task_id(wire, client):
    wire.on("GET", "/api/v1/quote_item/export/t1/status/", Reply(json={"success": None}))
    assert (client.export_status("t1").task_id, client.export_status("t1").running) == ("t1", True)


@pytest.mark.parametrize("lacking", [Reply(404), Reply(301, headers={"Location": "/api/v1/referential/project/"})])
def test_projects_at_an_address_with_a_slash(wire, client, lacking):
    wire.on("GET", "/api/v1/referential/project", lacking)
    wire.on("GET", "/api/v1/referential/project/", Reply(json=[{"code": "FLASH"}]))
    assert [project.code for project in client.projects()] == ["FLASH"]


@pytest.mark.parametrize("in_a_page", [True, False])
def test_projects(wire, client, in_a_page):
    rows = [
        {"code": "FLASH", "active": True, "end_date": "2099-12-31"},
        {"code": "OLD", "active": "false"},
        {"code": ""},
    ]
    body = {"count": 3, "next_page": None, "results": rows} if in_a_page else rows
    wire.on("GET", "/api/v1/referential/project", Reply(json=body))
    found = client.projects()
    assert [(project.code, project.active, project.end_date) for project in found] == [
        ("FLASH", True, date(2099, 12, 31)),
        ("OLD", False, None),
    ]

"""The list of lines, its six filters, and the detail of one."""

import pytest

from tests.sandbox.operator_api import COMPLETE

LISTED = {
    "id", "end_customer_name", "external_id", "site_connection_type", "business_sector", "expected_response_date",
    "product_offerings", "product_offering_qualification_item_id", "project_id", "customer_order_name",
    "related_contact_information", "order_date", "state", "reference", "address", "latitude", "longitude",
}  # fmt: skip
DETAILED = {
    "id", "end_customer_name", "external_id", "site_connection_type", "business_sector", "expected_response_date",
    "option_ids", "note", "technical_note", "product_offerings", "product_offering_qualification_item_id",
    "project_id", "customer_order_name", "business_code", "related_contact_information", "quote_date", "state",
    "reference", "trace_file", "creation_date", "manager_regional", "prices", "response_date", "validity_date",
}  # fmt: skip


def found(api, **query) -> list[str]:
    return [line["note"] for line in map(api.detail, api.get("quote_item/", **query).json()["results"])]


def test_a_listed_line_has_the_documented_keys_and_defaults(api):
    line = api.line(api.basket())
    (listed,) = api.get("quote_item/").json()["results"]
    assert set(listed) == LISTED
    assert (listed["id"], listed["reference"]) == (line["id"], line["reference"])
    assert (listed["product_offerings"], listed["related_contact_information"]) == ([], [])
    assert (listed["order_date"], listed["address"], listed["latitude"], listed["longitude"]) == (None, {}, None, None)


def test_a_detail_has_the_documented_keys_and_defaults(api):
    line = api.line(api.basket())
    detail = api.detail(line)
    assert set(detail) == DETAILED
    same = set(line) - {"product_offerings", "related_contact_information"}
    assert {name: detail[name] for name in same} == {name: line[name] for name in same}
    assert (detail["product_offerings"], detail["related_contact_information"], detail["prices"]) == ([], [], [])
    assert (detail["manager_regional"], detail["response_date"], detail["validity_date"]) == (None, None, None)


def test_the_list_is_paged(api):
    basket = api.basket()
    for _ in range(3):
        api.line(basket)
    first = api.get("quote_item/", page_size=2).json()
    assert (first["count"], len(first["results"]), first["page_size"]) == (3, 2, 2)
    second = api.session.get(first["next_page"], timeout=20).json()
    assert [line["reference"] for line in first["results"] + second["results"]] == sorted(
        (line["reference"] for line in first["results"] + second["results"]), reverse=True
    )


@pytest.mark.parametrize("name", ["customer_order_name", "end_customer_name", "business_sector", "project_id"])
def test_a_text_filter_compares_the_whole_value_without_case(api, name):
    basket = api.basket()
    api.line(basket, note="yes", **{name: "Santé Élan"})
    api.line(basket, note="no", **{name: "Santé Élan bis"})
    assert found(api, **{name: "SANTÉ éLAN"}) == ["yes"]
    assert found(api, **{name: "Santé"}) == []


def test_the_reference_finds_its_line(api):
    basket = api.basket()
    line = api.line(basket, note="yes")
    api.line(basket, note="no")
    assert found(api, reference=line["reference"].lower()) == ["yes"]


def test_the_state_filters(api):
    api.line(api.basket(), note="draft")
    api.confirmed(note="sent")
    assert found(api, state="acknowledged") == ["draft"]
    assert found(api, state="nonsense") == []


def test_filters_are_joined_and_unknown_ones_ignored(api):
    basket = api.basket()
    api.line(basket, note="a", project_id="FLASH", business_sector="Santé")
    api.line(basket, note="b", project_id="FLASH")
    assert found(api, project_id="FLASH", business_sector="Santé", external_id="other") == ["a"]


def test_a_known_qualification_item_gives_address_and_position(desk, api):
    desk.reset(1)
    (seeded,) = api.get("quote_item/", page_size=1).json()["results"]
    item = seeded["product_offering_qualification_item_id"]
    line = api.line(api.basket(), **COMPLETE | {"product_offering_qualification_item_id": item})
    (listed,) = api.get("quote_item/", reference=line["reference"]).json()["results"]
    assert listed["address"]["label"].endswith(listed["address"]["city"]["name"])
    assert (listed["latitude"], listed["longitude"]) == (seeded["latitude"], seeded["longitude"])

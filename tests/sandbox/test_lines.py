"""Add, update and delete a line."""

import re

import pytest

from tests.sandbox.operator_api import COMPLETE, line_path

ID = "123e4567-e89b-12d3-a456-426614174001"
# What the specification shows for fields that were not given.
DEFAULTS = {
    "end_customer_name": "",
    "external_id": "",
    "site_connection_type": "",
    "business_sector": "",
    "expected_response_date": None,
    "option_ids": [],
    "note": "",
    "technical_note": "",
    "product_offerings": None,
    "product_offering_qualification_item_id": ID,
    "project_id": "",
    "customer_order_name": "",
    "business_code": "",
    "related_contact_information": None,
    "quote_date": None,
    "state": "acknowledged",
    "trace_file": "",
}
EVERYTHING = {
    "end_customer_name": "Clinique de la Baie",
    "external_id": "CLIN-01",
    "site_connection_type": "Fibre dédiée",
    "business_sector": "Santé",
    "expected_response_date": "2026-12-24",
    "option_ids": ["grt_4h_24_7"],
    "note": "Deux entrées.\nSonner à l’accueil.",
    "technical_note": "Fourreau existant",
    "product_offerings": ["2173", "2188"],
    "product_offering_qualification_item_id": ID,
    "project_id": "FLASH",
    "customer_order_name": "Raccordement Quimper",
    "business_code": "AFF-7",
    "related_contact_information": [
        {"name": "Yann Ropars", "email_address": "y.ropars@baie.example", "number": "02 98 00 14 27"},
        {"organization": "Clinique", "role": "Contact technique"},
    ],
}


def add(api, **fields):
    return api.post(f"quote/{api.basket()['id']}/quote_item/", {"product_offering_qualification_item_id": ID} | fields)


def test_a_minimal_line_has_the_documented_defaults(api):
    answer = add(api)
    assert answer.status_code == 201
    line = answer.json()
    assert set(line) == {*DEFAULTS, "id", "reference", "creation_date"}
    assert line | DEFAULTS == line


def test_all_fields_are_taken_and_told_back(api):
    line = add(api, **EVERYTHING).json()
    assert line | EVERYTHING == line


def test_references_are_dated_and_never_given_twice(api):
    basket = api.basket()
    first, second = api.line(basket), api.line(basket)
    assert re.fullmatch(r"QO_\d{8}_\d{8}", first["reference"])
    assert first["reference"][3:11] == first["creation_date"][:10].replace("-", "")
    api.delete(line_path(basket, second))
    assert api.line(basket)["reference"] not in (first["reference"], second["reference"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "This field is required."),
        ({"product_offering_qualification_item_id": ""}, "This field may not be blank."),
        ({"product_offering_qualification_item_id": "  "}, "This field may not be blank."),
        ({"product_offering_qualification_item_id": None}, "This field may not be null."),
        ({"product_offering_qualification_item_id": 7}, "Not a valid string."),
    ],
)
def test_the_qualification_item_is_required(api, body, message):
    answer = api.post(f"quote/{api.basket()['id']}/quote_item/", body)
    assert answer.status_code == 400
    assert answer.json() == {"product_offering_qualification_item_id": [message]}


def test_the_qualification_item_may_be_any_text(api):
    assert add(api, product_offering_qualification_item_id="POQ/2026-7").status_code == 201


@pytest.mark.parametrize(
    ("field", "value", "errors"),
    [
        ("product_offerings", "2173", ["Expected a list of items."]),
        ("product_offerings", ["2173", 2188], {"1": ["Not a valid string."]}),
        ("product_offerings", [""], {"0": ["This field may not be blank."]}),
        ("option_ids", None, ["This field may not be null."]),
        ("option_ids", [{}], {"0": ["Not a valid string."]}),
        ("expected_response_date", "24/12/2026", ["Date has wrong format. Use YYYY-MM-DD or "
                                                  "YYYY-MM-DDThh:mm[:ss][+HH:MM|-HH:MM|Z]."]),
        ("expected_response_date", "2026-02-30", ["Date has wrong format. Use YYYY-MM-DD or "
                                                  "YYYY-MM-DDThh:mm[:ss][+HH:MM|-HH:MM|Z]."]),
        ("note", "x" * 4001, ["Ensure this field has no more than 4000 characters."]),
        ("end_customer_name", "x" * 256, ["Ensure this field has no more than 255 characters."]),
        ("related_contact_information", [{}, {}, {"name": 3}], ["Ensure this field has no more than 2 elements."]),
        ("related_contact_information", [{"name": 3}, {}, {}], ["Ensure this field has no more than 2 elements."]),
        ("related_contact_information", {"name": "x"}, ["Expected a list of items."]),
        ("related_contact_information", [{}, {"email_address": "nobody"}],
         [{}, {"email_address": ["Enter a valid email address."]}]),
        ("related_contact_information", [{"phone": "1"}], [{"phone": ["Unexpected field."]}]),
        ("related_contact_information", ["x"], [{"non_field_errors": ["Invalid data. Expected a dictionary."]}]),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_at_its_field(api, field, value, errors):
    answer = add(api, **{field: value})
    assert (answer.status_code, answer.json()) == (400, {field: errors})


def test_all_errors_are_told_at_once(api):
    answer = add(api, note=3, colour="blue")
    assert answer.json() == {"note": ["Not a valid string."], "colour": ["Unexpected field."]}


@pytest.mark.parametrize("field", ["state", "reference", "quote_date", "id", "trace_file"])
def test_creation_refuses_what_is_not_documented_for_it(api, field):
    answer = add(api, **{field: "x"})
    assert (answer.status_code, answer.json()) == (400, {field: ["Unexpected field."]})


@pytest.mark.parametrize("date", ["2026-12-24", "2026-12-24T10:00:00+01:00", "2026-12-24T09:00:00Z", None])
def test_an_expected_date_may_have_a_time_or_not(api, date):
    assert add(api, expected_response_date=date).json()["expected_response_date"] == date


def test_an_update_changes_only_what_is_sent(api):
    basket = api.basket()
    line = api.line(basket, **COMPLETE, note="un")
    answer = api.patch(line_path(basket, line), {"note": "deux", "product_offerings": None})
    assert answer.status_code == 200
    assert answer.json() == line | {"note": "deux", "product_offerings": None}


def test_all_fields_can_be_updated(api):
    basket = api.basket()
    line = api.line(basket)
    assert api.patch(line_path(basket, line), EVERYTHING).json() == line | EVERYTHING


def test_the_operators_own_fields_are_taken_when_they_change_nothing(api):
    basket = api.basket()
    line = api.line(basket)
    same = {name: line[name] for name in ("state", "reference", "quote_date")}
    assert api.patch(line_path(basket, line), same).json() == line


@pytest.mark.parametrize(
    ("field", "value"), [("state", "ready"), ("reference", "QO_1"), ("quote_date", "2026-04-23T10:00:00+02:00")]
)
def test_the_operators_own_fields_cannot_be_changed(api, field, value):
    basket = api.basket()
    line = api.line(basket)
    answer = api.patch(line_path(basket, line), {field: value, "note": "x"})
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert api.detail(line)["note"] == ""


def test_a_line_is_reached_through_its_own_basket_only(api):
    line = api.line(api.basket())
    other = api.basket()
    assert api.patch(line_path(other, line), {"note": "x"}).status_code == 404
    assert api.delete(line_path(other, line)).status_code == 404


def test_deleting_answers_with_the_basket_that_remains(api):
    basket = api.basket()
    gone, kept = api.line(basket), api.line(basket)
    answer = api.delete(line_path(basket, gone))
    assert answer.status_code == 200
    assert answer.json()["quote_item"] == [kept]
    assert set(answer.json()) == {"external_id", "project_id", "id", "quote_item", "state", "quote_date"}
    assert api.get(f"quote_item/{gone['id']}/").status_code == 404
    assert api.delete(line_path(basket, gone)).status_code == 404

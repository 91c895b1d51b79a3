"""Create, read and update a basket."""

import uuid
from datetime import datetime

import pytest

from tests.sandbox.operator_api import kmz, line_path

CREATED = {"external_id", "project_id", "id", "quote_date", "creation_date", "state"}
DETAILED = {"external_id", "project_id", "id", "quote_item", "state", "quote_date"}


def test_a_new_basket_answers_with_the_documented_keys(api):
    answer = api.post("quote/", {"external_id": "EXT123", "project_id": "PRJ456"})
    assert answer.status_code == 201
    basket = answer.json()
    assert set(basket) == CREATED
    assert (basket["external_id"], basket["project_id"], basket["state"]) == ("EXT123", "PRJ456", "acknowledged")
    assert basket["quote_date"] is None
    assert uuid.UUID(basket["id"])
    assert datetime.fromisoformat(basket["creation_date"]).utcoffset() is not None


def test_nothing_is_required_and_absent_texts_are_empty(api):
    basket = api.basket()
    assert (basket["external_id"], basket["project_id"]) == ("", "")


@pytest.mark.parametrize("external_id", ["  deux espaces ", "É/È\t\"'<b>", "x" * 255])
def test_an_external_id_is_kept_as_it_is(api, external_id):
    basket = api.basket(external_id=external_id)
    assert api.get(f"quote/{basket['id']}/").json()["external_id"] == external_id


def test_an_external_id_need_not_be_unique(api):
    assert api.basket(external_id="SAME")["id"] != api.basket(external_id="SAME")["id"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "Not a valid string."),
        (None, "This field may not be null."),
        (["x"], "Not a valid string."),
        ("x" * 256, "Ensure this field has no more than 255 characters."),
        ("a\x00b", "Null characters are not allowed."),
        ("\ud800", "Not a valid string."),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(api, value, message):
    answer = api.post("quote/", {"external_id": value})
    assert (answer.status_code, answer.json()) == (400, {"external_id": [message]})


@pytest.mark.parametrize("field", ["state", "quote_date", "id", "name"])
def test_an_undocumented_field_is_refused(api, field):
    answer = api.post("quote/", {field: "x"})
    assert (answer.status_code, answer.json()) == (400, {field: ["Unexpected field."]})
    assert api.get("quote/").json()["count"] == 0


def test_the_detail_has_the_lines_and_no_creation_date(api):
    basket = api.basket(external_id="E1")
    first, second = api.line(basket, note="un"), api.line(basket, note="deux")
    answer = api.get(f"quote/{basket['id']}/").json()
    assert set(answer) == DETAILED
    assert answer["quote_item"] == [first, second]


def test_an_update_changes_only_what_is_sent(api):
    basket = api.basket(external_id="E1", project_id="P1")
    answer = api.patch(f"quote/{basket['id']}/", {"external_id": "E2"})
    assert answer.status_code == 200
    assert set(answer.json()) == DETAILED
    assert (answer.json()["external_id"], answer.json()["project_id"]) == ("E2", "P1")


def test_an_update_may_empty_a_field(api):
    basket = api.basket(external_id="E1")
    assert api.patch(f"quote/{basket['id']}/", {"external_id": ""}).json()["external_id"] == ""


def test_an_update_refuses_undocumented_fields(api):
    basket = api.basket()
    answer = api.patch(f"quote/{basket['id']}/", {"state": "confirmed"})
    assert (answer.status_code, answer.json()) == (400, {"state": ["Unexpected field."]})


def test_a_confirmed_basket_can_no_longer_be_changed(api):
    basket, (line,) = api.confirmed()
    path = line_path(basket, line)
    refused = [
        api.patch(f"quote/{basket['id']}/", {"external_id": "late"}),
        api.post(f"quote/{basket['id']}/quote_item/", {"product_offering_qualification_item_id": "q"}),
        api.patch(path, {"note": "late"}),
        api.delete(path),
        api.upload(path, kmz()),
    ]
    assert [answer.status_code for answer in refused] == [409] * 5
    assert all(list(answer.json()) == ["detail"] for answer in refused)
    assert api.detail(line)["note"] == ""

"""Confirming a basket: once, and complete."""

import pytest

from tests.sandbox.operator_api import COMPLETE


def confirm(api, basket, body=None):
    return api.patch(f"quote/{basket['id']}/confirm/", body)


def test_confirming_answers_with_the_basket(api):
    basket, line = api.draft()
    answer = confirm(api, basket)
    assert answer.status_code == 200
    assert answer.json()["state"] == "confirmed"
    assert answer.json()["quote_date"] == answer.json()["quote_item"][0]["quote_date"] != None  # noqa: E711
    assert answer.json()["quote_item"][0] | {"state": "", "quote_date": None} == line | {"state": ""}
    assert answer.json()["quote_item"][0]["state"] == "confirmed"


def test_an_empty_body_object_is_fine(api):
    assert confirm(api, api.draft()[0], {}).status_code == 200


def test_a_basket_without_lines_is_refused(api):
    answer = confirm(api, api.basket())
    assert answer.status_code == 400
    assert list(answer.json()) == ["quote_item"]


@pytest.mark.parametrize("field", COMPLETE)
@pytest.mark.parametrize("empty", [None, "blank"])
def test_each_missing_field_is_named_for_its_line(api, field, empty):
    basket, complete = api.draft()
    blank = [] if field == "product_offerings" else "  "
    given = {name: value for name, value in COMPLETE.items() if name != field}
    incomplete = api.line(basket, **given if empty is None else COMPLETE | {field: blank})
    answer = confirm(api, basket)
    assert answer.status_code == 400
    assert answer.json() == {
        "quote_item": {incomplete["id"]: {field: ["This field is required to confirm the quotation basket."]}}
    }
    assert api.state(basket) == "acknowledged"


def test_all_gaps_of_all_lines_are_named_at_once(api):
    basket = api.basket()
    lines = [api.line(basket), api.line(basket)]
    assert {line: set(gaps) for line, gaps in confirm(api, basket).json()["quote_item"].items()} == {
        line["id"]: set(COMPLETE) for line in lines
    }


def test_a_filled_gap_lets_it_through(api):
    basket = api.basket()
    line = api.line(basket)
    api.patch(f"quote/{basket['id']}/quote_item/{line['id']}/", COMPLETE)
    assert confirm(api, basket).status_code == 200


def test_no_trace_is_needed(api):
    basket, line = api.draft()
    assert line["trace_file"] == ""
    assert confirm(api, basket).status_code == 200


def test_a_basket_is_confirmed_once(api):
    basket, _ = api.confirmed()
    answer = confirm(api, basket)
    assert (answer.status_code, list(answer.json())) == (409, ["detail"])


def test_no_field_is_taken(api):
    basket, _ = api.draft()
    answer = confirm(api, basket, {"comment": "please"})
    assert (answer.status_code, answer.json()) == (400, {"comment": ["Unexpected field."]})
    assert api.state(basket) == "acknowledged"

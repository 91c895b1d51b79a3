"""The operator's words of refusal, in every shape that they may come in."""

import json

import pytest

from quotes.covage import CovageRefused
from quotes.covage.reading import read_refusal
from tests.wire import Reply


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"note": ["Too long.", "Too odd."]}, {"note": ["Too long.", "Too odd."]}),
        ({"note": "Too long."}, {"note": ["Too long."]}),
        ({"note": ["x"], "non_field_errors": ["y"]}, {"note": ["x"], "": ["y"]}),
        ({"detail": "Not allowed."}, {"": ["Not allowed."]}),
        ({"detail": {"note": ["x"]}}, {"note": ["x"]}),
        ({"detail": "Nope.", "code": "no", "status": 400}, {"": ["Nope."]}),
        (["One.", "Two."], {"": ["One.", "Two."]}),
        ("Only text.", {"": ["Only text."]}),
        (
            {"related_contact_information": [{}, {"email_address": ["Bad."]}]},
            {"related_contact_information.1.email_address": ["Bad."]},
        ),
        ({"product_offerings": {"0": ["Unknown."]}}, {"product_offerings.0": ["Unknown."]}),
        ({"option_ids": [["Not a number."]]}, {"option_ids": ["Not a number."]}),
        ({"quote_item": [{"non_field_errors": ["Incomplete."]}]}, {"quote_item.0": ["Incomplete."]}),
        ({"note": [{"message": "Too long.", "code": "max_length"}]}, {"note": ["Too long."]}),
        (
            {"apirequest_uuid": "KOSC_1", "error": "Invalid", "details": [{"field": "note", "errors": ["Long."]}]},
            {"": ["Invalid"], "note": ["Long."]},
        ),
        ({"apirequest_uuid": "KOSC_1", "error": "Invalid input", "details": None}, {"": ["Invalid input"]}),
        ({"error": "Invalid", "details": [{"field": "a.b", "message": "x"}]}, {"": ["Invalid"], "a.b": ["x"]}),
        ({"error": "Invalid", "details": [{"name": "note", "msg": "x"}]}, {"": ["Invalid"], "note": ["x"]}),
        ({"detail": [{"loc": ["body", "note"], "msg": "x", "type": "value_error"}]}, {"note": ["x"]}),
        ({"detail": "Invalid", "name": ["Too long."]}, {"": ["Invalid"], "name": ["Too long."]}),
        ({"status": 400, "error": "Bad Request", "path": "/api/v1/quote/"}, {"": ["Bad Request"]}),
        ({"error": {"note": ["x"]}}, {"note": ["x"]}),
        ({"errors": {"note": ["x"]}}, {"note": ["x"]}),
        ({"errors": [{"field": "note", "message": "x"}, "y"]}, {"note": ["x"], "": ["y"]}),
        (
            {"error": "invalid_grant", "error_description": "Account is locked."},
            {"": ["Account is locked.", "invalid_grant"]},
        ),
        ({"message": "Wrong state."}, {"": ["Wrong state."]}),
        ({"code": "22", "reason": "Rule.", "message": "Expired."}, {"": ["Expired.", "Rule."]}),
        ([{"code": "1", "reason": "None.", "propertyPath": "$.quoteItem[0].note"}], {"quoteItem.0.note": ["None."]}),
        ({"note": None, "state": []}, {}),
        ({"note": [1, True]}, {"note": ["1", "true"]}),
        ({}, {}),
        ([], {}),
        (None, {}),
    ],
)  # fmt: skip
def test_json(body, errors):
    assert read_refusal(json.dumps(body).encode()) == errors


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"", {}),
        (b"  \r\n", {}),
        (b"Bad Request", {"": ["Bad Request"]}),
        (b"<!DOCTYPE html><HTML><head><Title>\n 413 &amp; more </title>", {"": ["413 & more"]}),
        (b"<html><body>no title</body>", {}),
        (b"\xff\xfe\x00", {"": ["\ufffd\ufffd"]}),
        (b'{"note": ["x"', {"": ['{"note": ["x"']}),
    ],
)
def test_other_bodies(body, errors):
    assert read_refusal(body) == errors


def test_a_flood_of_messages_is_cut():
    errors = read_refusal(json.dumps({f"f{n}": ["m" * 2000] for n in range(1000)}).encode())
    assert len(errors) == 100
    assert {len(messages[0]) for messages in errors.values()} == {500}


def test_a_refusal_reaches_the_caller_by_field(wire, client):
    wire.on("POST", "/api/v1/quote/q1/quote_item/", Reply(400, json={
        "note": ["Trop long."], "related_contact_information": [{"email_address": ["Bad."], "number": ["Bad too."]}],
    }))  # fmt: skip
    with pytest.raises(CovageRefused) as caught:
        client.add_line("q1", {"note": "…"})
    assert caught.value.status == 400
    assert json.loads(caught.value.body)["note"] == ["Trop long."]
    assert caught.value.errors == {
        "note": ["Trop long."],
        "related_contact_information.0.email_address": ["Bad."],
        "related_contact_information.0.number": ["Bad too."],
    }


def test_what_no_database_keeps_is_left_out_of_every_refusal():
    assert read_refusal(b"no\0 way") == {"": ["no way"]}
    assert read_refusal(b"<html><title>Bad\0 gate</title>") == {"": ["Bad gate"]}
    assert read_refusal(b'{"note": ["a\\u0000b"]}') == {"note": ["ab"]}

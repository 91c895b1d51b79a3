"""What a write that does not succeed means: whether it may have happened is the whole point."""

import pytest

from quotes.covage import (
    CovageBusy,
    CovageError,
    CovageNotFound,
    CovageRefused,
    CovageUnavailable,
    CovageUnclear,
)
from tests.wire import CLOSE, RESET, Reply

ACCEPT = "/api/v1/quote_item/l1/accept/"
ORDER = {"product_order_id": "o1", "product_order_item_id": "i1"}


def failed(call, *args) -> CovageError:
    with pytest.raises(CovageError) as caught:
        call(*args)
    return caught.value


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400, json={"product_id": ["Unknown."]}), CovageRefused),
        (Reply(400, body="<html><title>Bad</title>"), CovageRefused),
        (Reply(400), CovageRefused),
        (Reply(401), CovageRefused),
        (Reply(403), CovageRefused),
        (Reply(404), CovageNotFound),
        (Reply(405), CovageRefused),
        (Reply(408), CovageUnclear),
        (Reply(409), CovageRefused),
        (Reply(410), CovageNotFound),
        (Reply(413), CovageRefused),
        (Reply(422), CovageRefused),
        (Reply(425), CovageUnclear),
        (Reply(429), CovageBusy),
        (Reply(500), CovageUnclear),
        (Reply(502, body="<html>"), CovageUnclear),
        (Reply(503, headers={"Retry-After": "9"}), CovageUnclear),
        (Reply(504), CovageUnclear),
        (Reply(301, headers={"Location": "/x"}), CovageUnclear),
        (Reply(303, headers={"Location": "http://[bad"}), CovageUnclear),
        (Reply(307, headers={"Location": "/x"}), CovageUnclear),
        (Reply(304), CovageUnclear),
        (Reply(200), CovageUnclear),
        (Reply(202), CovageUnclear),
        (Reply(204), CovageUnclear),
        (Reply(body="<html><title>Login</title>"), CovageUnclear),
        (Reply(body='{"product_order_id": "o1", "prod'), CovageUnclear),
        (Reply(json=["o1"]), CovageUnclear),
        (Reply(json={}), CovageUnclear),
        (Reply(json={**ORDER, "product_order_id": None}), CovageUnclear),
        (Reply(json={**ORDER, "product_order_id": ["o1"]}), CovageUnclear),
        (Reply(json={**ORDER, "product_order_item_id": ""}), CovageUnclear),
        (Reply(json=ORDER, cut=23), CovageUnclear),
        (Reply(json=ORDER, cut=23, reset=True), CovageUnclear),
        (Reply(json=ORDER, length=500), CovageUnclear),
        (Reply(json=ORDER, length=20), CovageUnclear),
        (CLOSE, CovageUnclear),
        (RESET, CovageUnclear),
        (Reply(raw=b"garbage\r\n\r\n"), CovageUnclear),
        (Reply(raw=b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"pro'), CovageUnclear),
        (Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000), CovageUnclear),
    ],
)
def test_an_accept_that_fails_is_sent_once(wire, client, reply, error):
    wire.on("PATCH", ACCEPT, reply)
    caught = failed(client.accept, "l1", "2173")
    assert type(caught) is error
    assert len(wire.seen) == 1
    assert caught.request_id == wire.last.headers["x-request-id"]


def test_the_ids_of_an_order_may_be_numbers(wire, client):
    wire.on("PATCH", ACCEPT, Reply(json={"product_order_id": 17, "product_order_item_id": 0}))
    accepted = client.accept("l1", "2173")
    assert (accepted.product_order_id, accepted.product_order_item_id) == ("17", "0")


def test_what_could_be_read_is_kept(wire, client):
    wire.on("PATCH", ACCEPT, Reply(json=ORDER, cut=23), Reply(json={"product_order_id": "o1"}), Reply(500, body="Oops"))
    cut, incomplete, broken = (failed(client.accept, "l1", "2173") for _ in range(3))
    assert cut.partial == '{"product_order_id": "o'
    assert incomplete.partial == {"product_order_id": "o1"}
    assert (broken.partial, broken.body) == (None, "Oops")
    assert (cut.status, incomplete.status, broken.status) == (200, 200, 500)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://operator.invalid", "nonsense"])
def test_a_write_that_reached_nobody_was_not_sent(client_for, address):
    assert type(failed(client_for(api_url=address).accept, "l1", "2173")) is CovageUnavailable


def writes(client):
    return {
        "create_basket": lambda: client.create_basket({}),
        "update_basket": lambda: client.update_basket("q1", {}),
        "confirm_basket": lambda: client.confirm_basket("q1"),
        "add_line": lambda: client.add_line("q1", {}),
        "update_line": lambda: client.update_line("q1", "l1", {}),
        "delete_line": lambda: client.delete_line("q1", "l1"),
        "upload_trace": lambda: client.upload_trace("q1", "l1", "t.kmz", b"PK"),
        "delete_trace": lambda: client.delete_trace("q1", "l1"),
        "accept": lambda: client.accept("l1", "2173"),
        "decline": lambda: client.decline("l1", "2173"),
        "restore": lambda: client.restore("l1", "2173"),
        "export_line_pdf": lambda: client.export_line_pdf("q1", "l1"),
        "export_offer_pdf": lambda: client.export_offer_pdf("q1", "l1", "2173"),
        "export_csv": lambda: client.export_csv({}),
    }


LINE = "/api/v1/quote/q1/quote_item/l1/"
ADDRESSES = {
    "create_basket": ("POST", "/api/v1/quote/"),
    "update_basket": ("PATCH", "/api/v1/quote/q1/"),
    "confirm_basket": ("PATCH", "/api/v1/quote/q1/confirm/"),
    "add_line": ("POST", "/api/v1/quote/q1/quote_item/"),
    "update_line": ("PATCH", LINE),
    "delete_line": ("DELETE", LINE),
    "upload_trace": ("POST", f"{LINE}trace/upload/"),
    "delete_trace": ("DELETE", f"{LINE}trace/"),
    "accept": ("PATCH", ACCEPT),
    "decline": ("PATCH", "/api/v1/quote_item/l1/decline/"),
    "restore": ("PATCH", "/api/v1/quote_item/l1/restore_price/"),
    "export_line_pdf": ("POST", f"{LINE}export/pdf/"),
    "export_offer_pdf": ("POST", f"{LINE}price/2173/export/pdf/"),
    "export_csv": ("POST", "/api/v1/quote_item/export/csv/"),
}
# The documented success of these is the status: their body only repeats what a read would tell.
STATUS_IS_ENOUGH = {"delete_line": None, "upload_trace": None, "delete_trace": ""}


def outcome(call):
    """What it returns, or the kind of its error."""
    try:
        return call()
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("reply", [CLOSE, RESET, Reply(500), Reply(302), Reply(body="<!DOCTYPE html>")])
def test_no_write_is_repeated_or_taken_for_done(wire, client, reply):
    found = {}
    for name, address in ADDRESSES.items():
        wire.on(*address, reply)
        before = len(wire.seen)
        found[name] = outcome(writes(client)[name]), len(wire.seen) - before
    assert found == dict.fromkeys(ADDRESSES, (CovageUnclear, 1))


@pytest.mark.parametrize("reply", [Reply(204), Reply(body="OK"), Reply(json=["x"]), Reply(json={"detail": None})])
def test_a_success_without_its_object(wire, client, reply):
    for address in ADDRESSES.values():
        wire.on(*address, reply)
    found = {name: outcome(writes(client)[name]) for name in ADDRESSES}
    assert found == dict.fromkeys(ADDRESSES, CovageUnclear) | STATUS_IS_ENOUGH


@pytest.mark.parametrize(
    "name", ["update_basket", "confirm_basket", "update_line", "delete_line", "upload_trace", "decline", "restore"]
)
def test_an_answer_about_another_object_is_unclear(wire, client, name):
    wire.on(*ADDRESSES[name], Reply(json={"id": "somebody-else", "state": "ready"}))
    caught = failed(writes(client)[name])
    assert (type(caught), caught.partial["id"]) == (CovageUnclear, "somebody-else")

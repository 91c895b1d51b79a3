"""What a read that does not succeed means to the caller, and what it costs the operator."""

import pytest

from quotes.covage import (
    CovageAuthFailed,
    CovageBadPayload,
    CovageError,
    CovageNotFound,
    CovageRefused,
    CovageUnavailable,
    CovageUnclear,
)
from tests.wire import CLOSE, RESET, Reply

BASKET = "/api/v1/quote/q1/"
GOOD = Reply(json={"id": "q1"})


def failed(client) -> CovageError:
    with pytest.raises(CovageError) as caught:
        client.get_basket("q1")
    return caught.value


@pytest.mark.parametrize(
    ("reply", "error", "requests"),
    [
        (Reply(400, json={"detail": "x"}), CovageRefused, 1),
        (Reply(401), CovageAuthFailed, 2),
        (Reply(403, json={"detail": "x"}), CovageRefused, 1),
        (Reply(404, json={"detail": "x"}), CovageNotFound, 1),
        (Reply(408), CovageUnavailable, 1),
        (Reply(409), CovageRefused, 1),
        (Reply(410), CovageNotFound, 1),
        (Reply(422), CovageRefused, 1),
        (Reply(425), CovageUnavailable, 1),
        (Reply(429), CovageUnavailable, 1),
        (Reply(500), CovageUnavailable, 1),
        (Reply(502), CovageUnavailable, 3),
        (Reply(503), CovageUnavailable, 3),
        (Reply(504, body="<html>"), CovageUnavailable, 3),
        (Reply(503, headers={"Retry-After": "5"}), CovageUnavailable, 1),
        (Reply(302, headers={"Location": "/elsewhere/"}), CovageBadPayload, 1),
        (Reply(304), CovageBadPayload, 1),
        (Reply(204), CovageBadPayload, 1),
        (Reply(200), CovageBadPayload, 1),
        (Reply(body="<html><title>Maintenance</title>"), CovageBadPayload, 1),
        (Reply(body="reference;state"), CovageBadPayload, 1),
        (Reply(json=["q1"]), CovageBadPayload, 1),
        (Reply(json="q1"), CovageBadPayload, 1),
        (Reply(json={}), CovageBadPayload, 1),
        (Reply(json={"id": None}), CovageBadPayload, 1),
        (Reply(json={"id": " "}), CovageBadPayload, 1),
        (Reply(json={"id": "another"}), CovageBadPayload, 1),
        (Reply(json={"id": "q1"}, cut=4), CovageUnavailable, 3),
        (Reply(json={"id": "q1"}, cut=4, reset=True), CovageUnavailable, 3),
        (Reply(json={"id": "q1"}, length=99), CovageUnavailable, 3),
        (CLOSE, CovageUnavailable, 3),
        (RESET, CovageUnavailable, 3),
        (Reply(raw=b"garbage\r\n\r\n"), CovageUnavailable, 3),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"), CovageUnavailable, 3),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000), CovageUnavailable, 3),
    ],
)
def test_a_read_that_fails(wire, client, reply, error, requests):
    wire.on("GET", BASKET, reply)
    caught = failed(client)
    assert type(caught) is error
    assert len(wire.seen) == requests
    assert not isinstance(caught, CovageUnclear)


@pytest.mark.parametrize("hiccup", [CLOSE, RESET, Reply(502), Reply(json={"id": "q1"}, cut=4)])
def test_a_read_survives_two_hiccups(wire, client, hiccup):
    wire.on("GET", BASKET, hiccup, hiccup, GOOD)
    assert client.get_basket("q1").id == "q1"
    assert {seen.headers["x-request-id"] for seen in wire.seen} == {client.last_request_id}


def test_a_read_survives_a_connection_that_was_closed_while_idle(wire, client):
    wire.on("GET", BASKET, Reply(json={"id": "q1"}, headers={"Connection": "keep-alive"}), CLOSE, GOOD)
    client.get_basket("q1")
    assert client.get_basket("q1").id == "q1"


def test_reads_share_a_connection_and_each_write_has_its_own(wire, client):
    wire.on("GET", BASKET, GOOD)
    wire.on("PATCH", BASKET, GOOD)
    client.get_basket("q1")
    client.update_basket("q1", {})
    client.get_basket("q1")
    client.update_basket("q1", {})
    read, write, read_again, write_again = (seen.connection for seen in wire.seen)
    assert read == read_again
    assert len({read, write, write_again}) == 3


def test_an_error_keeps_what_the_operator_said(wire, client):
    wire.on("GET", BASKET, Reply(500, body="Sorry, " + "é" * 100_000))
    error = failed(client)
    assert error.status == 500
    assert error.body.startswith("Sorry, éé")
    assert len(error.body) <= 64 * 1024


def test_nobody_listens(wire, client):
    wire.on("GET", BASKET, GOOD)
    client.get_basket("q1")
    client.close()
    wire.stop_listening()
    assert type(failed(client)) is CovageUnavailable


def test_the_name_of_the_operator_is_unknown(client_for, wire):
    client = client_for(api_url="http://operator.invalid")
    assert type(failed(client)) is CovageUnavailable


@pytest.mark.parametrize("url", ["http://", "nonsense", "http://[::1", "http://a b"])
def test_an_address_that_is_none_is_not_available(client_for, url):
    assert type(failed(client_for(api_url=url))) is CovageUnavailable

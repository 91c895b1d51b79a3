"""Nothing takes longer than it may, however the answer trickles in; and what was sent stays sent."""

import contextlib
import socket
import time

import pytest

from quotes.covage import CovageError, CovageUnavailable, CovageUnclear, MemoryTokens, Token
from tests.wire import HANG, TOKEN_PATH, Reply

BASKET = "/api/v1/quote/q1/"
CONFIRM = "/api/v1/quote/q1/confirm/"
SLOW = {
    "hang": HANG,
    "dripping body": Reply(json={"id": "q1"}, drip=0.1),
    "dripping head": Reply(json={"id": "q1"}, drip_headers=0.1),
    "dripping body without a length": Reply(json={"id": "q1"}, drip=0.1, no_length=True),
}


@pytest.fixture
def tokens():
    tokens = MemoryTokens()
    tokens.save(Token(access="a", expires_at=time.time() + 300))
    return tokens


def failed(call, *args) -> CovageError:
    with pytest.raises(CovageError) as caught:
        call(*args)
    return caught.value


@pytest.mark.parametrize("slow", SLOW)
def test_a_slow_read_is_cut_at_its_total_and_not_repeated(wire, client_for, tokens, slow):
    wire.on("GET", BASKET, SLOW[slow])
    assert type(failed(client_for(tokens=tokens, total_timeout=0.4).get_basket, "q1")) is CovageUnavailable
    assert len(wire.seen) == 1


@pytest.mark.parametrize("slow", SLOW)
def test_a_slow_write_is_cut_and_unclear(wire, client_for, tokens, slow):
    wire.on("PATCH", CONFIRM, SLOW[slow])
    assert type(failed(client_for(tokens=tokens, total_timeout=0.4).confirm_basket, "q1")) is CovageUnclear
    assert len(wire.seen) == 1


def test_an_answer_cut_in_its_middle_is_no_answer_even_when_it_can_be_read(wire, client_for, tokens):
    body = b'{"id": "q1"}' + b" " * 100
    wire.on("PATCH", CONFIRM, Reply(body=body, drip=0.03, no_length=True))
    error = failed(client_for(tokens=tokens, total_timeout=3).confirm_basket, "q1")
    assert (type(error), error.status) == (CovageUnclear, 200)
    assert error.partial.startswith('{"id": "q1"}')


def test_silence_ends_at_the_read_timeout(wire, client_for, tokens):
    wire.on("GET", BASKET, HANG)
    assert type(failed(client_for(tokens=tokens, read_timeout=0.2).get_basket, "q1")) is CovageUnavailable
    assert len(wire.seen) == 1


def test_a_tls_handshake_that_never_ends_leaves_the_write_unsent(wire, client_for, tokens):
    client = client_for(tokens=tokens, api_url=wire.url.replace("http", "https"), connect_timeout=0.2)
    assert type(failed(client.confirm_basket, "q1")) is CovageUnavailable


def test_a_connection_that_nobody_takes_leaves_the_write_unsent(client_for, tokens):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, contextlib.ExitStack() as stack:
        for _ in range(3):  # the kernel takes these, and drops the next
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        address = f"http://127.0.0.1:{full.getsockname()[1]}"
        client = client_for(tokens=tokens, api_url=address, connect_timeout=0.2)
        assert type(failed(client.confirm_basket, "q1")) is CovageUnavailable


def test_a_slow_token_leaves_the_write_unsent(wire, client_for):
    wire.on("POST", TOKEN_PATH, HANG)
    assert type(failed(client_for(total_timeout=0.4).confirm_basket, "q1")) is CovageUnavailable
    assert wire.seen == []


def test_the_patience_of_a_person_is_shared_by_all_calls(wire, client_for, tokens):
    client = client_for(tokens=tokens, within=0.4)
    wire.on("GET", BASKET, HANG)
    wire.on("PATCH", CONFIRM, Reply(json={"id": "q1"}))
    assert type(failed(client.get_basket, "q1")) is CovageUnavailable
    assert type(failed(client.confirm_basket, "q1")) is CovageUnavailable
    assert [seen.method for seen in wire.seen] == ["GET"]


def test_retries_end_with_the_patience(wire, client_for, tokens):
    wire.on("GET", BASKET, Reply(502))
    assert type(failed(client_for(tokens=tokens, within=0.01).get_basket, "q1")) is CovageUnavailable
    assert len(wire.seen) <= 2


def test_the_connection_is_good_for_the_next_call_after_a_quick_one(wire, client_for, tokens):
    wire.on("GET", BASKET, Reply(json={"id": "q1"}))
    client = client_for(tokens=tokens, total_timeout=0.3)
    client.get_basket("q1")
    time.sleep(0.5)  # the first call's watchdog must be gone
    client.get_basket("q1")
    assert len({seen.connection for seen in wire.seen}) == 1

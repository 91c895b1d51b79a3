"""Every request passes the gate, once in and once out."""

import time

import pytest

from quotes.covage import Call, CovageError, CovageUnavailable
from tests.wire import CLOSE, RESET, TOKEN_PATH, Reply

BASKET = "/api/v1/quote/q1/"


class Porter:
    """Notes who passes; holds back the kinds it was told to."""

    def __init__(self):
        self.entered: list[Call] = []
        self.left: list[tuple] = []
        self.closed_to: set[str] = set()
        self.wait = 0.0

    def enter(self, call):
        if call.kind in self.closed_to:
            raise CovageUnavailable("held back", retry_after=30)
        time.sleep(self.wait)
        self.entered.append(call)

    def leave(self, call, *, ok, status, retry_after):
        self.left.append((call.kind, ok, status, retry_after))


@pytest.fixture
def porter():
    return Porter()


def test_each_kind_of_call_is_named(wire, client_for, porter):
    wire.on("GET", BASKET, Reply(json={"id": "q1"}))
    wire.on("PATCH", BASKET, Reply(json={"id": "q1"}))
    wire.on("GET", "/api/v1/quote_item/export/t/download/", Reply(body=b"x"))
    client = client_for(gate=porter, urgent=True)
    client.get_basket("q1")
    client.update_basket("q1", {})
    client.download_export("t")
    assert porter.entered == [
        Call("POST", "token", "token", True),
        Call("GET", BASKET, "read", True),
        Call("PATCH", BASKET, "write", True),
        Call("GET", "/api/v1/quote_item/export/t/download/", "file", True),
    ]
    assert [kind for kind, *_ in porter.left] == ["token", "read", "write", "file"]


@pytest.mark.parametrize(
    ("reply", "learnt"),
    [
        (Reply(json={"id": "q1"}, headers={"Retry-After": "9"}), (True, 200, None)),
        (Reply(404), (True, 404, None)),
        (Reply(429, headers={"Retry-After": "9"}), (True, 429, 9)),
        (Reply(429), (True, 429, 0)),
        (Reply(500), (False, 500, None)),
        (Reply(503, headers={"Retry-After": "9"}), (False, 503, 9)),
        (CLOSE, (False, None, None)),
        (Reply(json={"id": "q1"}, cut=3), (False, None, None)),
    ],
)  # fmt: skip
def test_the_gate_learns_how_it_went(wire, client_for, porter, reply, learnt):
    wire.on("GET", BASKET, reply)
    try:
        client_for(gate=porter).get_basket("q1")
    except CovageError:
        pass
    assert porter.left[-1] == ("read", *learnt)


def test_an_answer_is_not_lost_when_the_gate_breaks(wire, client_for, porter):
    porter.leave = None  # not callable: raises
    wire.on(
        "PATCH", "/api/v1/quote_item/l1/accept/", Reply(json={"product_order_id": "o", "product_order_item_id": "i"})
    )
    assert client_for(gate=porter).accept("l1", "2173").product_order_id == "o"


def test_every_attempt_passes_the_gate(wire, client_for, porter):
    wire.on("GET", BASKET, RESET, Reply(502), Reply(json={"id": "q1"}))
    client_for(gate=porter).get_basket("q1")
    assert [(ok, status) for kind, ok, status, *_ in porter.left if kind == "read"] == [
        (False, None), (False, 502), (True, 200),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["token", "write"])
def test_what_is_held_back_was_not_sent_and_says_until_when(wire, client_for, porter, kind):
    porter.closed_to = {kind}
    with pytest.raises(CovageUnavailable) as caught:
        client_for(gate=porter).confirm_basket("q1")
    assert (caught.value.retry_after, wire.seen) == (30, [])
    assert len(porter.left) == len(porter.entered)


def test_a_read_that_is_held_back_is_not_tried_again(wire, client_for, porter):
    porter.closed_to = {"read"}
    with pytest.raises(CovageUnavailable):
        client_for(gate=porter).get_basket("q1")
    assert wire.seen == []


def test_a_wait_at_the_gate_is_not_taken_from_the_call(wire, client_for, porter):
    porter.wait = 0.4
    wire.on("GET", BASKET, Reply(json={"id": "q1"}))
    wire.on("POST", TOKEN_PATH, wire.grant)
    assert client_for(gate=porter, total_timeout=0.3).get_basket("q1").id == "q1"


def test_a_wait_at_the_gate_is_taken_from_the_patience_of_a_person(wire, client_for, porter):
    porter.wait = 0.4
    with pytest.raises(CovageUnavailable):
        client_for(gate=porter, within=0.3).get_basket("q1")
    assert wire.seen == []

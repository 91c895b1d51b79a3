"""Bodies made to hurt: too big, too deep, packed, doubled, or no numbers at all."""

import gzip
import zlib
from decimal import Decimal

import pytest

from quotes.covage import CovageBadPayload, CovageUnclear
from quotes.covage.payloads import Unreadable
from quotes.covage.reading import read_json
from tests.wire import Reply

BASKET = "/api/v1/quote/q1/"
CONFIRM = "/api/v1/quote/q1/confirm/"
DOWNLOAD = "/api/v1/quote_item/export/t/download/"
MIB = 1024 * 1024


def packed(size: int, start: bytes = b"") -> bytes:
    return gzip.compress(start + b" " * size)


HOSTILE = {
    "too big": Reply(body=b'{"id": "q1", "x": "' + b"x" * 5 * MIB + b'"}'),
    "gzip bomb": Reply(body=packed(50 * MIB), headers={"Content-Encoding": "gzip"}),
    "broken gzip": Reply(body=b"\x1f\x8b nonsense", headers={"Content-Encoding": "gzip"}),
    "unknown packing": Reply(body=b"\x00", headers={"Content-Encoding": "br"}),
    "too deep for Python": Reply(body=b"[" * 100_000),
    "deep": Reply(body=b'{"id": "q1", "x": ' + b"[" * 200 + b"]" * 200 + b"}"),
    "NaN": Reply(body='{"id": "q1", "price": NaN}'),
    "Infinity": Reply(body='{"id": "q1", "price": -Infinity}'),
    "a key twice": Reply(body='{"id": "q1", "state": "ready", "state": "accepted"}'),
    "a number of 5000 digits": Reply(body='{"id": "q1", "n": ' + "9" * 5000 + "}"),
    "not UTF-8": Reply(body=b'{"id": "q1", "x": "\xff"}'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_read_refuses_it(wire, client, name):
    wire.on("GET", BASKET, HOSTILE[name])
    with pytest.raises(CovageBadPayload):
        client.get_basket("q1")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_write_is_unclear(wire, client, name):
    wire.on("PATCH", CONFIRM, HOSTILE[name])
    with pytest.raises(CovageUnclear):
        client.confirm_basket("q1")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"x" * (25 * MIB + 1)),
        Reply(body=packed(26 * MIB), headers={"Content-Encoding": "gzip"}),
        Reply(body=b""),
        Reply(204),
        Reply(body="<!doctype html><title>Login</title>", headers={"Content-Type": "application/pdf"}),
    ],
    ids=["too big", "gzip bomb", "empty", "no content", "a page"],
)
def test_a_download_refuses_what_is_no_file(wire, client, reply):
    wire.on("GET", DOWNLOAD, reply)
    with pytest.raises(CovageBadPayload):
        client.download_export("t")


def test_a_file_of_25_mib_passes_untouched(wire, client):
    data = bytes(range(256)) * (25 * MIB // 256)
    wire.on("GET", DOWNLOAD, Reply(body=data))
    assert client.download_export("t").data == data


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_an_honest_packed_answer_is_read(wire, client, pack):
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate"}[pack]
    wire.on("GET", BASKET, Reply(body=pack(b'{"id": "q1"}'), headers={"Content-Encoding": encoding}))
    assert client.get_basket("q1").id == "q1"


def test_a_redirect_with_a_bomb_is_not_unpacked(wire, client):
    headers = {"Location": "/x/", "Content-Encoding": "gzip"}
    wire.on("PATCH", CONFIRM, Reply(302, body=packed(50 * MIB), headers=headers))
    with pytest.raises(CovageUnclear) as caught:
        client.confirm_basket("q1")
    assert len(caught.value.body) <= 64 * 1024


def test_numbers_are_never_floats():
    assert read_json(b'{"a": 119.90, "b": 7, "c": 1e400}') == {"a": Decimal("119.90"), "b": 7, "c": Decimal("1e400")}
    assert isinstance(read_json(b"0.1"), Decimal)


def test_what_no_database_keeps_is_taken_out():
    assert read_json(rb'{"a\u0000": ["x\u0000y", "\ud800z", "\u00e9\ud83d\ude00"]}') == {"a": ["xy", "?z", "é😀"]}


def test_a_byte_order_mark_is_no_matter():
    assert read_json(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize("body", [b"", b"{", b"{} {}", b"nope", b'{"a": 1,}'])
def test_no_json(body):
    with pytest.raises(Unreadable):
        read_json(body)

"""Reading a body: JSON without floats and without surprises, and the operator's words of refusal in any shape."""

import html
import json
import re
from decimal import Decimal

from quotes.covage.payloads import Unreadable
from quotes.covage.values import as_text

DEEPEST = 100
MESSAGES_KEPT = 100
MESSAGE_LENGTH = 500

_WHOLE = ("detail", "non_field_errors", "__all__", "error_description", "message", "msg", "reason", "error")
_ENVELOPES = ("errors", "details")
_FIELD = ("field", "propertyPath", "property", "attribute", "param", "parameter", "name", "loc")
_NOISE = (*_WHOLE, *_ENVELOPES, "code", "status", "title", "type", "instance", "timestamp", "path")
_NOISE += ("referenceError", "apirequest_uuid")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.I | re.S)


def read_json(body: bytes) -> object:
    """Numbers as int and Decimal; no NaN, no doubled keys, no NUL, no lone surrogates. Raises Unreadable."""
    try:
        parsed = json.loads(
            body.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_doubles,
        )
        return _tidy(parsed, 0)
    except Unreadable:
        raise
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable("no readable JSON") from error


def is_html(body: bytes) -> bool:
    return body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def read_refusal(body: bytes) -> dict[str, list[str]]:
    """The messages of an error body by field, "" for the whole; {} when it says nothing."""
    text = _clean(body.decode("utf-8", "replace")).strip()
    if not text:
        return {}
    if is_html(body):
        return _whole(_title(text))
    try:
        parsed = read_json(body)
    except Unreadable:
        return _whole(text)
    found: list[tuple[str, str]] = []
    _collect(parsed, "", found)
    return _grouped(found)


def _refuse_constant(name: str):
    raise Unreadable(f"{name} is no number")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a key stands twice in one object")
    return found


def _tidy(node: object, depth: int) -> object:
    if depth > DEEPEST:
        raise Unreadable("nested too deep")
    if isinstance(node, dict):
        return {_clean(key): _tidy(value, depth + 1) for key, value in node.items()}
    if isinstance(node, list):
        return [_tidy(item, depth + 1) for item in node]
    return _clean(node) if isinstance(node, str) else node


def _clean(text: str) -> str:
    """Without what no database keeps: NUL and halves of surrogate pairs."""
    return text if text.isascii() and "\0" not in text else text.replace("\0", "").encode("utf-8", "replace").decode()


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return html.unescape(re.sub(r"\s+", " ", found[1] if found else "")).strip()


def _whole(text: str) -> dict[str, list[str]]:
    return {"": [text[:MESSAGE_LENGTH]]} if text else {}


def _grouped(found: list[tuple[str, str]]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for key, message in found[:MESSAGES_KEPT]:
        messages = errors.setdefault(key, [])
        if message and message not in messages:
            messages.append(message[:MESSAGE_LENGTH])
    return {key: messages for key, messages in errors.items() if messages}


def _collect(node: object, key: str, found: list[tuple[str, str]]) -> None:
    if isinstance(node, dict):
        _collect_object(node, key, found)
    elif isinstance(node, list):
        for position, item in enumerate(node):
            # DRF answers for an array with one object per element, {} for a good one.
            inside = isinstance(item, dict) and key and not _is_message(item)
            _collect(item, f"{key}.{position}" if inside else key, found)
    elif node is not None:
        found.append((key, as_text(node)))


def _collect_object(node: dict, key: str, found: list[tuple[str, str]]) -> None:
    naming = _naming(node) if _is_message(node) else ""
    if naming:
        key = _named_field(node[naming]) or key
    for name in (*_WHOLE, *_ENVELOPES):
        _collect(node.get(name), key, found)
    ignored = _NOISE if _is_message(node) or not node.keys().isdisjoint((*_WHOLE[:1], *_ENVELOPES)) else _WHOLE
    for name, inner in node.items():
        if name not in ignored and name != naming:
            _collect(inner, f"{key}.{name}" if key else name, found)


def _is_message(node: dict) -> bool:
    return any(isinstance(node.get(name), str) for name in ("message", "msg", "reason", "error", "detail", "field"))


def _naming(node: dict) -> str:
    """The key under which a message names its field: a text, or the way to it as a list; "" when it names none."""
    texts = (name for name in _FIELD if isinstance(node.get(name), list if name == "loc" else str))
    return next((name for name in texts if node[name]), "")


def _named_field(named: str | list) -> str:
    """`note` of "note", of `$.quoteItem[0].note` all of it, of ["body", "note"] the part behind the body."""
    parts = named if isinstance(named, list) else re.findall(r"\w+", named)
    return ".".join(str(part) for part in parts if part != "body")

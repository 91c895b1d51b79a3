"""The priced offers of a line, out of `prices` in any shape: one Offer a product.

Seen as possible: a list of objects, an object keyed by product id, either nested in other objects, objects by kind of
price that are keyed by product id, bare numbers, and several elements for one product. What names no product is kept
under the product id "".
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.covage import words
from quotes.covage.amounts import DEEPEST, Amount, PriceView, read_price
from quotes.covage.numbers import canonical, currency_in, number
from quotes.covage.values import as_identity, as_text

__all__ = ["Amount", "Offer", "PriceView", "fingerprint", "offering", "read_offers", "read_price"]

_LABELS = ("product_name", "product_label", "offer_name", "label", "name", "description")
_VOLATILE = ("modification_date", "updated_at", "last_update")  # they change without the price


@dataclass(frozen=True)
class Offer:
    """A product offering with its price. `raw` is its element of `prices`, or the list of its elements."""

    product_id: str
    label: str = ""
    state: str = ""
    raw: object = None


def read_offers(prices: object, offerings: list[tuple[str, str]]) -> list[Offer]:
    """The offers in the order received. `offerings`: (id, label) of the line's product offerings."""
    labels = dict(offerings)
    found = list(_elements(prices, set(labels), 0))
    grouped: dict[str, list] = {}
    for product_id, element in found:
        grouped.setdefault(product_id or _guessed(element, list(labels), len(found)), []).append(element)
    return [_offer(product_id, elements, labels.get(product_id, "")) for product_id, elements in grouped.items()]


def offering(item: object) -> tuple[str, str]:
    """(id, label) of one entry of `product_offerings`, text or object; ("", "") when it names none."""
    if not isinstance(item, dict):
        return as_identity(item), ""
    ids = (as_identity(item.get(key)) for key in ("product_id", "product_offering_id", "id"))
    return next(filter(None, ids), "") or _product(item), _label(item, _LABELS[3:])


def fingerprint(element: object) -> str:
    """sha256 over what a price says: the same for 119.9 and "119,90", for other states and for other key order."""
    text = json.dumps(_normal(element, 0), sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _offer(product_id: str, elements: list, known_label: str) -> Offer:
    objects = [element for element in elements if isinstance(element, dict)]
    labels = [_product_label(element) for element in objects] + [known_label]
    labels += [_label(element, _LABELS) for element in objects]
    states = [as_text(element.get(key)) for element in objects for key in ("state", "status")]
    raw = elements[0] if len(elements) == 1 else elements
    return Offer(product_id, next(filter(None, labels), ""), next(filter(None, states), ""), raw)


def _guessed(element: object, known: list[str], count: int) -> str:
    """The product of an element that names none: one of the line's by any value, the only one, else its own `id`."""
    values = {as_identity(value) for value in element.values()} if isinstance(element, dict) else set()
    named = [product_id for product_id in known if product_id in values]
    own_id = as_identity(element.get("id")) if isinstance(element, dict) else ""
    if len(named) == 1:
        return named[0]
    return known[0] if len(known) == 1 and (count == 1 or not own_id) else own_id


def _elements(node: object, known: set[str], depth: int) -> Iterator[tuple[str, object]]:
    """(product id, element) of everything priced in `node`; the id is "" when none is named."""
    if isinstance(node, list):
        for item in node:
            yield from _elements(item, known, depth)
    elif not isinstance(node, dict):
        if number(node) is not None:
            yield "", {"prices": node}
    elif node:
        yield from _of_object(node, known, depth)


def _of_object(node: dict, known: set[str], depth: int) -> Iterator[tuple[str, object]]:
    product_id = _product(node)
    if product_id or depth > DEEPEST:
        yield product_id, node
    elif any(_names_product(value, depth + 1) for value in node.values()):
        shared = {key: value for key, value in node.items() if words.is_currency(key) and isinstance(value, str)}
        for value in node.values():
            if isinstance(value, dict | list):
                yield from ((found, _with(shared, item)) for found, item in _elements(value, known, depth + 1))
    elif tables := [key for key, value in node.items() if isinstance(value, dict) and value and value.keys() <= known]:
        yield from _turned(node, tables)
    elif _is_keyed(node, known):
        yield from _keyed(node)
    elif _is_wrapper(node):
        yield from _elements(next(iter(node.values())), known, depth + 1)
    else:
        yield "", node


def _keyed(node: dict) -> Iterator[tuple[str, object]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield key, value
        elif isinstance(value, list):
            yield from ((key, item) for item in value)
        elif value is not None:
            yield key, {key: value}


def _turned(node: dict, tables: list[str]) -> Iterator[tuple[str, object]]:
    """`{"monthly": {"2173": 119}, "fas": {"2173": 500}}`: the product below what is priced; the rest is for all."""
    shared = {key: value for key, value in node.items() if key not in tables}
    for product_id in dict.fromkeys(product_id for table in tables for product_id in node[table]):
        own = {table: node[table][product_id] for table in tables if product_id in node[table]}
        yield product_id, {**shared, **own}


def _with(shared: dict, element: object) -> object:
    return {**shared, **element} if isinstance(element, dict) else element


def _product(node: dict) -> str:
    """The product id that an object names: `product_id` and its like, or a nested `product: {id}`."""
    for key, value in node.items():
        if words.is_product(key) and as_identity(value):
            return as_identity(value)
    for key, value in node.items():
        if not words.is_product_object(key):
            continue
        found = as_identity(value.get("id") or _product(value)) if isinstance(value, dict) else _bare_id(value)
        if found:
            return found
    return ""


def _bare_id(value: object) -> str:
    """Of `product: …` without an object: with a blank in it, it is the product's name."""
    found = as_identity(value)
    return "" if " " in found else found


def _names_product(node: object, depth: int) -> bool:
    if depth > DEEPEST:
        return False
    if isinstance(node, dict):
        return bool(_product(node)) or any(_names_product(value, depth + 1) for value in node.values())
    return isinstance(node, list) and any(_names_product(item, depth + 1) for item in node)


def _is_keyed(node: dict, known: set[str]) -> bool:
    """The keys are product ids: those of the line, or at least no words of a price, over something priced."""
    if known & node.keys():
        return True
    return all(
        as_identity(key) and not words.is_vocabulary(key) and _can_be_price(key, value) for key, value in node.items()
    )


def _can_be_price(key: str, value: object) -> bool:
    has_digit = any(map(str.isdigit, key))
    return (isinstance(value, dict) and bool(value)) or (
        has_digit and (isinstance(value, list) or number(value) is not None)
    )


def _is_wrapper(node: dict) -> bool:
    return len(node) == 1 and isinstance(next(iter(node.values())), list)


def _product_label(node: dict) -> str:
    nested = [value for key, value in node.items() if words.is_product_object(key)]
    names = [_label(value, _LABELS) for value in nested if isinstance(value, dict)]
    return next(filter(None, names), "") or _label(node, _LABELS[:3])


def _label(node: dict, keys: tuple[str, ...]) -> str:
    return next((node[key] for key in keys if isinstance(node.get(key), str) and node[key]), "")


def _normal(node: object, depth: int) -> object:
    if isinstance(node, dict) and depth < DEEPEST:
        inner = {key: _normal(value, depth + 1) for key, value in node.items() if not _is_aside(key)}
        return {key: value for key, value in inner.items() if value not in ("", {}, [])}
    if isinstance(node, list) and depth < DEEPEST:
        inner = [_normal(item, depth + 1) for item in node]
        # Objects in a list may come in any order; bare values may have a meaning by their place.
        return sorted(inner, key=json.dumps) if all(isinstance(item, dict) for item in node) else inner
    value = number(node)
    return as_text(node).strip() if value is None else f"{canonical(value)}{currency_in(node)}"


def _is_aside(key: str) -> bool:
    return words.is_state(key) or key in _VOLATILE

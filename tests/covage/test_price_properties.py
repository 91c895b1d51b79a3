"""Whatever JSON comes as a price: no error, no float, nothing lost, the same answer twice."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quotes.covage import Line, fingerprint, read_offers, read_price
from quotes.covage.numbers import number
from quotes.covage.reading import read_json

KEYS = st.sampled_from([
    "product_id", "product", "id", "name", "state", "price", "monthly", "fas", "value", "unit", "currency", "amount",
    "priceType", "commitment", "bandwidth", "gtr", "delivery", "validity_date", "2173", "", "é", "a.b",
])  # fmt: skip
NUMBERS = st.one_of(
    st.integers(),
    st.decimals(),
    st.floats(),
    st.from_regex(r"\A-?[0-9 ]{1,6}([.,][0-9]{1,3})?( ?€| EUR)?\Z"),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.text(max_size=8), st.sampled_from(["EUR", "month", "36 mois"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=6), inner, max_size=5),
    max_leaves=25,
)


def leaves(node):
    if isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from leaves(item)
    else:
        yield node


@given(JSON)
def test_reading_a_price_never_fails_and_never_gives_a_float(element):
    view = read_price(element)
    numbers = [amount.value for amount in view.amounts] + [view.commitment, view.total]
    assert all(value is None or (type(value) is Decimal and value.is_finite()) for value in numbers)
    assert all(type(value) in (str, int, bool, Decimal) for _, value in view.rest)
    assert {type(view.bandwidth), type(view.gtr), type(view.delivery), type(view.valid_until)} <= {str, type(None)}
    assert all(amount in view.amounts for amount in (view.monthly, view.one_off) if amount)


@given(JSON)
def test_every_amount_was_received(element):
    received = {number(leaf) for leaf in leaves(element)}
    assert all(amount.value in received for amount in read_price(element).amounts)


@given(JSON)
def test_reading_offers_never_fails_and_names_each_product_once(prices):
    offers = read_offers(prices, [("2173", "Gold")])
    ids = [offer.product_id for offer in offers]
    assert len(ids) == len(set(ids))
    assert all(isinstance(text, str) for offer in offers for text in (offer.product_id, offer.label, offer.state))


@given(JSON)
def test_a_fingerprint_is_the_same_after_storing(element):
    stored = json.loads(json.dumps(element, default=str).encode("utf-8", "replace"))
    if not any(isinstance(leaf, float) for leaf in leaves(element)):
        assert fingerprint(stored) == fingerprint(element)


@given(st.dictionaries(st.sampled_from([*Line.model_fields, "quote", "extra"]), JSON))
def test_a_line_is_read_whatever_its_fields_hold(fields):
    line = Line.read({**fields, "id": "l1"})
    assert isinstance(line.offers, list) and isinstance(line.offerings, list) and isinstance(line.site, str)
    assert isinstance(line.note, str) and isinstance(line.option_ids, list) and isinstance(line.basket_id, str)


@given(JSON.filter(lambda value: all(not isinstance(leaf, float | Decimal) for leaf in leaves(value))))
def test_what_the_reader_of_json_lets_through_holds_no_float(value):
    read = read_json(json.dumps(value).encode())
    assert not any(isinstance(leaf, float) for leaf in leaves(read))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=4))
def test_a_number_reads_the_same_in_every_way_of_writing(value):
    plain = f"{value:f}"
    assert number(value) == number(plain) == number(plain.replace(".", ",")) == number(f"{plain} €")


def test_nesting_beyond_reason_is_kept_and_costs_nothing():
    deep = 5
    for _ in range(500):
        deep = {"price": [deep]}
    assert read_price(deep).amounts == []
    assert len(read_offers(deep, [])) <= 1
    assert fingerprint(deep)

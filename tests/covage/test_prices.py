"""Prices in the shapes that an undocumented `prices` may have."""

import json
from decimal import Decimal

import pytest

from quotes.covage import Line, fingerprint, read_offers, read_price

D = Decimal


def offers(prices, offerings=()):
    return read_offers(prices, list(offerings))


def ids(prices, offerings=()):
    return [offer.product_id for offer in offers(prices, offerings)]


def amounts(view):
    return {amount.key: amount.value for amount in view.amounts}


FLAT = {
    "product_id": "2173",
    "name": "Fibre 100M",
    "state": "ready",
    "monthly_fee": "119,90",
    "fas": D("500.00"),
    "commitment": 36,
    "currency": "EUR",
}
NESTED = {
    "product": {"id": 2173, "name": "Fibre 100M"},
    "status": "ready",
    "recurring": {"value": "119.90", "unit": "EUR"},
    "non_recurring": {"amount": 500, "currency": "EUR"},
    "engagement": "36 mois",
}
TM_FORUM = [
    {
        "product_offering_id": "2173",
        "name": "Fibre 100M",
        "state": "ready",
        "priceType": "recurring",
        "recurringChargePeriod": "month",
        "price": {
            "dutyFreeAmount": {"value": D("119.9"), "unit": "EUR"},
            "taxIncludedAmount": {"value": D("143.88"), "unit": "EUR"},
            "taxRate": 20,
        },
    },
    {
        "product_offering_id": "2173",
        "priceType": "oneTime",
        "price": {"dutyFreeAmount": {"value": 500, "unit": "EUR"}},
        "commitment": {"value": 3, "unit": "years"},
    },
]
KEYED = {"2173": {"label": "Fibre 100M", "state": "ready", "abonnement": "119.90 €", "setup": "500 €", "term": "P36M"}}
DEEP = {
    "currency": "EUR",
    "zones": [
        {
            "zone": "Z1",
            "offers": [
                {
                    "offering": {"id": "2173", "label": "Fibre 100M"},
                    "state": {"code": "ready"},
                    "tariff": {
                        "lines": [{"type": "monthly", "amount": "119,90"}, {"type": "setup", "amount": "500,00"}],
                        "contract_term": "36_months",
                    },
                }
            ],
        }
    ],
}


@pytest.mark.parametrize(
    "prices", [[FLAT], [NESTED], TM_FORUM, KEYED, DEEP], ids=["flat", "nested", "TMF", "keyed", "deep"]
)
def test_the_same_offer_in_five_shapes(prices):
    (offer,) = offers(prices)
    view = read_price(offer.raw)
    assert (offer.product_id, offer.label, offer.state) == ("2173", "Fibre 100M", "ready")
    assert (view.monthly.value, view.one_off.value, view.commitment) == (D("119.90"), 500, 36)
    assert {view.monthly.currency, view.one_off.currency} <= {"EUR", "€"}
    assert view.total == D("119.90") * 36 + 500


@pytest.mark.parametrize(
    ("raw", "keys"),
    [
        (FLAT, {"monthly_fee": D("119.90"), "fas": D("500")}),
        (NESTED, {"recurring.value": D("119.90"), "non_recurring.amount": D("500")}),
        ({"prices": [{"amount": {"value": "1"}}]}, {"prices.0.amount.value": D(1)}),
        ({"2173": "99,00"}, {"2173": D(99)}),
        ({"2173": "99"}, {"2173": D(99)}),
        (TM_FORUM, {
            "0.price.dutyFreeAmount.value": D("119.9"),
            "0.price.taxIncludedAmount.value": D("143.88"),
            "1.price.dutyFreeAmount.value": D(500),
        }),
    ],
)  # fmt: skip
def test_every_amount_keeps_the_key_of_the_operator(raw, keys):
    assert amounts(read_price(raw)) == keys


@pytest.mark.parametrize(
    ("prices", "offerings", "found"),
    [
        ([{"product_id": "1", "price": 5}, {"product_id": 2, "price": 6}], [], ["1", "2"]),
        ([{"product_id": "1", "price": 5}, {"product_id": "2"}, {"product_id": "1", "price": 7}], [], ["1", "2"]),
        ([{"product_offering_id": "1"}, {"productOfferingId": "2"}, {"offer_id": "3"}], [], ["1", "2", "3"]),
        ([{"product": "1"}, {"offering": {"product_id": "2"}}], [], ["1", "2"]),
        ([{"id": "77", "product_id": "1"}], [], ["1"]),
        ([{"id": "77", "price": 5}], [], ["77"]),
        ([{"id": "77", "price": 5}], [("2173", "")], ["2173"]),
        ([{"id": "77", "price": 5}, {"id": "78", "price": 6}], [("2173", "")], ["77", "78"]),
        ([{"id": "77", "code": "2", "price": 5}, {"id": "78", "code": 1}], [("1", ""), ("2", "")], ["2", "1"]),
        ([{"productOffering": {"id": "1"}, "price": 5}], [], ["1"]),
        ([{"product": {"id": "gold 1"}, "price": 5}], [], ["gold 1"]),
        ([{"product": "Fibre 100M", "price": 5}], [("1", "")], ["1"]),
        ({"2173": 5, "2174": "6,00"}, [], ["2173", "2174"]),
        ({"2173": {"price": 5}, "2174": {"price": 6}}, [], ["2173", "2174"]),
        ({"gold": {"price": 5}, "silver": {"price": 6}}, [], ["gold", "silver"]),
        ({"gold": 5, "silver": 6}, [("gold", ""), ("silver", "")], ["gold", "silver"]),
        ({"2173": [{"price": 5}, {"price": 6}]}, [], ["2173"]),
        ({"results": [{"product_id": "1", "price": 5}]}, [], ["1"]),
        ({"results": [{"id": "1", "price": 5}]}, [], ["1"]),
        ({"product_id": "1", "price": 5}, [], ["1"]),
        ({"monthly": 5, "fas": 6}, [("2173", "")], ["2173"]),
        ({"monthly": 5, "fas": 6}, [("1", ""), ("2", "")], [""]),
        ([{"monthly": 5}], [("2173", "")], ["2173"]),
        ([5], [("2173", "")], ["2173"]),
        (119, [], [""]),
        ("119,90", [], [""]),
        ([], [("1", "")], []),
        ({}, [("1", "")], []),
        (None, [], []),
        ("on request", [], []),
        ([None, "x", True], [], []),
    ],
)
def test_which_product_a_price_belongs_to(prices, offerings, found):
    assert ids(prices, offerings) == found


def test_several_elements_of_one_product_are_one_offer():
    (offer,) = offers(TM_FORUM)
    assert offer.raw == TM_FORUM


def test_the_label_of_the_line_stands_in_and_that_of_the_product_comes_first():
    known = [("1", "From the line")]
    assert offers([{"product_id": "1", "price": 5}], known)[0].label == "From the line"
    assert offers([{"product_id": "1", "name": "Monthly fee", "price": 5}], known)[0].label == "From the line"
    assert offers([{"product_id": "1", "product_name": "Gold", "price": 5}], known)[0].label == "Gold"
    assert offers([{"product": {"id": "1", "name": "Gold"}, "price": 5}], known)[0].label == "Gold"


@pytest.mark.parametrize(
    ("element", "state"),
    [
        ({"state": "ready"}, "ready"), ({"status": "refused"}, "refused"), ({"state": {"code": "x"}}, "x"),
        ({"state": None, "status": "accepted"}, "accepted"), ({"state": "brand_new"}, "brand_new"), ({}, ""),
    ],
)  # fmt: skip
def test_the_state_of_an_offer_as_received(element, state):
    assert offers([{"product_id": "1", "price": 5, **element}])[0].state == state


@pytest.mark.parametrize(
    ("element", "monthly", "one_off"),
    [
        ({"mrc": 5, "nrc": 6}, 5, 6),
        ({"monthlyPrice": 5, "setupFee": 6}, 5, 6),
        ({"abonnement_mensuel": "5", "frais_acces": "6"}, 5, 6),
        ({"recurring_charge": {"amount": 5}, "one_time_charge": {"amount": 6}}, 5, 6),
        ({"subscription": 5, "installation": 6}, 5, 6),
        ({"monthly": {"ht": 5, "ttc": 6}}, 5, None),
        ({"monthly": {"price_excl_tax": 5, "price_incl_tax": 6, "tax_amount": 1}}, 5, None),
        ({"monthly": {"ttc": 6}}, None, None),
        ({"monthly": 5, "monthly_before_discount": 9, "monthly_discount": 4}, 5, None),
        ({"monthly": 5, "monthly_price": "5,00"}, 5, None),
        ({"monthly": 5, "monthly_original": 9}, 5, None),
        ({"monthly": 5, "subscription": 6}, None, None),
        ({"annual_recurring": 60}, None, None),
        ({"recurring": {"period": "year", "amount": 60}}, None, None),
        ({"priceType": "recurring", "recurringChargePeriod": "year", "price": 60}, None, None),
        ({"price": {"value": 5, "unit": "EUR/month"}}, 5, None),
        ({"period": "month", "price": 5, "setup_fee": 6}, 5, 6),
        ({"price": 5}, None, None),
        ({"monthly": "on request", "fas": None}, None, None),
        ({"monthly": True}, None, None),
        ({"monthly_commitment": 36}, None, None),
    ],
)
def test_what_is_monthly_and_what_is_paid_once(element, monthly, one_off):
    view = read_price(element)
    assert (view.monthly and view.monthly.value, view.one_off and view.one_off.value) == (monthly, one_off)


@pytest.mark.parametrize(
    ("element", "months"),
    [
        ({"commitment": 36}, 36), ({"commitment": "36"}, 36), ({"engagement": "36 mois"}, 36),
        ({"commitment_months": "24"}, 24), ({"commitment": "3 ans"}, 36),
        ({"commitment": {"value": 1, "unit": "year"}}, 12),
        ({"contract_term": "12_months"}, 12), ({"term": "P24M"}, 24), ({"term": "P2Y"}, 24),
        ({"commitment": "90 days"}, None), ({"commitment": {"min": 12, "max": 36}}, None), ({"commitment": ""}, None),
        ({"commitment_fee": 36}, None), ([{"commitment": 12}, {"commitment": 36}], None),
        ([{"commitment": 12}, {"commitment": "12 mois"}], 12),
    ],
)  # fmt: skip
def test_the_commitment_in_months(element, months):
    assert read_price(element).commitment == months


@pytest.mark.parametrize(
    ("element", "name", "text"),
    [
        ({"bandwidth": "100M"}, "bandwidth", "100M"),
        ({"debit": {"value": 100, "unit": "Mbps"}}, "bandwidth", "100 Mbps"),
        ({"bandwidth": {"amount": 100, "units": "Mbps"}}, "bandwidth", "100 Mbps"),
        ({"bandwidth_mbps": 100}, "bandwidth", "100 mbps"),
        ({"gtr": "4h 24/7"}, "gtr", "4h 24/7"),
        ({"grt": "4h_24_7"}, "gtr", "4h_24_7"),
        ({"delivery_weeks": 8}, "delivery", "8 weeks"),
        ({"delai_livraison": "8 semaines"}, "delivery", "8 semaines"),
        ({"validity_date": "2026-10-10"}, "valid_until", "2026-10-10"),
        ({"valid_from": "2026-01-01", "valid_until": "2026-10-10"}, "valid_until", "2026-10-10"),
        ({"validFor": {"startDateTime": "2026-01-01", "endDateTime": "2026-10-10"}}, "valid_until", "2026-10-10"),
        ({"bandwidth": {"down": 1000, "up": 500}}, "bandwidth", None),
        ({"delivery_fee": 50}, "delivery", None),
        ({"delivery_id": 50}, "delivery", None),
        ({"price": 5}, "gtr", None),
    ],
)
def test_the_facts_beside_the_money(element, name, text):
    assert getattr(read_price(element), name) == text


def test_what_is_not_recognised_is_shown_as_received():
    element = {
        "product_id": "1", "state": "ready", "zone": "3", "option": {"code": "A", "free": True}, "tax_rate": D("20"),
        "contention": 8, "commitment": "90 days", "note": "", "price": 5,
    }  # fmt: skip
    view = read_price(element)
    assert dict(view.rest) == {
        "zone": "3", "option.code": "A", "option.free": True, "tax_rate": 20, "commitment": "90 days",
    }  # fmt: skip
    assert amounts(view) == {"contention": 8, "price": 5}


@pytest.mark.parametrize(
    ("element", "units"),
    [
        ({"monthly": 5}, [""]),
        ({"monthly": 5, "currency": "EUR"}, ["EUR"]),
        ({"monthly": {"value": 5, "unit": "EUR/month"}}, ["EUR/month"]),
        ({"monthly": "5,00 €"}, ["€"]),
        ({"monthly": "5 EUR"}, ["EUR"]),
        ({"monthly": 5, "bandwidth": "x", "unit": "Mbps"}, [""]),
        ({"contention": 8, "currency": "EUR"}, [""]),
        ({"monthly": 5, "currency": None}, [""]),
    ],
)
def test_no_currency_that_was_not_received(element, units):
    assert [amount.unit for amount in read_price(element).amounts] == units


@pytest.mark.parametrize(
    "element",
    [
        {"monthly": 5, "fas": 6},
        {"monthly": 5, "commitment": 36},
        {"fas": 6, "commitment": 36},
        {"price": 5, "fee": 6, "commitment": 36},
        {"monthly": {"value": 5, "unit": "EUR"}, "fas": {"value": 6, "unit": "USD"}, "commitment": 36},
    ],
)
def test_no_total_of_what_was_not_recognised(element):
    assert read_price(element).total is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("119.90", "119.90"), ("119,90", "119.90"), ("1 234,56", "1234.56"), ("1\u202f234\u00a0567,8", "1234567.8"),
        ("-5", "-5"), ("+5", "5"), ("0", "0"), ("0,00", "0"), (" 5 ", "5"), ("1E+2", "100"), ("5 €", "5"),
        ("1,234.56", None), ("1.234,56", None), ("02173", None), ("1 23", None), ("NaN", None), ("Infinity", None),
        ("1e999", None), ("٣", None), ("9" * 400, None), ("5 apples", None), ("", None),
        ("0x10", None), ("1_000", None),
    ],
)  # fmt: skip
def test_numbers_as_text(text, value):
    found = amounts(read_price({"price": text}))
    assert found == ({"price": D(value)} if value else {})


@pytest.mark.parametrize(
    "value", [D("1e400"), D("1e-400"), 10**400, float("nan"), float("inf"), D("NaN"), True, [], {}]
)
def test_what_no_price_can_be(value):
    assert read_price({"price": value}).amounts == []


SAME = [
    {"product_id": "1", "monthly": D("119.9"), "fas": 500},
    {"fas": "500,00", "monthly": "119.90", "product_id": 1},
    {"product_id": "1", "monthly": "119,90", "fas": D("5E+2"), "note": None, "options": [], "comment": ""},
    {"product_id": "1", "monthly": "119,90", "fas": 500, "state": "refused", "updated_at": "2026-01-01"},
]
OTHERS = [
    {"product_id": "1", "monthly": D("119.91"), "fas": 500},
    {"product_id": "1", "monthly": D("119.9"), "fas": 500, "commitment": 36},
    {"product_id": "1", "monthly": 500, "fas": D("119.9")},
    {"product_id": "2", "monthly": D("119.9"), "fas": 500},
    {"product_id": "1", "monthly": "119,90 €", "fas": 500},
    {"product_id": "1", "monthly": [D("119.9"), 500]},
    {"product_id": "1", "monthly": [500, D("119.9")]},
]


def test_a_fingerprint_changes_with_the_price_and_nothing_else():
    assert len({fingerprint(element) for element in SAME}) == 1
    assert len({fingerprint(element) for element in [SAME[0], *OTHERS]}) == 1 + len(OTHERS)


def test_a_fingerprint_does_not_care_for_the_order_of_elements():
    assert fingerprint(TM_FORUM) == fingerprint(TM_FORUM[::-1])


def test_a_fingerprint_survives_the_way_through_a_database():
    stored = json.loads(json.dumps(TM_FORUM, default=str))
    assert fingerprint(stored) == fingerprint(TM_FORUM)
    assert read_price(stored) == read_price(TM_FORUM)


def test_a_line_gives_its_offers():
    line = Line.read({
        "id": "l1",
        "product_offerings": [{"id": "2173", "name": "Gold"}, "2174"],
        "prices": [{"product_id": "2173", "monthly": 5, "state": "ready"}, {"product_id": "2174", "monthly": 6}],
    })  # fmt: skip
    assert [(offer.product_id, offer.label, offer.state) for offer in line.offers] == [
        ("2173", "Gold", "ready"), ("2174", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["product", "offer", "product_offering", "offering"])
def test_the_bare_id_of_a_product_is_no_amount(key):
    (offer,) = offers([{key: 2173, "mrc": 100}])
    view = read_price(offer.raw)
    assert (offer.product_id, amounts(view), view.rest) == ("2173", {"mrc": D(100)}, [])


def test_products_below_the_kind_of_price_are_told_apart():
    prices = {"monthly": {"2173": 119, "2174": "99,50"}, "fas": {"2173": 500}, "commitment": 36, "currency": "EUR"}
    first, second = offers(prices, [("2173", "A"), ("2174", "B")])
    assert (first.product_id, amounts(read_price(first.raw))) == ("2173", {"monthly": D(119), "fas": D(500)})
    assert (second.product_id, amounts(read_price(second.raw))) == ("2174", {"monthly": D("99.50")})
    assert read_price(first.raw).total == 119 * 36 + 500

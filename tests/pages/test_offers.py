"""The offers of a line beside each other: distances in money and per cent, and what cannot be compared."""

import re
from decimal import Decimal

import pytest

from quotes.selectors.ranks import ranks
from tests.pages.browsing import text
from tests.pages.mirrors import a_line

pytestmark = pytest.mark.django_db


def priced(*monthly, **more) -> list[dict]:
    """An offer for each monthly price; None gives none."""
    found = [{"product_id": f"p{n}", "name": f"FTTO {n}", "state": "ready"} | more for n, _price in enumerate(monthly)]
    return [
        offer | ({} if price is None else {"monthly_price": price}) for offer, price in zip(found, monthly, strict=True)
    ]


def cells(client, line, label) -> dict[str, str]:
    """Product id to the words of its cell of that row."""
    html = text(client.get(f"/lines/{line.pk}/"))
    found = re.findall(r'<tr data-product-id="([^"]*)"(.*?)</tr>', html, re.S)
    return {product: re.sub(r"<[^>]+>", " ", _cell(inner, label)) for product, inner in found}


def _cell(html, label) -> str:
    found = re.search(rf'<td[^>]*data-label="{label}".*?</td>', html, re.S)
    return found[0] if found else ""


def test_the_cheapest_says_how_far_the_next_one_is_in_money_and_per_cent(reader):
    found = cells(reader, a_line(prices=priced("200", "160", "180")), "Monthly")
    assert re.search(r"cheapest per month\s+the next: \+\s20\.00 \(12\.5%\)", found["p1"])
    assert re.search(r"\+\s40\.00 \(25%\)", found["p0"])
    assert "cheapest" not in found["p0"] + found["p2"]


def test_a_price_that_is_not_given_is_no_zero_and_no_obstacle(reader):
    found = cells(reader, a_line(prices=priced("200", None, "160")), "Monthly")
    assert "not given" in found["p1"]
    assert "cheapest per month of the 2 that give it" in found["p2"]
    assert "cheapest" not in found["p1"]


def test_one_price_alone_is_not_the_cheapest(reader):
    assert "cheapest" not in "".join(cells(reader, a_line(prices=priced("200", None)), "Monthly").values())


def test_two_that_cost_the_same_are_both_the_cheapest(reader):
    found = cells(reader, a_line(prices=priced("160", "160.00", "200")), "Monthly")
    assert [("cheapest" in words, "another costs the same" in words) for words in found.values()] == [
        (True, True),
        (True, True),
        (False, False),
    ]


def test_a_declined_offer_is_not_what_others_are_measured_by(reader):
    prices = priced("100", "160", "200")
    prices[0]["state"] = "refused"
    assert "cheapest per month" in cells(reader, a_line(prices=prices), "Monthly")["p1"]


@pytest.mark.parametrize(
    ("values", "units"),
    [
        ([Decimal(1), Decimal(2)], ["EUR", "USD"]),
        ([Decimal(1), Decimal(2)], ["EUR", ""]),
        ([None, None], ["", ""]),
        ([], []),
    ],
)
def test_what_cannot_be_compared_has_no_rank(values, units):
    assert set(ranks(values, units)) <= {None}


def test_nothing_is_so_many_per_cent_of_nothing():
    free, paid = ranks([Decimal(0), Decimal(5)], ["", ""])
    assert (free.is_best, paid.above, paid.share) == (True, 5, None)


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_any_number_of_offers_has_the_same_rows_in_the_same_order(reader, count):
    prices = [offer | {"fas": 950, "commitment": 36} for offer in priced(*range(100, 100 + count))]
    html = text(reader.get(f"/lines/{a_line(prices=prices).pk}/"))
    found = re.findall(r"<tr data-product-id=.*?</tr>", html, re.S)
    rows = {tuple(re.findall(r'data-label="([^"]+)"', offer)) for offer in found}
    assert len(found) == count
    assert rows == {("Monthly", "Access fee", "Commitment", "Total over the commitment", "Decision")}

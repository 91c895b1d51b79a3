"""A price against our own earlier answers, and the old price beside the new one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quotes.selectors import past_prices
from tests.pages.browsing import text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(as_british):
    return as_british("manager")


def day(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


def at(price, days=-9, postcode="29000", **fields):
    """A line answered so many days ago at that monthly price."""
    prices = [{"product_id": "2173", "name": "FTTO 100", "monthly_price": price, "state": "ready"} | fields]
    return a_line(basket_of(), response_date=day(days), prices=prices, address=f"1 quai, {postcode} Brest")


def basket_of():
    return a_basket()


def told(client, line) -> list[str]:
    """The words of the row "Earlier answers"."""
    html = text(client.get(f"/lines/{line.pk}/"))
    cells = re.findall(r'<td data-label="Earlier answers".*?</td>', html, re.S)
    return [words for cell in cells for words in re.findall(r'<span class="sub">(.*?)</span>', cell)]


def test_a_price_stands_among_earlier_answers_with_their_number_and_their_median(reader):
    for price in (100, 110, 120, 130, "140,00"):
        at(price, postcode="75011")
    assert told(reader, at(115, -1)) == ["cheaper than 60% of 5 answers, median 120.00"]
    assert told(reader, at(135, -1)) == ["dearer than 83.3% of 6 answers, median 117.50"]


def test_of_fewer_than_five_nothing_is_said(reader):
    for price in (100, 110, 120, 130):
        at(price)
    html = text(reader.get(f"/lines/{at(115, -1).pk}/"))
    assert "Earlier answers" not in html


def test_what_is_no_earlier_answer_for_the_same_offer_in_the_same_currency_does_not_count(reader):
    for price in (100, 110, 120, 130):
        at(price)
    at(140, days=0), at(140, product_id="2175"), at(140, currency="USD"), at(None)
    assert told(reader, at(115, -1)) == []


def test_the_same_department_is_told_apart_where_it_has_enough(reader):
    for price in (100, 100, 100, 100, 100):
        at(price, postcode="29200")
    for price in (200, 200, 200):
        at(price, postcode="35000")
    assert told(reader, at(150, -1)) == [
        "dearer than 62.5% of 8 answers, median 100.00",
        "In department 29: dearer than 100% of 5 answers, median 100.00",
    ]


def test_the_review_shows_it_too(manager):
    for _ in range(5):
        at(100)
    line = at(100, -1)
    assert "the same as all 5 answers" in text(manager.get("/review/", {"line": line.pk}))


def test_many_offers_and_many_answers_are_one_query(django_assert_num_queries):
    for number in range(12):
        at(100 + number)
    line = at(105, -1)
    from quotes.selectors.offers import compare

    columns = compare(line).columns
    with django_assert_num_queries(1):
        past_prices.beside(line, columns)
    assert columns[0].past.of == 12


@pytest.mark.parametrize(
    ("site", "code"),
    [("12 rue du Moulin-Vert, 29000 Quimper", "29"), ("10500 route 7, 97110 X", "97"), ("no code", ""), ("", "")],
)
def test_a_department_is_the_start_of_the_last_postcode(site, code):
    assert past_prices.department(site) == code


def test_a_price_that_changed_shows_the_old_beside_the_new_while_it_is_open(manager):
    basket = a_basket()
    price = {"product_id": "2173", "name": "FTTO 100", "monthly_price": 189, "state": "ready"}
    line = a_line(basket, id="moved", prices=[price])
    assert "The price of" not in text(manager.get(f"/lines/{line.pk}/"))
    a_line(basket, id="moved", prices=[price | {"monthly_price": 199}])
    for place in (f"/lines/{line.pk}/", "/review/"):
        html = text(manager.get(place))
        assert "The price of FTTO 100 changed on" in html
        assert re.search(r"Monthly: <s>189\.00</s> → <b>199\.00</b>", html)
    a_line(basket, id="moved", state="expired", prices=[price | {"monthly_price": 199}])
    assert "The price of" not in text(manager.get(f"/lines/{line.pk}/"))


def test_a_price_that_went_back_is_no_change(manager):
    basket = a_basket()
    price = {"product_id": "2173", "name": "FTTO 100", "monthly_price": 189, "state": "ready"}
    for monthly in (189, 199, 205):
        line = a_line(basket, id="moved", prices=[price | {"monthly_price": monthly}])
    html = text(manager.get(f"/lines/{line.pk}/"))
    assert "<s>199.00</s> → <b>205.00</b>" in html and "189.00" not in html[: html.index("Activity")]

"""Sites against offers: the cells, the cheapest in each row, and what a chosen mix adds up to."""

import re
from urllib.parse import urlencode

import pytest

from quotes.models import Line
from tests.pages.browsing import FOUR_WAYS, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db

SMALL = {"product_id": "2173", "name": "FTTO 100", "state": "ready"}
LARGE = {"product_id": "2175", "name": "FTTO 200", "state": "ready"}


def priced(offer, monthly, fee=None, months=None) -> dict:
    found = {"monthly_price": monthly, "fas": fee, "commitment": months}
    return offer | {name: value for name, value in found.items() if value is not None}


@pytest.fixture
def basket():
    return a_basket(external_id="FLASH-9")


@pytest.fixture
def two(basket):
    """Two sites with two offers each; the first is cheaper with the small one, the second with the large one."""
    one = [priced(SMALL, 100, 500, 36), priced(LARGE, 150, 0, 36)]
    other = [priced(SMALL, 120, 500, 36), priced(LARGE, 110, 50, 36)]
    return [a_line(basket, end_customer_name=name, prices=p) for name, p in (("Garage", one), ("Lycée", other))]


def page(client, basket, query=None, **headers) -> str:
    return text(client.get(f"/baskets/{basket.pk}/compare/?{urlencode(query or {})}", headers=headers))


def pick(line) -> str:
    return f"pick-{line.pk.hex[:8]}"


def chosen(html) -> dict[str, str]:
    """Field of a line to the product that is ticked."""
    boxes = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)"[^>]*?(checked)?>', html)
    return {name: value for name, value, ticked in boxes if ticked}


def sums(html) -> list[tuple[str, str, str]]:
    """(title, sum, of what) of the mix."""
    mix = html[html.index('id="mix"') :]
    found = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)<span class=\"sub\">(.*?)</span></dd>", mix, re.S)
    return [(title, re.sub(r"<[^>]+>", "", amount).strip(), of) for title, amount, of in found]


def test_sites_stand_against_offers_with_the_cheapest_of_each_row_in_words(reader, basket, two):
    html = page(reader, basket)
    heads = re.findall(r'<th scope="col" class="num">([^<]+)', html)
    cells = re.findall(r'<td class="num[^>]*data-product-id="(\w+)".*?</td>', html, re.S)
    assert (heads, cells) == (["FTTO 100", "FTTO 200"], ["2173", "2175"] * 2)
    assert len(re.findall("cheapest per month", html)) == 2


def test_left_to_itself_the_mix_is_the_cheapest_of_each_site(reader, basket, two):
    html = page(reader, basket)
    assert chosen(html) == {pick(two[0]): "2173", pick(two[1]): "2175"}
    assert sums(html) == [
        ("Per month", "210.00", "of 2 sites"),
        ("Access fees", "550.00", "of 2 sites"),
        ("Total over the commitments", "8,110.00", "of 2 sites"),
    ]


def test_a_choice_is_kept_by_the_address(reader, basket, two):
    html = page(reader, basket, {pick(two[0]): "2175", pick(two[1]): "-"})
    assert chosen(html) == {pick(two[0]): "2175", pick(two[1]): "-"}
    assert [amount for _title, amount, _of in sums(html)] == ["150.00", "0.00", "5,400.00"]
    assert "left out by choice" in html


def test_a_part_that_is_missing_is_no_zero_and_is_named(reader, basket, two):
    a_line(basket, end_customer_name="Clinique", prices=[priced(SMALL, 90)])
    a_line(basket, end_customer_name="Mairie", state="confirmed", prices=[])
    html = page(reader, basket)
    assert sums(html) == [
        ("Per month", "300.00", "of 3 sites"),
        ("Access fees", "550.00", "of 2 sites; not given for Clinique"),
        ("Total over the commitments", "8,110.00", "of 2 sites; not given for Clinique"),
    ]
    assert re.search(r">Mairie</a>:\s+Awaiting price", html)


def test_amounts_of_two_currencies_are_never_added(reader, basket):
    for currency in ("EUR", "USD"):
        a_line(basket, prices=[priced(SMALL, 10) | {"currency": currency}])
    assert sums(page(reader, basket))[0][1] == "€10.00 + US$10.00"


def test_an_offer_that_is_no_longer_open_is_not_counted_in_silence(reader, basket, two):
    line = a_line(basket, end_customer_name="Clinique", prices=[priced(SMALL, 90) | {"state": "refused"}])
    html = page(reader, basket, {pick(line): "2173"})
    assert sums(html)[0][1] == "210.00"
    assert "the offer that was chosen is no longer open" in html


def test_of_an_accepted_line_the_accepted_offer_is_in_the_mix(reader, basket):
    prices = [priced(SMALL, 90) | {"state": "refused"}, priced(LARGE, 110) | {"state": "accepted"}]
    a_line(basket, state="accepted", prices=prices)
    assert sums(page(reader, basket))[0][1] == "110.00"


def test_the_state_filters_and_keeps_what_was_chosen_elsewhere(reader, basket, two):
    Line.objects.filter(pk=two[0].pk).update(state="expired")
    html = page(reader, basket, {"state": "ready", pick(two[0]): "2175"})
    assert "Lycée" in html and "Garage" not in html
    assert f'<input type="hidden" name="{pick(two[0])}" value="2175">' in html
    assert "No line with an offer is in this state" in page(reader, basket, {"state": "no_such_state"})


def test_sites_without_a_choice_can_be_hidden(reader, basket, two):
    alone = a_line(basket, prices=[priced(SMALL, 90)])
    same = re.findall(r'data-id="([^"]+)"[^>]* class="same"', page(reader, basket))
    assert same == [str(alone.pk)]


def test_only_a_plain_fragment_request_gets_the_mix_alone(reader, basket, two):
    pages = [page(reader, basket, None, **ways) for ways in FOUR_WAYS]
    assert ["<!doctype html>" in html for html in pages] == [True, False, True, True]
    assert pages[1].lstrip().startswith('<section class="sheet" id="mix"')
    assert "The mix of 2 sites: Per month 210.00" in pages[1]


def test_a_manager_goes_on_to_the_page_that_accepts_and_others_do_not(as_, reader, basket, two):
    accept = f'href="/lines/{two[0].pk}/offers/2173/accept/"'
    assert accept in page(as_("manager"), basket)
    assert accept not in page(reader, basket)
    assert f'href="/baskets/{basket.pk}/compare/"' in text(reader.get(f"/baskets/{basket.pk}/"))


def test_many_sites_cost_no_more_queries_and_the_rest_is_counted(reader, basket, two, django_assert_max_num_queries):
    for number in range(160):
        a_line(basket, end_customer_name=f"S{number}", prices=[priced(SMALL, number + 1)])
    with django_assert_max_num_queries(8):
        html = page(reader, basket)
    assert "The first 150 are shown, 12 more are not." in html
    assert len(urlencode(chosen(html))) < 4000


def test_hostile_text_stays_text(reader, basket):
    a_line(basket, end_customer_name="<script>1</script>", prices=[priced(SMALL, 9) | {"name": "<script>2</script>"}])
    html = reader.get(f"/baskets/{basket.pk}/compare/?pick-x=<script>3</script>").content.decode()
    assert not re.search(r"<script>\d", html)

"""Whatever legal shape an answer has, the mirror keeps the same facts."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from quotes import covage
from quotes.models import Basket, Line
from quotes.sync import discover, store, watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.operator import Shapes
from tests.sync.scenes import draft, mirrored_basket, mirrored_line, priced, read_all

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")

SHAPES = [
    Shapes(),
    Shapes(ids="number", next_page="number", numbers="text", dates="z", empty="null", quote_item="ids"),
    Shapes(ids="text", next_page="path", numbers="comma", dates="bare", empty="absent", prices="nested"),
    Shapes(next_page="text", prices="keyed", offer_states=False, quote_item="empty", extra=True),
    Shapes(ids="number", empty="absent", prices="bare", extra=True),
    Shapes(ids="text", empty="null", prices="mef", dates="z"),
]
EVERY_SHAPE = pytest.mark.parametrize("operator", SHAPES, indirect=True, ids=range(len(SHAPES)))


@EVERY_SHAPE
def test_a_basket_and_its_line_are_stored_with_their_states_names_and_dates(operator):
    basket_id, line_id = priced(operator)
    theirs = operator.world.baskets[basket_id] | {"external_id": "EXT-1", "project_id": "FLASH"}
    operator.world.baskets[basket_id] = theirs
    read_all()
    basket, line = Basket.objects.get(), Line.objects.get()
    assert (basket.remote_id, basket.external_id, basket.project_id) == (basket_id, "EXT-1", "FLASH")
    assert (basket.state, line.state) == ("ready", "ready")
    assert (line.remote_id, line.reference) == (line_id, operator.world.lines[line_id]["reference"])
    assert line.end_customer_name == "Boulangerie Ar Men"
    assert line.site == "1 rue X, 29000 Quimper"
    assert basket.creation_date == _first_known(theirs["creation_date"], operator.shapes)
    assert line.validity_date == _first_known(operator.world.lines[line_id]["validity_date"], operator.shapes)


def _first_known(moment, shapes):
    """What such an answer can still tell of a moment."""
    local = moment.astimezone(PARIS).replace(microsecond=0)
    return local.replace(hour=0, minute=0, second=0) if shapes.dates == "bare" else local


@EVERY_SHAPE
def test_the_offers_of_a_line_are_stored_with_their_products_states_and_amounts(operator):
    line = mirrored_line(operator, "2173", "2175")
    offers = list(line.offers.all())
    assert [offer.product_id for offer in offers] == ["2173", "2175"]
    assert [offer.state for offer in offers] == (["ready", "ready"] if operator.shapes.offer_states else ["", ""])
    amounts = [[float(amount.value) for amount in covage.read_price(offer.payload).amounts] for offer in offers]
    assert 119.9 in amounts[0] and 120.9 in amounts[1]


@EVERY_SHAPE
def test_a_line_knows_its_basket_whenever_an_answer_names_it(operator):
    line = mirrored_line(operator)
    named = operator.shapes.quote_item != "empty"
    assert (line.basket is not None) == named


def test_a_bare_date_is_its_first_moment_in_paris(operator):
    operator.shapes.dates = "bare"
    basket = mirrored_basket(operator)
    operator.world.baskets[basket.remote_id]["quote_date"] = datetime(2026, 7, 14, 15, tzinfo=PARIS)
    watch.read_basket(connect(), basket)
    basket.refresh_from_db()
    assert basket.quote_date == datetime(2026, 7, 14, tzinfo=PARIS)
    assert basket.payload["quote_date"] == "2026-07-14"


@pytest.mark.parametrize(
    "date", ["0001-01-01", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59Z", "31/12/2026", 7, ""]
)
def test_a_date_that_has_no_place_in_the_calendar_is_kept_as_received_only(operator, date):
    line = mirrored_line(operator)
    answer = operator.world.shown_line(operator.world.lines[line.remote_id], "detail") | {"validity_date": date}
    operator.fail(200, f"/quote_item/{line.remote_id}/", body=answer)
    watch.read_line(connect(), line)
    line.refresh_from_db()
    assert (line.validity_date, line.payload["validity_date"]) == (None, date)


def test_unknown_keys_are_kept_as_received(operator):
    operator.shapes.extra = True
    line = mirrored_line(operator)
    assert line.payload["zz_unknown"] == line.basket.payload["zz_unknown"] == {"deep": [1, "x"]}


def test_an_unknown_state_is_stored_and_allows_nothing(operator):
    line = mirrored_line(operator)
    operator.world.baskets[line.basket.remote_id]["state"] = "on_hold"
    operator.world.lines[line.remote_id]["state"] = "escalated"
    read_all()
    line.refresh_from_db()
    assert (line.state, line.basket.state) == ("escalated", "on_hold")
    assert not any(line.basket.allows(action) for action in ("edit", "confirm", "add_line"))
    assert not any(line.offer_allows("accept", offer) for offer in line.offers.all())


def test_numbers_with_decimals_are_kept_exactly(operator):
    line = mirrored_line(operator, "2173")
    text = f'{{"id": "{line.remote_id}", "prices": [{{"product_id": "2173", "monthly_price": 119.900000001}}]}}'
    operator.fail(200, f"/quote_item/{line.remote_id}/", body=text)
    watch.read_line(connect(), line)
    amount = covage.read_price(line.offers.get().payload).amounts[0]
    assert amount.value == Decimal("119.900000001")


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", r"\u0000", r"\\u0000\u0000", "\ud800", "x" * 5000, "💧é\u202e", "' OR 1=1"]
)
def test_any_text_can_be_stored(operator, text):
    basket = mirrored_basket(operator, external_id="A")
    operator.world.baskets[basket.remote_id]["external_id"] = text
    watch.read_basket(connect(), basket)
    basket.refresh_from_db()
    kept = text.replace("\0", "").replace("\ud800", "?")
    assert (basket.external_id, basket.payload["external_id"]) == (kept[:200], kept)


EMPTY = pytest.mark.parametrize("empty", ["null", "absent"])


@EMPTY
def test_a_value_that_an_answer_lacks_stays_and_one_that_it_empties_goes(operator, empty):
    basket = mirrored_basket(operator, external_id="A", project_id="P")
    operator.world.baskets[basket.remote_id]["project_id"] = ""
    operator.shapes.empty = empty
    watch.read_basket(connect(), basket)
    basket.refresh_from_db()
    assert basket.project_id == {"null": "", "absent": "P"}[empty]


def test_a_list_answer_takes_nothing_away_from_what_the_detail_said(operator):
    line = mirrored_line(operator)
    known = dict(line.payload)
    operator.world.lines[line.remote_id]["end_customer_name"] = "Crêperie"
    discover.lines(connect(), Tally())
    line.refresh_from_db()
    assert line.end_customer_name == "Crêperie"
    assert {name: line.payload[name] for name in ("prices", "note", "validity_date", "manager_regional")} == {
        name: known[name] for name in ("prices", "note", "validity_date", "manager_regional")
    }
    assert line.offers.filter(is_gone=False).count() == 2
    assert line.validity_date is not None


@pytest.mark.parametrize("prices", [None, [], ""])
def test_a_list_or_a_basket_with_an_empty_place_for_prices_takes_none_away(operator, prices):
    line = mirrored_line(operator, "2173")
    theirs = operator.world.shown_line(operator.world.lines[line.remote_id], "created") | {"prices": prices}
    basket = operator.world.shown_basket(operator.world.baskets[line.basket.remote_id], detail=True)
    operator.fail(200, "/quote_item/$", body={"results": [theirs]})
    operator.fail(200, f"/quote/{line.basket.remote_id}/", body=basket | {"quote_item": [theirs]})
    before = line.revision
    discover.lines(connect(), Tally())
    watch.read_basket(connect(), line.basket)
    line.refresh_from_db()
    assert (line.revision, line.offers.get().is_gone) == (before, False)
    assert line.payload["prices"]


def test_a_detail_answer_takes_nothing_away_from_what_the_list_said(operator):
    line = mirrored_line(operator)
    watch.read_line(connect(), line)
    line.refresh_from_db()
    assert line.payload["address"] == {"label": "1 rue X, 29000 Quimper"}
    assert line.site == "1 rue X, 29000 Quimper"


def test_an_offer_that_the_answer_no_longer_holds_is_kept_as_gone(operator):
    line = mirrored_line(operator, "2173", "2175")
    del operator.world.lines[line.remote_id]["offers"][0]
    watch.read_line(connect(), line)
    assert {offer.product_id: offer.is_gone for offer in line.offers.all()} == {"2173": True, "2175": False}


def test_prices_that_became_null_mark_the_offers_gone(operator):
    line = mirrored_line(operator, "2173")
    operator.world.lines[line.remote_id]["offers"] = []
    operator.shapes.empty = "null"
    watch.read_line(connect(), line)
    assert line.offers.get().is_gone


def test_a_line_that_names_its_basket_itself_is_put_there(operator):
    operator.shapes.quote_item = "empty"
    basket = mirrored_basket(operator, lines=1)
    line = Line.objects.get()
    assert line.basket is None
    operator.world.shapes.emptied = lambda answer: answer | {"quote": {"id": basket.remote_id}}
    watch.read_line(connect(), line)
    line.refresh_from_db()
    assert line.basket == basket


def test_an_orphan_is_not_given_to_a_basket_that_still_waits_for_its_own_id(operator, sales):
    store.new_basket(external_id="WAITS", project_id="", owner=sales)
    operator.shapes.quote_item = "empty"
    draft(operator)
    read_all()
    assert Line.objects.get().basket is None


def test_an_id_that_comes_back_in_other_letters_is_the_same_basket(operator):
    basket = mirrored_basket(operator, lines=0)
    body = operator.world.shown_basket(operator.world.baskets[basket.remote_id], detail=True)
    operator.fail(200, f"/quote/{basket.remote_id}/", body=body | {"id": basket.remote_id.upper(), "project_id": "Q"})
    watch.read_basket(connect(), basket)
    row = Basket.objects.get()
    assert (row.remote_id, row.project_id) == (basket.remote_id, "Q")

"""What happens between confirmation and decision: prices, refusals, silence, expiry, and the states that tell."""

import re
from datetime import datetime, timedelta

import pytest

from tests.sandbox.operator_api import COMPLETE

ANOTHER = {"product_offerings": ["2173"]}


@pytest.fixture
def slow(api):
    """A back office that takes an hour, as the clock of the sandbox counts."""
    api.server.set_delays(quote=3600)
    return api


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_lines_are_priced_one_after_the_other_and_the_basket_follows(slow):
    basket, lines = slow.confirmed(3)
    seen = [slow.state(basket)]
    for seconds in (3700, 1300, 1300):
        slow.server.move_clock(seconds)
        seen.append(slow.state(basket))
    assert seen == ["confirmed", "partial_ready", "partial_ready", "ready"]
    assert [slow.detail(line)["state"] for line in lines] == ["ready"] * 3


def test_an_answer_is_dated_when_it_was_due_and_valid_for_thirty_days(slow):
    _, (line,) = slow.confirmed()
    slow.server.move_clock(86400)
    detail = slow.detail(line)
    assert moment(detail["response_date"]) - moment(detail["quote_date"]) == timedelta(hours=1)
    assert moment(detail["validity_date"]) - moment(detail["response_date"]) == timedelta(days=30)


def test_a_fast_clock_prices_by_itself(slow):
    _, (line,) = slow.confirmed()
    slow.server.set_clock(factor=100_000)
    for _ in range(200):
        if slow.detail(line)["state"] == "ready":
            break
    assert slow.detail(line)["state"] == "ready"


def test_a_priced_line_names_its_regional_manager(api):
    _, line = api.priced()
    assert set(line["manager_regional"]) == {"name", "email", "phone"}


def test_the_requested_products_are_priced_in_order(api):
    _, line = api.priced(product_offerings=["2188", "2173", "2188"])
    assert [price["product_id"] for price in line["prices"]] == ["2188", "2173"]
    assert all(price["state"] == "ready" for price in line["prices"])


def test_a_product_that_came_alone_gets_company(api):
    counts = {len(api.priced(**ANOTHER)[1]["prices"]) for _ in range(2)}
    assert counts == {2, 3}


def test_a_product_unknown_to_the_catalogue_is_priced_too(api):
    _, line = api.priced(product_offerings=["ABC-1", "2173"])
    assert [price["product_id"] for price in line["prices"]] == ["ABC-1", "2173"]


def test_prices_carry_the_same_keys_in_three_ways_of_writing(api):
    lines = [api.priced()[1] for _ in range(3)]
    prices = [line["prices"][0] for line in lines]
    assert {tuple(price) for price in prices} == {(
        "product_id", "name", "state", "offer_family", "monthly_fee", "fas", "commitment", "currency",
        "bandwidth", "delivery_time", "gtr", "comment",
    )}  # fmt: skip
    assert {type(price["monthly_fee"]) for price in prices} == {float, str, dict}
    (nested,) = [price["fas"] for price in prices if isinstance(price["fas"], dict)]
    assert set(nested) == {"value", "unit"}
    assert any(re.fullmatch(r"\d+\.\d\d", str(price["monthly_fee"])) for price in prices)


@pytest.mark.parametrize("field", ["note", "technical_note"])
def test_a_note_can_ask_for_a_fate(api, field):
    basket, line = api.priced(**{field: "Site isolé [unable]"})
    assert (line["state"], line["prices"], line["validity_date"]) == ("unable_to_provide", [], None)
    assert line["response_date"] is not None
    assert api.state(basket) == "finalized"


def test_the_fourth_line_cannot_be_provided_and_the_sixth_is_valid_for_three_days(api):
    basket, lines = api.confirmed(6)
    details = [api.detail(line) for line in lines]
    assert [line["state"] for line in details] == ["ready"] * 3 + ["unable_to_provide"] + ["ready"] * 2
    days = [moment(line["validity_date"]) - moment(line["response_date"]) for line in details if line["validity_date"]]
    assert [each.days for each in days] == [30, 30, 30, 30, 3]
    assert api.state(basket) == "ready"


def test_a_silent_line_is_never_answered_until_the_desk_does(api):
    basket, (line,) = api.confirmed(note="[silent]")
    api.server.move_clock(86400 * 60)
    assert (api.detail(line)["state"], api.state(basket)) == ("confirmed", "confirmed")
    api.server.price(line["id"])
    assert api.detail(line)["state"] == "ready"


def test_the_desk_sets_a_fate_before_the_answer(slow):
    basket, (first, second) = slow.confirmed(2)
    slow.server.set_fate(first["id"], "unable")
    slow.server.set_fate(second["id"], "short")
    slow.server.move_clock(86400)
    assert slow.detail(first)["state"] == "unable_to_provide"
    detail = slow.detail(second)
    assert (moment(detail["validity_date"]) - moment(detail["response_date"])).days == 3
    assert slow.state(basket) == "ready"


def test_a_silent_line_with_a_new_fate_is_taken_up_again(api):
    _, (line,) = api.confirmed(note="[silent]")
    assert api.detail(line)["state"] == "confirmed"
    api.server.set_fate(line["id"], "priced")
    assert api.detail(line)["state"] == "ready"


def test_the_desk_answers_a_line_now(slow):
    _, (line, _) = slow.confirmed(2)
    assert slow.server.price(line["id"], "expiring")["state"] == "ready"
    detail = slow.detail(line)
    assert moment(detail["validity_date"]) - moment(detail["response_date"]) == timedelta(seconds=60)


def test_validity_passes_and_the_offers_with_it(api):
    basket, line = api.priced()
    api.patch(f"quote_item/{line['id']}/decline/", {"product_id": "2173"})
    api.server.move_clock(86400 * 31)
    late = api.detail(line)
    assert late["state"] == "expired"
    assert [price["state"] for price in late["prices"]] == ["refused", "expired"]
    assert api.state(basket) == "finalized"


def test_one_line_that_expired_leaves_the_basket_partly_finalized(api):
    basket, (short, _) = api.confirmed(2)
    api.server.expire(short["id"])
    assert (api.detail(short)["state"], api.state(basket)) == ("expired", "partial_finalized")


def test_one_line_that_cannot_be_provided_does_not_count_as_decided(api):
    basket = api.basket()
    api.line(basket, **COMPLETE, note="[unable]"), api.line(basket, **COMPLETE)
    api.patch(f"quote/{basket['id']}/confirm/")
    assert api.state(basket) == "ready"


def test_a_draft_is_never_priced(api):
    _, line = api.draft()
    api.server.move_clock(86400 * 60)
    assert api.detail(line)["state"] == "acknowledged"


@pytest.mark.parametrize("action", ["price", "expire"])
def test_the_desk_cannot_answer_or_expire_a_draft(api, action):
    _, line = api.draft()
    answer = api.session.post(f"{api.server.url}/sandbox/lines/{line['id']}/{action}/", json={}, timeout=20)
    assert answer.status_code == 409
    assert api.detail(line)["state"] == "acknowledged"

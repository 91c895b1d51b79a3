"""Accept, decline, restore."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest


def decide(api, action, line, product_id="2173", **fields):
    return api.patch(f"quote_item/{line['id']}/{action}/", {"product_id": product_id} | fields)


def states(api, line) -> list[str]:
    """Of the line, then of its two offers 2173 and 2188."""
    detail = api.detail(line)
    return [detail["state"], *(price["state"] for price in detail["prices"])]


def test_accepting_answers_with_two_order_ids_and_refuses_the_rest(api):
    basket, line = api.priced()
    answer = decide(api, "accept", line)
    assert answer.status_code == 200
    assert set(answer.json()) == {"product_order_id", "product_order_item_id"}
    assert all(uuid.UUID(value) for value in answer.json().values())
    assert states(api, line) == ["accepted", "accepted", "refused"]
    assert api.state(basket) == "finalized"


def test_an_order_is_in_the_ledger_and_dates_the_line(api):
    _, line = api.priced()
    assert api.get("quote_item/").json()["results"][0]["order_date"] is None
    ids = decide(api, "accept", line, "2188").json()
    (order,) = api.server.orders()
    assert order.items() >= ids.items()
    assert (order["quote_item_id"], order["product_id"]) == (line["id"], "2188")
    assert api.get("quote_item/").json()["results"][0]["order_date"] == order["created"]


def test_a_second_acceptance_is_refused_and_orders_nothing(api):
    _, line = api.priced()
    decide(api, "accept", line)
    for product_id in ("2173", "2188"):
        answer = decide(api, "accept", line, product_id)
        assert (answer.status_code, list(answer.json())) == (409, ["detail"])
    assert len(api.server.orders()) == 1


def test_of_many_acceptances_at_once_one_succeeds(api):
    _, line = api.priced()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: decide(api, "accept", line, ["2173", "2188"][n % 2]).status_code, range(8)))
    assert sorted(answers) == [200] + [409] * 7
    assert len(api.server.orders()) == 1


def test_a_refused_offer_cannot_be_accepted(api):
    _, line = api.priced()
    decide(api, "decline", line)
    assert decide(api, "accept", line).status_code == 409
    assert decide(api, "accept", line, "2188").status_code == 200


def test_declining_answers_with_the_line_and_keeps_the_comment(api):
    basket, line = api.priced()
    answer = decide(api, "decline", line, comment="Trop cher, « à revoir »")
    assert answer.status_code == 200
    assert answer.json() == api.detail(line)
    assert answer.json()["prices"][0]["comment"] == "Trop cher, « à revoir »"
    assert states(api, line) == ["ready", "refused", "ready"]
    assert api.state(basket) == "ready"


def test_the_last_declined_offer_refuses_the_line(api):
    basket, line = api.priced()
    decide(api, "decline", line), decide(api, "decline", line, "2188")
    assert states(api, line) == ["refused", "refused", "refused"]
    assert api.state(basket) == "finalized"


def test_an_offer_is_declined_once(api):
    _, line = api.priced()
    decide(api, "decline", line)
    assert decide(api, "decline", line).status_code == 409


def test_restoring_makes_an_offer_ready_again_and_forgets_the_comment(api):
    _, line = api.priced()
    decide(api, "decline", line, comment="non")
    answer = decide(api, "restore_price", line)
    assert answer.status_code == 200
    assert answer.json() == line


def test_restoring_brings_a_refused_line_and_its_basket_back(api):
    basket, line = api.priced()
    decide(api, "decline", line), decide(api, "decline", line, "2188")
    decide(api, "restore_price", line, "2188")
    assert states(api, line) == ["ready", "refused", "ready"]
    assert api.state(basket) == "ready"
    assert decide(api, "accept", line, "2188").status_code == 200


def test_a_ready_offer_cannot_be_restored(api):
    _, line = api.priced()
    assert decide(api, "restore_price", line).status_code == 409


def test_after_an_acceptance_nothing_is_restored_or_declined(api):
    _, line = api.priced()
    decide(api, "accept", line)
    assert decide(api, "restore_price", line, "2188").status_code == 409
    assert decide(api, "decline", line).status_code == 409
    assert states(api, line) == ["accepted", "accepted", "refused"]


def test_nothing_can_be_decided_once_the_validity_has_passed(api):
    _, line = api.priced()
    decide(api, "decline", line, "2188")
    api.server.move_clock(86400 * 31)
    assert [decide(api, action, line).status_code for action in ("accept", "decline")] == [409, 409]
    assert decide(api, "restore_price", line, "2188").status_code == 409
    assert api.server.orders() == []


def test_a_refused_line_cannot_be_restored_once_the_validity_has_passed(api):
    _, line = api.priced()
    decide(api, "decline", line), decide(api, "decline", line, "2188")
    api.server.move_clock(86400 * 31)
    assert decide(api, "restore_price", line).status_code == 409
    assert states(api, line) == ["refused", "refused", "refused"]


@pytest.mark.parametrize("action", ["accept", "decline", "restore_price"])
def test_a_product_without_price_is_refused_at_its_field(api, action):
    _, line = api.priced()
    answer = decide(api, action, line, "9999")
    assert (answer.status_code, list(answer.json())) == (400, ["product_id"])


@pytest.mark.parametrize("action", ["accept", "decline", "restore_price"])
def test_a_line_without_answer_has_nothing_to_decide(api, action):
    _, line = api.draft()
    assert decide(api, action, line).status_code == 400


@pytest.mark.parametrize("action", ["accept", "decline", "restore_price"])
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"product_id": ["This field is required."]}),
        ({"product_id": 2173}, {"product_id": ["Not a valid string."]}),
        ({"product_id": "2173", "force": True}, {"force": ["Unexpected field."]}),
    ],
)
def test_a_wrong_body_is_refused(api, action, body, errors):
    _, line = api.priced()
    answer = api.patch(f"quote_item/{line['id']}/{action}/", body)
    assert (answer.status_code, answer.json()) == (400, errors)
    assert states(api, line) == ["ready", "ready", "ready"]


@pytest.mark.parametrize("action", ["accept", "restore_price"])
def test_only_a_refusal_takes_a_comment(api, action):
    _, line = api.priced()
    assert decide(api, action, line, comment="x").json() == {"comment": ["Unexpected field."]}


def test_one_decided_line_of_two_finalizes_the_basket_in_part(api):
    basket, (first, second) = api.confirmed(2)
    decide(api, "accept", first)
    assert api.state(basket) == "partial_finalized"
    decide(api, "accept", second)
    assert api.state(basket) == "finalized"

"""The route of a basket and of a line: what was observed, with its date and source, and nothing else."""

import pytest

from quotes import states
from quotes.models import Basket, Line
from quotes.services import baskets
from quotes.views.routes import basket_route, line_route
from tests.cast import nonce
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


def again(line, **fields) -> Line:
    return a_line(line.basket, **{"id": line.remote_id, "reference": line.reference, **fields})


def drawn(steps) -> list[str]:
    return [step["status"] for step in steps]


def test_each_node_that_was_reached_says_when_and_by_whom(operator, sales):
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="A", project_id="").basket
    first, *rest = basket_route(Basket.objects.get(pk=basket.pk), [])
    assert (first["by"], first["status"]) == ("Sales Le Goff", "now")
    assert first["when"] == basket.events.get(kind="command_done").at
    assert {step["status"] for step in rest} == {"todo"}
    assert {step["by"] for step in rest} == {""}


def test_what_the_synchronisation_saw_is_dated_by_it(db):
    line = again(a_line(state="confirmed", prices=[]), state="ready")
    prices = line_route(line)[2]
    assert prices["when"] == line.events.filter(kind="price_received").first().at
    assert prices["by"] in ("synchronisation", "synchronization")


def test_a_state_that_nobody_documented_is_a_node_of_its_own(db):
    line = again(a_line(state="confirmed", prices=[]), state="thawing")
    route = line_route(line)
    now = next(step for step in route if step["status"] == "now")
    assert now["title"] == str(states.line("thawing").label)
    assert now["when"] == line.events.get(kind="line_state").at
    assert len(route) == 6
    basket = a_basket(state="frozen")
    assert [step["title"] for step in basket_route(basket, []) if step["status"] == "now"] == [
        str(states.basket("frozen").label)
    ]


def test_a_step_back_is_shown_and_not_hidden(db):
    line = a_line(state="confirmed", prices=[])
    for state in ("ready", "confirmed"):
        line = again(line, state=state)
    route = line_route(line)
    assert drawn(route) == ["done", "now", "todo", "todo", "todo"]
    assert str(line.events.filter(kind="price_received").first().at.year) in str(route[2]["when"])

"""What was created, priced and decided elsewhere comes in, and the history tells it."""

import pytest

from quotes.models import Basket, Event, Line, Project
from quotes.sync import reference, watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.operator import Shapes
from tests.sync.scenes import draft, lines_of, mirrored_line, priced, read_all

pytestmark = pytest.mark.django_db
SHAPES = [Shapes(), Shapes(quote_item="ids", ids="number"), Shapes(quote_item="empty", ids="text")]


def told(**about):
    """The kinds of the events, in their order."""
    return list(Event.objects.filter(**about).order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("operator", SHAPES, indirect=True)
def test_a_basket_and_lines_made_elsewhere_are_found_with_their_details(operator):
    basket_id = draft(operator, lines=2, external_id="A")
    read_all()
    assert Basket.objects.get().remote_id == basket_id
    assert {line.remote_id for line in Line.objects.exclude(read_at=None)} == set(lines_of(operator, basket_id))
    assert sorted(told()) == ["basket_found", "line_found", "line_found"]


def test_prices_that_arrive_are_told_one_by_one(operator):
    basket_id = draft(operator, lines=1)
    read_all()
    operator.world.confirm(basket_id)
    read_all()
    operator.world.price(lines_of(operator, basket_id)[0], "2173", "2175")
    read_all()
    line = Line.objects.get()
    assert told(line=line) == ["line_found", "line_state", "line_state", "price_received", "price_received"]
    assert told(line=None) == ["basket_found", "basket_state", "basket_state"]
    states = Event.objects.filter(kind="line_state").order_by("id").values_list("data", flat=True)
    assert list(states) == [{"old": "acknowledged", "new": "confirmed"}, {"old": "confirmed", "new": "ready"}]
    received = Event.objects.filter(kind="price_received").order_by("id").first()
    assert (received.data, received.actor_name) == ({"product_id": "2173", "label": "FTTO 2173"}, "")


def test_a_price_that_changes_is_told_with_the_old_and_the_new_one(operator):
    line = mirrored_line(operator, "2173")
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 99.5
    watch.read_line(connect(), line)
    event = Event.objects.get(kind="price_changed")
    assert (event.data["old"]["monthly_price"], event.data["new"]["monthly_price"]) == ("119.9", "99.5")


@pytest.mark.parametrize("numbers", ["text", "comma"])
def test_the_same_price_written_otherwise_is_no_change_of_price(operator, numbers):
    line = mirrored_line(operator, "2173")
    operator.shapes.numbers = numbers
    watch.read_line(connect(), line)
    assert not Event.objects.filter(kind="price_changed").exists()


def test_a_decision_taken_elsewhere_is_told(operator):
    line = mirrored_line(operator, "2173", "2175")
    operator.world.accept(line.remote_id, "2173")
    read_all()
    assert Event.objects.get(kind="line_state").data == {"old": "ready", "new": "accepted"}
    assert {e.data["product_id"]: e.data["new"] for e in Event.objects.filter(kind="offer_state")} == {
        "2173": "accepted",
        "2175": "refused",
    }


def test_reading_the_same_again_tells_nothing(operator):
    priced(operator)
    read_all()
    before = told()
    watch.wake_all()
    read_all()
    assert told() == before


@pytest.mark.parametrize("state", ["unable_to_provide", "expired"])
def test_a_line_without_a_price_in_the_end_is_told(operator, state):
    line = mirrored_line(operator, "2173")
    operator.world.lines[line.remote_id]["state"] = state
    read_all()
    line.refresh_from_db()
    assert line.state == state
    assert Event.objects.filter(kind="line_state", data__new=state).exists()


def test_the_projects_are_suggested(operator):
    reference.projects(connect(), Tally())
    assert Project.objects.get().code == "FLASH"


def test_unchanged_projects_are_not_written_again(operator):
    tallies = [Tally(), Tally()]
    for tally in tallies:
        reference.projects(connect(), tally)
    assert [tally.changed for tally in tallies] == [1, 0]


def test_an_operator_without_a_list_of_projects_is_no_fault(operator):
    operator.fail(404, "/referential/project", times=9)
    reference.projects(connect(), Tally())
    assert not Project.objects.exists()

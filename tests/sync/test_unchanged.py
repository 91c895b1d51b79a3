"""What did not change is not written, but for the time of the reading."""

import pytest
from django.forms.models import model_to_dict

from quotes.models import Basket, Event, Line, Offer, Revision
from quotes.sync import discover, store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.operator import Shapes
from tests.sync.scenes import mirrored_basket, mirrored_line, priced, read_all

pytestmark = pytest.mark.django_db


def everything():
    """All that the mirrors hold, but when they were read."""
    facts = [
        {k: v for k, v in model_to_dict(row).items() if k not in ("read_at", "due_at", "claimed_until")}
        for model in (Basket, Line, Offer)
        for row in model.objects.order_by("pk")
    ]
    return facts, Revision.current(), Event.objects.count()


@pytest.mark.parametrize(
    "operator",
    [
        Shapes(),
        Shapes(quote_item="ids", empty="null", prices="mef"),
        Shapes(empty="absent", numbers="text", extra=True),
    ],
    indirect=True,
)
def test_reading_everything_twice_changes_nothing(operator):
    priced(operator)
    mirrored_basket(operator, lines=3, external_id="A")
    read_all()
    before = everything()
    watch.wake_all()
    read_all()
    assert everything() == before


def test_other_words_for_nothing_are_no_change(operator):
    line = mirrored_line(operator)
    before = everything()
    with operator.shaped(empty="null"):
        watch.read_line(connect(), line)
        discover.lines(connect(), Tally())
    assert everything() == before


def test_an_unchanged_line_costs_two_queries(operator, covage, django_assert_num_queries):
    line = mirrored_line(operator)
    asked, answer = Asked.now(), covage.get_line(line.remote_id)
    with django_assert_num_queries(2):
        store.line(answer, asked)


def test_an_unchanged_basket_costs_the_same_whatever_it_holds(operator, covage, django_assert_num_queries):
    for lines in (1, 12):
        basket = mirrored_basket(operator, lines=lines)
        asked, answer = Asked.now(), covage.get_basket(basket.remote_id)
        with django_assert_num_queries(4):
            store.basket(answer, asked)


def test_an_unchanged_list_page_costs_two_queries(operator, django_assert_num_queries):
    operator.shapes.page_size = 50
    for number in range(10):
        operator.world.draft(external_id=f"B{number}")
    read_all()
    covage = connect()
    list(covage.basket_pages())  # has the token by now
    with django_assert_num_queries(2 + GATE):
        discover.baskets(covage, Tally(), full=True)


GATE = 6  # the token, the turn, how it went; and the number that this reading is older or newer by


def test_a_new_line_with_two_prices_costs_a_modest_number_of_queries(operator, covage, django_assert_max_num_queries):
    _, line_id = priced(operator, "2173", "2175")
    asked, answer = Asked.now(), covage.get_line(line_id)
    with django_assert_max_num_queries(20):
        store.line(answer, asked)
    assert Offer.objects.count() == 2


def test_the_time_of_the_reading_is_kept_even_when_nothing_changed(operator, covage):
    line = mirrored_line(operator)
    Line.objects.update(read_at=None)
    line = watch.read_line(covage, line)
    assert line.read_at == Line.objects.get().read_at is not None

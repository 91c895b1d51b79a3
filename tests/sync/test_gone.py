"""Deleted elsewhere: two 404s by id, ten minutes apart. What a list lacks means nothing."""

import pytest

from quotes.models import Basket, Event, Line
from quotes.sync import discover, store, watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.sync.scenes import draft, mirrored_basket, read_all, read_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def basket(operator, clock):
    return mirrored_basket(operator, lines=1)


def delete(operator, basket):
    """As somebody at the operator would, with its lines."""
    world = operator.world
    del world.baskets[basket.remote_id]
    world.lines = {key: line for key, line in world.lines.items() if line["basket"] != basket.remote_id}


def read_due():
    Basket.objects.update(due_at=None)
    watch.wake_all()
    watch.due_baskets(connect(), Tally(), most=None)


def test_one_404_marks_nothing_gone(operator, basket):
    delete(operator, basket)
    read_due()
    basket.refresh_from_db()
    assert (basket.gone_at, basket.missing_since is None) == (None, False)


def test_a_second_404_too_soon_marks_nothing_gone(operator, basket, clock):
    delete(operator, basket)
    read_due()
    clock.shift(599)
    read_due()
    assert not Basket.objects.exclude(gone_at=None).exists()


def test_two_404s_ten_minutes_apart_mark_the_basket_and_its_lines_gone(operator, basket, clock):
    delete(operator, basket)
    read_due()
    clock.shift(600)
    read_due()
    basket.refresh_from_db()
    line = Line.objects.get()
    assert basket.is_gone and line.is_gone
    assert basket.payload["state"] == "acknowledged"
    assert list(Event.objects.filter(kind="gone").values_list("basket", "line")) == [
        (basket.pk, line.pk),
        (basket.pk, None),
    ]


def test_the_second_404_comes_by_itself(operator, basket, clock):
    delete(operator, basket)
    for _ in range(16):
        watch.due_baskets(connect(), Tally())
        clock.shift(120)
    basket.refresh_from_db()
    assert basket.is_gone


def test_what_is_gone_is_not_asked_for_any_more(operator, basket, clock):
    test_two_404s_ten_minutes_apart_mark_the_basket_and_its_lines_gone(operator, basket, clock)
    asked = len(operator.requests)
    clock.shift(86400)
    read_due()
    assert len(operator.requests) == asked


def test_a_line_deleted_elsewhere_goes_while_its_basket_stays(operator, basket, clock):
    operator.world.lines.clear()
    read_due()
    clock.shift(600)
    read_due()
    basket.refresh_from_db()
    assert (basket.is_gone, Line.objects.get().is_gone) == (False, True)


def test_an_answer_between_two_404s_starts_the_count_anew(operator, basket, clock):
    operator.fail(404, f"/quote/{basket.remote_id}/")
    read_due()
    clock.shift(300)
    read_due()
    basket.refresh_from_db()
    assert basket.missing_since is None
    clock.shift(300)
    operator.fail(404, f"/quote/{basket.remote_id}/")
    read_due()
    assert not Basket.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize("come_back", [read_list, read_all])
def test_what_comes_back_is_there_again(operator, basket, clock, come_back):
    theirs = dict(operator.world.baskets)
    delete(operator, basket)
    read_due()
    clock.shift(600)
    read_due()
    operator.world.baskets |= theirs
    come_back()
    basket.refresh_from_db()
    assert (basket.gone_at, basket.missing_since) == (None, None)
    assert basket.due_at is not None


def test_an_own_delete_marks_the_line_gone_at_once_and_once_only(operator, basket):
    line = Line.objects.get()
    store.deleted(line)
    store.deleted(line)
    line.refresh_from_db()
    assert line.is_gone
    assert Event.objects.filter(kind="gone").count() == 1


def test_missing_from_a_list_means_nothing(operator, basket):
    operator.fail(200, "/quote/$", body={"count": 0, "next_page": None, "results": []})
    operator.fail(200, "/quote_item/$", body={"count": 0, "next_page": None, "results": []})
    read_list()
    discover.lines(connect(), Tally())
    for row in (*Basket.objects.all(), *Line.objects.all()):
        assert (row.missing_since, row.gone_at) == (None, None)


def test_when_very_many_are_missing_at_once_none_is_marked_gone(operator, clock, caplog):
    for number in range(25):
        draft(operator, lines=0, external_id=f"B{number}")
    read_all()
    operator.world.baskets.clear()
    read_due()
    clock.shift(600)
    read_due()
    assert Basket.objects.exclude(missing_since=None).count() == 25
    assert not Basket.objects.exclude(gone_at=None).exists()
    assert "so many are missing" in caplog.text


def test_many_missing_among_very_many_are_believed(operator, clock):
    operator.shapes.page_size = 100
    kept = [draft(operator, lines=0, external_id=f"B{number}") for number in range(250)]
    read_list()
    for basket_id in kept[:21]:
        del operator.world.baskets[basket_id]
    gone = Basket.objects.filter(remote_id__in=kept[:21])
    for seconds in (0, 600):
        clock.shift(seconds)
        for basket in gone:
            with pytest.raises(Exception, match="404"):
                watch.read_basket(connect(), basket)
    assert gone.exclude(gone_at=None).count() == 21

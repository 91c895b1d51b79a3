"""Which baskets are read when, by whom, and how far."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from quotes.covage import CovageAuthFailed, CovageRefused, CovageUnavailable
from quotes.models import Basket, Line, OperatorState
from quotes.sync import store, watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.sync.scenes import (
    NOON,
    Meanwhile,
    at_once,
    draft,
    lines_of,
    mirrored_basket,
    mirrored_line,
    read_all,
    read_list,
)

pytestmark = pytest.mark.django_db


def read_due(**options) -> Tally:
    tally = Tally(**options)
    watch.due_baskets(connect(), tally)
    return tally


def reads(operator, *ids):
    """The ids of this kind that were asked for, in their order."""
    asked = [request["path"].strip("/").split("/")[-1] for request in operator.requests]
    return [one for one in asked if one in ids]


@pytest.mark.parametrize(
    ("state", "looked_at", "expected"),
    [
        ("acknowledged", None, "draft"),
        ("confirmed", None, "warm"),
        ("partial_ready", None, "warm"),
        ("ready", None, "warm"),
        ("partial_finalized", None, "warm"),
        ("an_unknown_one", None, "warm"),
        ("finalized", None, "closed"),
        ("acknowledged", 9, "hot"),
        ("ready", 9, "hot"),
        ("ready", 11, "warm"),
        ("finalized", 9, "closed"),
    ],
)
def test_the_interval_follows_the_activity(db, settings, state, looked_at, expected):
    active_at = timezone.now() - timedelta(minutes=looked_at) if looked_at else None
    basket = Basket.objects.create(remote_id="a", state=state, active_at=active_at)
    assert watch.interval(basket) == settings.SYNC[expected]


def test_a_closed_basket_with_an_open_line_is_still_read(db, settings):
    basket = Basket.objects.create(remote_id="a", state="finalized")
    Line.objects.create(remote_id="b", basket=basket, state="ready")
    assert watch.interval(basket) == settings.SYNC["warm"]


def test_a_basket_that_is_gone_is_not_read(db):
    assert watch.interval(Basket(gone_at=timezone.now())) is None


def test_a_basket_is_read_again_after_its_interval(operator, real_times):
    with time_machine.travel(NOON, tick=False) as clock:
        basket = mirrored_basket(operator, lines=0)
        before = len(reads(operator, basket.remote_id))
        clock.shift(real_times["draft"] - 1)
        read_due()
        assert len(reads(operator, basket.remote_id)) == before
        clock.shift(real_times["draft"] * 0.2 + 1)
        read_due()
        assert len(reads(operator, basket.remote_id)) == before + 1


def test_what_is_looked_at_is_read_soon_and_first(operator, real_times):
    with time_machine.travel(NOON, tick=False) as clock:
        others = [mirrored_basket(operator, lines=0) for _ in range(3)]
        shown = mirrored_basket(operator, lines=0)
        operator.requests.clear()
        clock.shift(real_times["draft"] * 1.2)
        watch.looked_at(shown)
        clock.shift(real_times["hot"])
        read_due()
        assert reads(operator, shown.remote_id, *(b.remote_id for b in others))[0] == shown.remote_id


def test_looking_costs_one_write_a_minute(operator, django_assert_num_queries):
    basket = mirrored_basket(operator, lines=0)
    watch.looked_at(basket)
    basket.refresh_from_db()
    with django_assert_num_queries(0):
        watch.looked_at(basket)


def test_of_the_lines_only_those_are_read_that_can_still_change(operator):
    basket_id = draft(operator, lines=4)
    operator.world.confirm(basket_id)
    ready, accepted, refused, waiting = lines_of(operator, basket_id)
    for line_id in (ready, accepted, refused):
        operator.world.price(line_id, "2173")
    operator.world.accept(accepted, "2173")
    operator.world.decline(refused, "2173", "")
    read_all()
    operator.requests.clear()
    watch.read_basket(connect(), Basket.objects.get())
    assert set(reads(operator, ready, accepted, refused, waiting)) == {ready, refused, waiting}


def test_a_line_that_was_decided_elsewhere_is_read_once_more_for_its_offers(operator):
    line = mirrored_line(operator, "2173", "2175")
    operator.world.accept(line.remote_id, "2173")
    watch.read_basket(connect(), line.basket)
    line.refresh_from_db()
    assert line.state == "accepted"
    assert {offer.product_id: offer.state for offer in line.offers.all()} == {"2173": "accepted", "2175": "refused"}
    operator.requests.clear()
    watch.read_basket(connect(), line.basket)
    assert not reads(operator, line.remote_id)


def test_two_watchers_read_a_basket_once(operator):
    basket = mirrored_basket(operator, lines=0)
    watch.wake(basket)
    operator.requests.clear()
    Basket.objects.filter(pk=basket.pk).update(claimed_until=timezone.now() + timedelta(seconds=30))
    assert read_due().seen == 0
    Basket.objects.update(claimed_until=None)
    assert (read_due().seen, len(reads(operator, basket.remote_id))) == (1, 1)
    assert Basket.objects.get().claimed_until is None


@pytest.mark.django_db(transaction=True)
def test_two_watchers_at_the_same_moment_share_what_is_due(operator, real_times):
    first, second = (mirrored_basket(operator, lines=0) for _ in range(2))
    for basket in (first, second):
        watch.wake(basket)
    operator.requests.clear()
    with operator.hold(f"/quote/{first.remote_id}/") as held:

        def other_watcher():
            held.wait()  # the first one has a list of both by now
            seen = read_due().seen
            held.release()
            return seen

        one, other = at_once(read_due, other_watcher)
    assert (one.seen, other) == (1, 1)
    assert reads(operator, first.remote_id, second.remote_id) == [first.remote_id, second.remote_id]


def test_a_watcher_that_died_keeps_a_basket_for_two_minutes_at_most(operator, real_times):
    with time_machine.travel(NOON, tick=False) as clock:
        basket = mirrored_basket(operator, lines=0)
        watch.wake(basket)
        Basket.objects.update(claimed_until=timezone.now() + watch.CLAIM)
        assert read_due().seen == 0
        clock.shift(121)
        assert read_due().seen == 1


def test_a_clock_that_is_set_back_does_not_lock_a_basket(operator, real_times):
    with time_machine.travel(NOON, tick=False) as clock:
        basket = mirrored_basket(operator, lines=0)
        Basket.objects.update(claimed_until=timezone.now() + watch.CLAIM)
        clock.shift(-3600)
        watch.wake(basket)
        assert read_due().seen == 1


def test_a_basket_that_is_woken_while_it_is_read_stays_due(operator, real_times):
    basket = mirrored_basket(operator, lines=0)
    watch.wake(basket)
    watching = watch._claim(basket.pk)
    watch.wake(basket)
    watch._watch(connect(), watching, Tally())
    basket.refresh_from_db()
    assert (basket.due_at <= timezone.now(), basket.claimed_until) == (True, None)


def test_a_reading_that_failed_is_tried_again_sooner_than_a_draft_is_read(operator, real_times):
    basket = mirrored_basket(operator, lines=0)
    watch.wake(basket)
    operator.fail("html", f"/quote/{basket.remote_id}/")
    read_due()
    basket.refresh_from_db()
    assert basket.due_at < timezone.now() + timedelta(seconds=real_times["warm"] * 1.3)


@pytest.mark.parametrize("action", ["reset", "hang", 429])
def test_when_the_operator_is_silent_the_pass_ends_and_nothing_is_lost(operator, real_times, action):
    baskets = [mirrored_basket(operator, lines=0) for _ in range(3)]
    for basket in baskets:
        watch.wake(basket)
    operator.requests.clear()
    operator.fail(action, "/quote/", times=9, headers={"Retry-After": "30"})
    with pytest.raises(CovageUnavailable):
        read_due()
    assert len(set(reads(operator, *(b.remote_id for b in baskets)))) == 1
    assert Basket.objects.filter(due_at__lte=timezone.now(), claimed_until=None).count() == 2
    assert not Basket.objects.exclude(claimed_until=None).exists()


def test_a_pass_whose_time_is_up_leaves_the_rest_due(operator):
    for _ in range(3):
        mirrored_basket(operator, lines=0)
    watch.wake_all()
    tally = read_due(until=0)
    assert (tally.seen, tally.is_cut, Basket.objects.filter(due_at__lte=timezone.now()).count()) == (0, True, 3)


def test_a_basket_with_very_many_lines_is_read_in_turns_the_oldest_reading_first(operator):
    basket = mirrored_basket(operator, lines=3)
    first, second, third = lines_of(operator, basket.remote_id)
    for number, line_id in enumerate((second, third, first)):
        Line.objects.filter(remote_id=line_id).update(read_at=timezone.now() - timedelta(hours=3 - number))
    operator.requests.clear()
    tally = Tally()
    operator.faults.append(Meanwhile(lambda: setattr(tally, "until", 0), f"/quote_item/{third}/"))
    watch.wake(basket)
    watch.due_baskets(connect(), tally)
    assert reads(operator, first, second, third) == [second, third]
    basket.refresh_from_db()
    assert (tally.is_cut, basket.claimed_until) == (True, None)


def test_orphans_are_read_by_themselves(operator):
    operator.shapes.quote_item = "empty"
    line = mirrored_line(operator, "2173")
    assert (line.basket, line.offers.count()) == (None, 1)


@pytest.mark.parametrize("quote_item", ["ids", "objects"])
def test_a_line_added_elsewhere_is_found_by_its_basket(operator, quote_item):
    operator.shapes.quote_item = quote_item
    basket = mirrored_basket(operator, lines=1)
    draft_line = operator.world.add_line(basket.remote_id, {"product_offering_qualification_item_id": "q"})
    watch.read_basket(connect(), basket)
    assert basket.lines.get(remote_id=draft_line["id"]).read_at is not None


def test_an_error_of_one_line_is_told_to_the_person_who_asked_after_the_others_were_read(operator):
    basket = mirrored_basket(operator, lines=2)
    Line.objects.update(read_at=None)
    operator.fail(403, f"/quote_item/{lines_of(operator, basket.remote_id)[0]}/$")
    with pytest.raises(CovageRefused):
        watch.read_basket(connect(), basket)
    assert Line.objects.exclude(read_at=None).count() == 1


def test_a_restored_line_of_a_closed_basket_is_read_again(operator):
    line = mirrored_line(operator, "2173")
    operator.world.decline(line.remote_id, "2173", "")
    operator.world.baskets[line.basket.remote_id]["state"] = "finalized"
    read_all()
    operator.world.restore(line.remote_id, "2173")
    read_all()
    line.refresh_from_db()
    assert (line.state, line.offers.get().state) == ("ready", "ready")


def test_nothing_is_read_of_a_basket_whose_create_is_not_settled(operator, sales):
    basket = store.new_basket(external_id="A", project_id="", owner=sales)
    watch.wake(basket)
    assert read_due().seen == 0
    assert not operator.requests


def test_a_refused_password_ends_the_pass(operator):
    for _ in range(2):
        mirrored_basket(operator, lines=0)
    watch.wake_all()
    operator.fail(401, "/token$", times=9)
    OperatorState.objects.update(token="")
    with pytest.raises(CovageAuthFailed):
        read_due()
    assert Basket.objects.filter(due_at__lte=timezone.now()).count() == 1


def test_reading_the_list_makes_new_baskets_due(operator):
    draft(operator, lines=0)
    read_list()
    assert read_due().seen == 1

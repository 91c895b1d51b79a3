"""An answer that was asked for before the last change of a row, or before a write on it, says nothing any more."""

import pytest

from quotes.models import Basket, Line
from quotes.services import baskets, decisions, lines
from quotes.sync import discover, store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce
from tests.sync.scenes import at_once, mirrored_basket, mirrored_line


@pytest.mark.django_db
def test_an_answer_that_was_overtaken_by_a_newer_one_is_dropped(operator, covage):
    basket = mirrored_basket(operator, external_id="OLD")
    asked, old = Asked.now(), covage.get_basket(basket.remote_id)
    operator.world.baskets[basket.remote_id]["external_id"] = "NEW"
    watch.read_basket(covage, basket)
    store.basket(old, asked)
    basket.refresh_from_db()
    assert basket.external_id == "NEW"


@pytest.mark.django_db
def test_a_list_that_was_asked_for_before_a_change_does_not_undo_it(operator, covage):
    basket = mirrored_basket(operator, external_id="OLD")
    asked, [page] = Asked.now(), covage.basket_pages()
    operator.world.baskets[basket.remote_id]["external_id"] = "NEW"
    watch.read_basket(covage, basket)
    store.basket(page.results[0], asked, detail=False)
    basket.refresh_from_db()
    assert basket.external_id == "NEW"


@pytest.mark.django_db
def test_an_older_404_does_not_take_away_what_was_read_since(operator, covage):
    basket = mirrored_basket(operator)
    asked = Asked.now()
    operator.world.baskets[basket.remote_id]["project_id"] = "P"
    watch.read_basket(covage, basket)
    store.missing(basket, asked, 0)
    basket.refresh_from_db()
    assert basket.missing_since is None


@pytest.mark.django_db
def test_the_answer_to_an_own_write_counts_whatever_was_read_meanwhile(operator, covage):
    basket = mirrored_basket(operator, project_id="P")
    asked = Asked.now(own_write=True)
    answer = covage.update_basket(basket.remote_id, {"project_id": "Q"})
    store.touch(basket)
    store.basket(answer, asked)
    basket.refresh_from_db()
    assert basket.project_id == "Q"


@pytest.mark.django_db(transaction=True)
def test_a_reading_held_up_while_a_basket_is_confirmed_leaves_it_confirmed(operator, sales):
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="A").basket
    lines.add(actor=sales, nonce=nonce(), basket=basket, fields=COMPLETE)
    basket.refresh_from_db()
    path = f"/quote/{basket.remote_id}/$"
    with operator.hold(path, method="GET", after=True) as held:

        def write_meanwhile():
            held.wait()
            command = baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
            held.release()
            return command.state

        _, state = at_once(lambda: watch.read_basket(connect(), basket), write_meanwhile)
    basket.refresh_from_db()
    assert (state, basket.state) == ("done", "confirmed")
    assert Line.objects.get().state == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_a_line_held_up_while_its_offer_is_declined_leaves_it_declined(operator, manager):
    line = mirrored_line(operator, "2173")
    with operator.hold(f"/quote_item/{line.remote_id}/$", method="GET", after=True) as held:

        def write_meanwhile():
            held.wait()
            command = decisions.decline(actor=manager, nonce=nonce(), offer=line.offers.get(), comment="")
            held.release()
            return command.state

        _, state = at_once(lambda: watch.read_line(connect(), line), write_meanwhile)
    line.refresh_from_db()
    assert (state, line.state, line.offers.get().state) == ("done", "refused", "refused")


@pytest.mark.django_db(transaction=True)
def test_a_list_held_up_while_a_basket_is_edited_keeps_the_edit(operator, sales):
    basket = mirrored_basket(operator, project_id="P")
    with operator.hold("/quote/$", method="GET", after=True) as held:

        def write_meanwhile():
            held.wait()
            changes, before = {"project_id": "Q"}, {"project_id": "P"}
            command = baskets.update(actor=sales, nonce=nonce(), basket=basket, changes=changes, before=before)
            held.release()
            return command.state

        _, state = at_once(lambda: discover.baskets(connect(), Tally(), full=True), write_meanwhile)
    assert (state, Basket.objects.get().project_id) == ("done", "Q")

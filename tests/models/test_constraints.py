"""What the database itself refuses, whatever the code above it does."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from quotes import states
from quotes.models import Basket, Command, Line, Offer, Rejected
from quotes.models.commands import EXPORTS, Kind
from tests.cast import nonce

pytestmark = pytest.mark.django_db


@pytest.fixture
def basket(db):
    return Basket.objects.create(remote_id="B")


@pytest.fixture
def line(basket):
    return Line.objects.create(remote_id="L", basket=basket)


@pytest.fixture
def command(sales):
    """Insert a command as the journal would; the fields that matter are given."""

    def insert(**fields):
        return Command.objects.create(actor=sales, **{"nonce": nonce(), "kind": Kind.ACCEPT} | fields)

    return insert


def refused(name, act):
    """By the database; PostgreSQL names the constraint, SQLite only its columns."""
    with pytest.raises(IntegrityError, match=name if connection.vendor == "postgresql" else None), transaction.atomic():
        act()


def test_a_nonce_is_used_once(command):
    command(nonce="n", kind=Kind.EXPORT_CSV)
    refused("nonce", lambda: command(nonce="n", kind=Kind.EXPORT_CSV))


ALIVE = [state for state in states.COMMAND if state not in states.WITHOUT_EFFECT]


@pytest.mark.parametrize("first", ALIVE)
def test_a_line_has_one_accept_that_may_have_an_effect(command, line, first):
    command(line=line, state=first)
    refused("one_accept_a_line", lambda: command(line=line))


@pytest.mark.parametrize("first", states.WITHOUT_EFFECT)
def test_an_accept_without_effect_leaves_room_for_another(command, line, first):
    command(line=line, state=first)
    command(line=line)


def test_an_accept_cannot_be_sent_twice(command, line):
    row = command(line=line, attempts=1)
    refused("an_accept_is_sent_once", lambda: Command.objects.filter(pk=row.pk).update(attempts=2))


def test_another_kind_may_be_sent_again(command, line):
    row = command(line=line, kind=Kind.UPDATE_LINE, attempts=1)
    assert Command.objects.filter(pk=row.pk).update(attempts=3) == 1


@pytest.mark.parametrize("first", states.LIVE)
@pytest.mark.parametrize("second", states.LIVE)
def test_a_line_has_one_live_write(command, line, first, second):
    command(line=line, kind=Kind.DECLINE, state=first)
    refused("one_live_write_a_line", lambda: command(line=line, kind=Kind.RESTORE, state=second))


def test_a_write_that_waits_does_not_keep_another_from_waiting(command, line):
    command(line=line, kind=Kind.DECLINE)
    command(line=line, kind=Kind.RESTORE)


def test_the_second_of_two_waiting_writes_cannot_become_alive(command, line):
    first, second = command(line=line, kind=Kind.DECLINE), command(line=line, kind=Kind.RESTORE)
    Command.objects.filter(pk=first.pk).update(state="sending")
    refused("one_live_write_a_line", lambda: Command.objects.filter(pk=second.pk).update(state="sending"))


@pytest.mark.parametrize("kind", EXPORTS)
def test_exports_do_not_stand_in_the_way(command, line, kind):
    command(line=line, basket=line.basket, kind=kind, state="sending")
    command(line=line, basket=line.basket, kind=kind, state="sending")
    command(line=line, basket=line.basket, kind=Kind.DECLINE, state="sending")


def test_a_basket_has_one_live_write_of_its_own(command, basket, line):
    command(basket=basket, kind=Kind.CONFIRM, state="sending")
    refused("one_live_write_a_basket", lambda: command(basket=basket, kind=Kind.UPDATE_BASKET, state="uncertain"))
    command(basket=basket, line=line, kind=Kind.UPDATE_LINE, state="sending")


def test_two_baskets_of_one_name_are_not_created_at_once(command):
    command(kind=Kind.CREATE_BASKET, token="A", state="sending", basket=Basket.objects.create())
    other = Basket.objects.create()
    refused("one_basket_of_a_name", lambda: command(kind=Kind.CREATE_BASKET, token="A", state="sending", basket=other))
    command(kind=Kind.CREATE_BASKET, token="B", state="sending", basket=other)


def test_two_lines_of_one_name_are_not_added_to_a_basket_at_once(command, basket):
    lines = [Line.objects.create(basket=basket) for _ in range(3)]
    command(kind=Kind.ADD_LINE, token="A", state="sending", basket=basket, line=lines[0])
    add = {"kind": Kind.ADD_LINE, "token": "A", "state": "sending"}
    refused("one_line_of_a_name", lambda: command(**add, basket=basket, line=lines[1]))
    command(**add, basket=Basket.objects.create(), line=lines[2])


@pytest.mark.parametrize("model", [Basket, Line])
def test_an_object_of_the_operator_has_one_row(model):
    model.objects.create(remote_id="X")
    refused("remote_id", lambda: model.objects.create(remote_id="X"))


@pytest.mark.parametrize("model", [Basket, Line])
def test_many_rows_may_wait_for_their_id_but_none_has_an_empty_one(model):
    for _ in range(2):
        model.objects.create(remote_id=None)
    refused("remote_id_not_empty", lambda: model.objects.create(remote_id=""))


def test_a_product_has_one_offer_on_a_line(line):
    Offer.objects.create(line=line, product_id="2173")
    refused("one_offer_a_product", lambda: Offer.objects.create(line=line, product_id="2173"))


def test_a_rejected_item_has_one_row_in_its_collection(db):
    now = "2026-11-25T12:00:00Z"
    Rejected.objects.create(collection="lines", fingerprint="f", seen_at=now)
    Rejected.objects.create(collection="baskets", fingerprint="f", seen_at=now)
    refused("one_rejected_item", lambda: Rejected.objects.create(collection="lines", fingerprint="f", seen_at=now))


def test_people_baskets_and_lines_with_commands_cannot_be_deleted(command, sales, line):
    command(line=line, basket=line.basket)
    for thing in (sales, line, line.basket):
        with pytest.raises(ProtectedError):
            thing.delete()

"""Somebody does not want to wait for the next reading: what is known at once is said, and nothing is denied sooner."""

import pytest

from quotes.covage import CovageError
from quotes.models import Command
from quotes.services import baskets, lines
from tests.faults import stage

pytestmark = pytest.mark.django_db


def uncertain(command) -> Command:
    assert command.state == "uncertain"
    return command


def test_reading_a_line_again_settles_an_accept_whose_answer_was_lost(operator, manager):
    line = stage.priced(operator)
    operator.fail("reset", "/accept/", after=True)
    command = uncertain(stage.accept(line, manager))
    assert lines.refresh(line).state == "accepted"
    command.refresh_from_db()
    assert (command.state, command.gap) == ("done", "order_ids")
    assert len(operator.sent("PATCH", "/accept/")) == 1


def test_reading_a_basket_again_settles_a_confirm_whose_answer_was_lost(operator, sales):
    basket = stage.draft(operator)
    operator.fail("reset", "/confirm/", after=True)
    command = uncertain(stage.confirm(basket, sales))
    baskets.refresh(basket)
    command.refresh_from_db()
    assert command.state == "done"


def test_impatience_denies_nothing_and_delays_no_reading(operator, manager):
    line = stage.priced(operator)
    operator.fail(504, "/accept/", later=True)
    command = uncertain(stage.accept(line, manager))
    for _ in range(20):
        lines.refresh(line)
    again = Command.objects.get(pk=command.pk)
    assert (again.state, again.checks, again.next_try_at) == ("uncertain", 0, command.next_try_at)
    operator.catch_up()
    lines.refresh(line)
    assert Command.objects.get(pk=command.pk).state == "done"


def test_while_the_operator_cannot_be_read_the_next_reading_stays_where_it_was(operator, manager):
    line = stage.priced(operator)
    operator.fail("reset", "/accept/", after=True)
    command = uncertain(stage.accept(line, manager))
    operator.fail(503, method="GET", times=20)
    with pytest.raises(CovageError):
        lines.refresh(line)
    again = Command.objects.get(pk=command.pk)
    assert (again.state, again.next_try_at) == ("uncertain", command.next_try_at)

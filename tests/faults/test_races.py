"""Two people, two workers, a hundred nudges: at once, with a database connection each (F36, F37, F47, F48, F55)."""

import time
from contextlib import ExitStack

import pytest
import time_machine

from quotes import tasks
from quotes.errors import NotPossible
from quotes.models import Basket, Command, Event, Line, OperatorState, SyncJob
from quotes.services import journal, reconciler, recording, sender
from quotes.sync import discover, jobs, watch
from quotes.sync.connection import connect
from tests.cast import nonce
from tests.faults import stage
from tests.faults.crowd import at_once
from tests.faults.invariants import unlike, writes

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 5


def kept_for_later(settings, *acts) -> list[Command]:
    """What people asked for while the operator could not be reached; it is back, and the breaker has closed."""
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    commands = [act() for act in acts]
    settings.COVAGE_API_URL = url
    Command.objects.update(next_try_at=None)
    OperatorState.objects.update(failures=0, open_until=None)
    return commands


@pytest.mark.parametrize("second", ["2173", "2175"])
def test_f48_two_managers_accept_one_line_at_once(operator, people, holds, second):
    for _ in range(TRIES):
        line = stage.priced(operator)
        results = at_once(
            lambda line=line: stage.accept(line, people["manager"]),
            lambda line=line: stage.accept(line, people["manager2"], second),
        )
        [command] = Command.objects.filter(line=line)
        refused = next(result for result in results if isinstance(result, NotPossible))
        assert refused.command == command
        assert command.state == "done"
    assert len(operator.world.orders) == len(operator.sent("PATCH", "/accept/")) == TRIES
    holds()


def test_the_same_form_twice_at_once_is_one_command(operator, people, holds):
    for _ in range(TRIES):
        line, form = stage.priced(operator), nonce()
        first, second = at_once(*[lambda line=line, form=form: stage.accept(line, people["manager"], form=form)] * 2)
        assert first == second
        first, second = at_once(*[lambda form=form: stage.create(people["sales"], f"B-{form}", form=f"b{form}")] * 2)
        assert first == second
    assert Basket.objects.exclude(external_id__startswith="B-").count() == TRIES
    assert len(operator.sent("POST", "/quote/$")) == len(operator.sent("PATCH", "/accept/")) == TRIES
    holds()


def test_accept_and_decline_of_one_offer_at_once_never_cross(operator, people, sweep, holds):
    for _ in range(TRIES):
        line = stage.priced(operator)
        at_once(
            lambda line=line: stage.accept(line, people["manager"]),
            lambda line=line: stage.decline(line, people["manager2"]),
        )
        done = Command.objects.filter(line=line, state="done")
        assert done.count() == 1
        line.refresh_from_db()
        assert line.state == ("accepted" if done.get().kind == "accept" else "ready")
    holds()


def test_confirm_and_a_new_line_at_once_leave_no_line_behind(operator, people, sweep, holds):
    for _ in range(TRIES):
        basket = stage.draft(operator)
        at_once(
            lambda basket=basket: stage.confirm(basket, people["sales"]),
            lambda basket=basket: stage.add_line(basket, people["sales2"]),
        )
        assert not Command.objects.filter(basket=basket, state="refused", attempts=1).exists()
        lines_there = {line["state"] for line in operator.world._of(basket.remote_id)}
        assert len(lines_there) == 1
    holds()


def test_two_confirms_at_once_send_one(operator, people, holds):
    for _ in range(TRIES):
        basket = stage.draft(operator)
        at_once(*[lambda basket=basket, who=who: stage.confirm(basket, people[who]) for who in ("sales", "sales2")])
    assert len(operator.sent("PATCH", "/confirm/")) == TRIES
    holds()


def test_two_baskets_of_one_name_at_once_get_two_names(operator, people, sweep, holds):
    at_once(*[lambda who=who: stage.create(people[who], "SAME") for who in ("sales", "sales2")])
    sweep(5)
    names = [basket["external_id"] for basket in operator.world.baskets.values()]
    assert len(set(names)) == 2
    assert set(Command.objects.values_list("state", flat=True)) == {"done"}
    holds()


@pytest.mark.parametrize("path", ["/quote_item/", "/accept/"])
def test_f36_two_workers_with_one_command_send_once(operator, line, manager, settings, holds, path):
    """Both have it in hand while the first waits for the operator, before or after the point of no return."""
    [command] = kept_for_later(settings, lambda: stage.accept(line, manager))
    with operator.hold(path) as held:

        def second():
            held.wait()
            result = sender.run(command.pk)
            held.release()
            return result.state

        _, state = at_once(lambda: sender.run(command.pk), second)
    assert state in ("recorded", "sending")
    assert len(operator.sent("PATCH", "/accept/")) == 1
    holds()


def test_f36_a_hundred_nudges_send_once(operator, line, manager, settings, holds):
    kept_for_later(settings, lambda: stage.accept(line, manager))
    at_once(*[lambda: [reconciler.sweep() for _ in range(25)]] * 4)
    assert len(operator.sent("PATCH", "/accept/")) == 1
    holds()


def test_f37_two_beats_make_one_run(operator, settings):
    settings.SYNC = settings.SYNC | {"command": 60}
    at_once(*[tasks.sweep_commands] * 4)
    assert SyncJob.objects.get(name="commands").started_at
    assert len(set(SyncJob.objects.values_list("started_at", flat=True))) == 1


def test_a_second_write_on_a_line_waits_until_the_first_is_settled(operator, line, people, settings, sweep, holds):
    """Both were recorded while the operator was away; they go out one after the other."""
    first, second = kept_for_later(
        settings,
        lambda: stage.decline(line, people["manager"], "2173"),
        lambda: Command.objects.create(
            kind="decline", nonce=nonce(), actor=people["manager2"], basket=line.basket, line=line, product_id="2175",
            params={"product_id": "2175"},
        ),
    )  # fmt: skip
    with operator.hold("/decline/", after=True) as held:

        def other():
            held.wait()
            sender.run(second.pk)
            state = Command.objects.get(pk=second.pk).state
            held.release()
            return state

        _, state = at_once(lambda: sender.run(first.pk), other)
    assert state == "recorded"
    sweep(2)
    assert set(Command.objects.values_list("state", flat=True)) == {"done"}
    holds()


def test_f47_a_reading_asked_before_a_write_does_not_step_over_it(operator, line, manager, holds):
    with operator.hold(f"/quote_item/{line.remote_id}/$", method="GET", after=True) as held:

        def write():
            held.wait()
            command = stage.accept(line, manager)
            held.release()
            return command.state

        _, state = at_once(lambda: watch.read_line(connect(), Line.objects.get(pk=line.pk)), write)
    line.refresh_from_db()
    assert (state, line.state) == ("done", "accepted")
    holds()


def test_f29_a_clock_that_ran_ahead_during_the_call_keeps_no_reading_waiting(operator, line, manager, holds):
    ahead = time_machine.travel(time.time() + 3600)
    with operator.hold("/accept/", after=True) as held:  # longer than anybody waits for the answer

        def run_ahead():
            held.wait()
            ahead.start()

        command, _ = at_once(lambda: stage.accept(line, manager), run_ahead)
    ahead.stop()
    assert command.state == "uncertain"
    reconciler.sweep()
    command.refresh_from_db()
    assert (command.state, command.gap) == ("done", "order_ids")
    holds()


def test_f29_what_a_lost_create_made_is_ours_though_it_was_found_while_the_clock_was_behind(operator, manager, holds):
    basket = stage.draft(operator)
    operator.fail("reset", "/quote_item/$", method="POST", after=True)
    command = stage.add_line(basket, manager)
    assert command.state == "uncertain"
    with time_machine.travel(time.time() - 3600):
        discover.lines(connect(), jobs.Tally())  # a list names no basket: another row stands for the line
    reconciler.sweep()
    command.refresh_from_db()
    assert command.state == "done"
    holds()


def test_a_worker_leaves_a_fresh_click_to_the_request_that_waits_for_it(operator, sales, holds):
    with ExitStack() as busy:
        for _ in range(4):  # as many people wait already as may
            busy.enter_context(sender.AT_ONCE)
        command = stage.create(sales)
    reconciler.sweep()
    assert not operator.sent("POST", "/quote/$")
    with time_machine.travel(time.time() + recording.HEAD_START + 1):
        reconciler.sweep()
    command.refresh_from_db()
    assert command.state == "done"
    holds()


def test_withdrawing_and_sending_at_once_is_one_of_the_two(operator, people, settings, holds):
    for _ in range(TRIES):
        line = stage.priced(operator)
        [command] = kept_for_later(settings, lambda line=line: stage.accept(line, people["manager"]))
        at_once(
            lambda command=command: sender.run(command.pk),
            lambda command=command: journal.withdraw(Command.objects.get(pk=command.pk), actor=people["manager"]),
        )
        command.refresh_from_db()
        sent = writes(operator).get(command.pk.hex, [])
        assert (command.state, len(sent)) in [("done", 1), ("withdrawn", 0)]
    holds()


def test_reading_and_writing_at_once_deadlock_nobody(operator, people, holds):
    """Several lines of one basket, read and decided by all at once: nothing is lost, and in the end all is alike."""
    basket = stage.draft(operator, lines=4)
    operator.world.confirm(basket.remote_id)
    for line in basket.lines.all():
        operator.world.price(line.remote_id, "2173", "2175")
    stage.mirrored(operator, basket.remote_id)
    lines = list(basket.lines.all())

    def read():
        for _ in range(4):
            watch.read_basket(connect(), Basket.objects.get(pk=basket.pk))

    def decide(mine, who):
        return [stage.accept(line, people[who]).state for line in mine]

    results = at_once(read, read, lambda: decide(lines[:2], "manager"), lambda: decide(lines[2:], "manager2"))
    assert results[2:] == [["done", "done"]] * 2
    assert not Event.objects.filter(kind="command_uncertain").exists()
    watch.read_basket(connect(), Basket.objects.get(pk=basket.pk))
    assert unlike(operator) == []
    holds()

"""The journal as a machine: people record, the operator fails at random, the worker sweeps, the clock jumps.

After every step the invariants hold; at the end everything settles by itself or waits visibly for a person.
"""

import contextlib
import os
import time
from collections import Counter
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings as live
from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quotes.errors import PortalError
from quotes.models import Basket, Command, OperatorState
from quotes.services import journal, reconciler
from tests.faults import stage
from tests.faults.invariants import broken
from tests.operator.faults import Fault

pytestmark = pytest.mark.django_db
REFUSALS = [400, 401, 403, 404, 409, 429]
ACTIONS = ["reset", "close", "truncate", "html", "empty", "wrong_type", "redirect", 500, 503, *REFUSALS]
# What becomes of a write: None for nothing unusual; `later` for an effect behind a gateway that gave up.
WRITES = st.none() | st.builds(
    Fault, action=st.sampled_from(ACTIONS), method=st.just("PATCH|POST"), after=st.booleans(), later=st.booleans()
)
READS = st.builds(Fault, action=st.sampled_from(ACTIONS), method=st.just("GET"), times=st.integers(1, 4))
RUNS = hypothesis_settings(
    max_examples=int(os.environ.get("MACHINE_RUNS", 20)),
    stateful_step_count=12,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WHO = st.sampled_from(["manager", "manager2"])
PRODUCT = st.sampled_from(["2173", "2175"])


class Journal(RuleBasedStateMachine):
    operator = people = None  # set by the test
    seen: Counter = Counter()

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.clock = time_machine.travel(time.time(), tick=True)
        self.traveller = self.clock.start()
        world = self.operator.world
        for memory in (world.baskets, world.lines, world.effects, world.orders, world.sold):
            memory.clear()
        self.operator.requests.clear()
        self.operator.faults.clear()
        self.waited = 0
        self.line, self.basket = stage.priced(self.operator), stage.draft(self.operator)

    def teardown(self):
        self.operator.faults.clear()
        self.operator.catch_up()
        self._reachable(True)
        for _ in range(40):
            if not self._sweep():
                break
        try:
            self.holds()
            ended = Command.objects.values_list("kind", "state")
            self.seen.update(ended)
            assert not {state for _, state in ended} & {"recorded", "sending", "uncertain"}, ended
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(fault=READS)
    def readings_will_fail(self, fault):
        self.operator.faults.append(replace(fault))

    @rule()
    def the_operator_catches_up(self):
        self.operator.catch_up()

    @rule(there=st.booleans())
    def the_operator_is_reachable_or_not(self, there):
        self._reachable(there)

    @rule(act=st.sampled_from(["accept", "accept", "decline", "restore"]), who=WHO, product=PRODUCT, fault=WRITES)
    def decide(self, act, who, product, fault):
        self.line.refresh_from_db()
        with self._failing(fault):
            getattr(stage, act)(self.line, self.people[who], product)

    @rule(who=WHO, name=st.sampled_from(["", "A", "B"]), fault=WRITES)
    def create(self, who, name, fault):
        with self._failing(fault):
            stage.create(self.people[who], name)

    @rule(who=WHO, confirms=st.booleans(), fault=WRITES)
    def add_a_line_or_confirm(self, who, confirms, fault):
        self.basket = Basket.objects.get(pk=self.basket.pk)
        with self._failing(fault):
            (stage.confirm if confirms else stage.add_line)(self.basket, self.people[who])

    @rule(who=WHO)
    def withdraw(self, who):
        for command in Command.objects.filter(state="recorded")[:1]:
            with contextlib.suppress(PortalError):
                journal.withdraw(command, actor=self.people[who])

    @rule()
    def sweep(self):
        """What the operator does behind a gateway, it does within the quiet time."""
        self.waited = self.waited + 1 if self.operator.late else 0
        if self.waited > 3:
            self.operator.catch_up()
        self._sweep()

    @rule(seconds=st.sampled_from([2, 30, 130, 3600, -90, -3600]))
    def the_clock_jumps(self, seconds):
        self.traveller.shift(seconds)

    @invariant()
    def holds(self):
        assert broken(self.operator) == []

    def _sweep(self) -> int:
        Command.objects.update(next_try_at=None)
        OperatorState.objects.update(failures=0, open_until=None, paused_until=None, login_blocked_until=None)
        return reconciler.sweep()

    @contextlib.contextmanager
    def _failing(self, fault):
        """The next write meets the fault; what the portal refuses by a rule of its own is no failure."""
        if fault:
            gave_up = fault.action not in REFUSALS  # who refuses does not do it later
            fault = replace(fault, later=fault.later and gave_up and not fault.after)
            self.operator.faults.append(fault)
        with contextlib.suppress(PortalError):
            yield

    def _reachable(self, there):
        live.COVAGE_API_URL = self.operator.url if there else "http://127.0.0.1:9"


def test_the_journal_holds_whatever_comes(operator, people, settings):
    settings.SYNC |= {"quiet": 60 / settings.SYNC_SPEED, "quiet_accept": 900 / settings.SYNC_SPEED}
    machine = type("Machine", (Journal,), {"operator": operator, "people": people})
    run_state_machine_as_test(machine, settings=RUNS)

"""Everything at once: four people, an operator that fails at random, workers that are killed, clocks that jump.

The clock of the people's process jumps, that of the workers does not: the two differ as those of two machines might.
"""

import random
import threading
import time
import traceback
from collections import Counter

import time_machine
from django.db import connection

from quotes.errors import PortalError
from quotes.models import Basket, Command, Line
from quotes.services import crashing, journal, reconciler
from quotes.sync import discover, jobs, watch
from quotes.sync.connection import connect
from tests.faults import stage
from tests.faults.invariants import broken, unlike
from tests.faults.trials import LOST, SAID_NO, SLOW, UNSETTLED, gateway

PEOPLE = ("sales", "sales2", "manager", "manager2")
LONGEST = 60  # seconds that an accept may wait, see stage.hurry
BUSY = 40  # seconds by which a busy machine may be slow; what leaves too late by a jump is late by an hour


class Nemesis:
    """`run(seconds)`, then `verdict(browser)`: the invariants that do not hold. `counts` tells what happened."""

    def __init__(self, operator, people, processes, seed):
        self.operator, self.people, self.processes, self.seed = operator, people, processes, seed
        self.counts: Counter = Counter()
        self.crashes: list[str] = []
        self.asked_at: dict[str, float] = {}  # command -> moment on the clock that nobody moves
        self.stop = threading.Event()
        processes.url = operator.url

    def run(self, seconds: float) -> None:
        for _ in range(4):
            stage.priced(self.operator)
            stage.draft(self.operator, lines=2)
        self.at_work = [self.processes.start("work", hurries=True) for _ in range(2)]
        self.clock = time_machine.travel(time.time(), tick=True)
        self.traveller = self.clock.start()
        parts = [*[lambda who=who: self._person(who) for who in PEOPLE], self._back_office, self._faults, self._killer]
        threads = [threading.Thread(target=self._until_stopped, args=(part,)) for part in [*parts, self._watcher]]
        with gateway(self.operator):
            for thread in threads:
                thread.start()
            self.stop.wait(seconds)
            self.stop.set()
            for thread in threads:
                thread.join(300)
            self.operator.faults.clear()
        self.clock.stop()
        self._settle()

    def verdict(self, browser) -> list[str]:
        found = [line for line in broken(self.operator, browser) if not line.startswith("I8")]
        return self.crashes + found + self._too_late() + unlike(self.operator) + self._unsettled()

    def _until_stopped(self, part) -> None:
        try:
            part()
        except Exception as error:
            self.crashes.append(f"crashed: {error!r}")
            traceback.print_exc()
        finally:
            connection.close()

    def _dice(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}-{name}")

    def _person(self, who: str) -> None:
        dice, actor = self._dice(who), self.people[who]
        while not self.stop.wait(dice.uniform(0, 0.15)):
            act = dice.choice([self._decide, self._decide, self._write, self._write, self._create, self._withdraw])
            moment = time.monotonic()
            try:
                command = act(dice, actor)
            except PortalError as error:
                self.counts[f"told: {type(error).__name__}"] += 1
                continue
            if command:
                self.asked_at[command.pk.hex] = moment
                self.counts[f"told: {command.state}"] += 1

    def _decide(self, dice, actor):
        product = dice.choice(["2173", "2175"])
        decidable = Line.objects.filter(state__in=("ready", "refused"), offers__product_id=product, gone_at=None)
        line = _any(dice, decidable)
        if line is None:
            return None
        return dice.choice([stage.accept, stage.accept, stage.decline, stage.restore])(line, actor, product)

    def _write(self, dice, actor):
        basket = _any(dice, Basket.objects.filter(state="acknowledged", gone_at=None))
        line = basket and _any(dice, basket.lines.filter(state="acknowledged", gone_at=None))
        if line is None:
            return None
        act = dice.choice(["add_line", "edit", "upload", "confirm"])
        if act == "add_line":
            return stage.add_line(basket, actor, end_customer_name=f"Client {dice.random()}")
        if act == "confirm":
            return stage.confirm(basket, actor)
        return stage.upload(line, actor) if act == "upload" else stage.edit(line, actor, f"note {dice.random()}")

    def _create(self, dice, actor):
        command = stage.create(actor, dice.choice(["", f"B{dice.randint(1, 5)}"]))
        if command.state == "done":
            stage.add_line(command.basket, actor)
        return command

    def _withdraw(self, dice, actor):
        command = _any(dice, Command.objects.filter(state="recorded"))
        if command:
            journal.withdraw(command, actor=actor)
        return command

    def _back_office(self) -> None:
        """The operator answers confirmed lines with prices; more come in from elsewhere."""
        while not self.stop.wait(0.3):
            stage.priced(self.operator)
            with self.operator.world.lock:
                for line in list(self.operator.world.lines.values()):
                    if line["state"] == "confirmed":
                        self.operator.world.price(line["id"], "2173", "2175")

    def _faults(self) -> None:
        dice = self._dice("faults")
        while not self.stop.wait(dice.uniform(0.05, 0.4)):
            self.counts["faults prepared"] += 1
            self.operator.faults[:] = [fault for fault in self.operator.faults if fault.times][-20:]
            self.operator.fail(**self._fault(dice))
            if dice.random() < 0.08:
                self.traveller.shift(dice.choice([-3600, -45, 45, 3600]))
                self.counts["clock jumps"] += 1

    def _fault(self, dice) -> dict:
        if dice.random() < 0.3:
            return {"action": dice.choice(LOST), "path": "/api/", "method": "GET", "times": dice.randint(1, 4)}
        action = dice.choice([*LOST, *LOST, *SAID_NO, *SLOW])
        after = dice.random() < 0.5
        later = not after and action not in SAID_NO and dice.random() < 0.2
        path = "/accept/" if later else "/api/"  # only of an accept the quiet time is long enough here
        return {
            "action": action,
            "path": path,
            "method": "PATCH|POST|DELETE",
            "after": after,
            "later": later,
            "pace": 0.02,
        }

    def _killer(self) -> None:
        """Two workers at work; one after the other is killed, at a named point or anywhere."""
        dice, at_work = self._dice("killer"), self.at_work
        while not self.stop.wait(dice.uniform(0.3, 1.5)):
            self.processes.kill(at_work.pop(0))
            self.counts["workers killed"] += 1
            at_work.append(self._worker(dice))
        for pid in at_work:
            self.processes.kill(pid)

    def _worker(self, dice) -> int:
        point = dice.choice(["", "", *crashing.POINTS])
        return self.processes.start("work", at=point, hurries=True)

    def _watcher(self) -> None:
        while not self.stop.wait(0.3):
            jobs.run("baskets", 0.1, lambda tally: watch.due_baskets(connect(), tally))

    def _settle(self, patience: float = 120) -> None:
        """Nothing fails any more, and the clock is right again: all that is open must end by itself.

        `patience`: seconds without any of it ending.
        """
        left, since = None, time.monotonic()
        while (open_now := len(self._unsettled())) and time.monotonic() - since < patience:
            if open_now != left:
                left, since = open_now, time.monotonic()
            reconciler.sweep()
            time.sleep(0.05)
        discover.baskets(connect(), jobs.Tally(), full=True)
        discover.lines(connect(), jobs.Tally())
        for basket in Basket.objects.exclude(remote_id=None):
            watch.read_basket(connect(), basket)
        reconciler.sweep()

    def _too_late(self) -> list[str]:
        """I8 on the clock that nobody moved."""
        sent = self.operator.sent("PATCH", "/accept/")
        ages = [
            request["moment"] - self.asked_at.get(request["headers"]["X-Request-ID"][:32], request["moment"])
            for request in sent
        ]
        return [f"I8: an accept left after {age:.0f} s" for age in ages if age > LONGEST + BUSY]

    def _unsettled(self) -> list[str]:
        """What waits for a write that waits for a person is where it belongs."""
        parked = Command.objects.filter(state="needs_person").values("line")
        left = Command.objects.filter(state__in=UNSETTLED).exclude(reason="under_way", line__in=parked)
        return [f"I5: {command} stays {command.state} ({command.reason})" for command in left]


def _any(dice, rows):
    found = list(rows.order_by("pk")[:200])
    return dice.choice(found) if found else None

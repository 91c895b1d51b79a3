"""Many trials of one kind, counted: accepts whose answer goes wrong, and processes that are killed."""

import itertools
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import time_machine
from django.db import connection

from quotes.errors import PortalError
from quotes.models import Command
from quotes.services import crashing, reconciler
from tests.cast import nonce
from tests.faults import stage
from tests.faults.crowd import at_once

CROWD = 6  # trials at once
LOST = ["reset", "close", "truncate", "html", "empty", "wrong_type", "redirect", 408, 500, 502, 503, 504]
SLOW = ["hang", "drip"]
SAID_NO = [400, 401, 403, 404, 409, 422]
UNSETTLED = ("recorded", "sending", "uncertain")
WRITE_PATHS = {
    "accept": "/accept/",
    "decline": "/decline/",
    "create": "/quote/$",
    "confirm": "/confirm/",
    "add_line": "/quote_item/$",
    "upload": "/upload/",
}


def accepts(operator, people, count: int, seed, until: float) -> Counter:
    """Accepts by one or two managers, each with a fault of its own, while two workers sweep.

    `until`, here and below: on the monotonic clock, from when on nothing new is tried. `tried` counts what was.
    """
    endings: Counter = Counter()

    def trial(number):
        if time.monotonic() > until:
            return
        try:
            endings.update(["tried", *_accept(operator, people, random.Random(f"{seed}-{number}"))])
        finally:
            connection.close()

    with workers(), gateway(operator):
        with ThreadPoolExecutor(CROWD) as crowd:
            list(crowd.map(trial, range(count)))
        wait_until_settled()
    return endings


def _accept(operator, people, dice) -> list[str]:
    line = stage.priced(operator)
    path = f"/quote_item/{line.remote_id}/"
    faults = [operator.fail(path=f"{path}accept/", method="PATCH", **_fault(dice))]
    if dice.random() < 0.2:
        faults.append(operator.fail(dice.choice(LOST), f"{path}$", method="GET", skip=dice.randint(0, 2), times=3))
    crowd = dice.sample(["manager", "manager2"], dice.choice([1, 1, 2]))
    wanted = [(people[who], dice.choice(["2173", "2175"])) for who in crowd]
    results = at_once(*[lambda who=who, product=product: stage.accept(line, who, product) for who, product in wanted])
    for fault in faults:
        operator.faults.remove(fault)
    return [ending(result) for result in results]


def _fault(dice) -> dict:
    kind = dice.random()
    if kind < 0.1:
        return {"action": 500, "times": 0}  # none
    if kind < 0.2:
        return {"action": dice.choice(SAID_NO), "after": dice.random() < 0.5}
    if kind < 0.24:
        return {"action": dice.choice(SLOW), "after": True, "pace": 0.02}
    when = dice.choice(["before", "after", "after", "later"])
    return {"action": dice.choice(LOST), "after": when == "after", "later": when == "later"}


def ending(result) -> str:
    """How a person was answered."""
    if isinstance(result, PortalError):
        return "told that it is not possible"
    if isinstance(result, Exception):
        raise result
    if result.state in UNSETTLED:
        return f"told that it is {result.state}"
    return f"told that it is {result.state}" if result.attempts else f"told that it is {result.state}, not sent"


def kills(operator, people, count: int, seed, until: float, processes) -> Counter:
    """Processes killed at a named point, or while they wait; the next ones go on."""
    processes.url = operator.url
    endings: Counter = Counter()
    for number in itertools.takewhile(lambda _: time.monotonic() < until, range(count)):
        dice = random.Random(f"{seed}-kill-{number}")
        point = dice.choice([*crashing.POINTS, "waiting"])
        status = _kill(operator, processes, point, _job(operator, dice))
        endings["tried"] += 1
        endings[f"killed at {point}" if status == -signal.SIGKILL else f"ended by itself before {point}"] += 1
        if number % 20 == 19:
            go_on()
    go_on()
    return endings


def _job(operator, dice) -> dict:
    do = dice.choice(list(WRITE_PATHS))
    job = {"do": do, "actor": dice.choice(["manager", "manager2"]), "form": nonce(), "hurries": True}
    if do in ("accept", "decline"):
        return job | {"line": str(stage.priced(operator).pk)}
    if do == "upload":
        return job | {"line": str(stage.draft(operator).lines.get().pk)}
    return job if do == "create" else job | {"basket": str(stage.draft(operator).pk)}


def _kill(operator, processes, point, job) -> int:
    if point == "waiting":
        with operator.hold(WRITE_PATHS[job["do"]], method="PATCH|POST", after=True) as held:
            pid = processes.start(**job)
            held.wait()
            return processes.kill(pid)
    if point in ("reading", "read", "proving"):
        operator.fail("reset", WRITE_PATHS[job["do"]], method="PATCH|POST", after=True)
        processes.run(**job)
        Command.objects.filter(state="uncertain").update(next_try_at=None)
        return processes.run("sweep", at=point, hurries=True)
    return processes.run(at=point, **job)


def go_on(patience: float = 60) -> None:
    """After the claims of the dead have lapsed: sweep until everything is settled."""
    until = time.monotonic() + patience
    with time_machine.travel(time.time() + 40):
        while Command.objects.filter(state__in=UNSETTLED).exists() and time.monotonic() < until:
            Command.objects.filter(state__in=UNSETTLED).update(next_try_at=None)
            reconciler.sweep()


@contextmanager
def workers(number: int = 2):
    """Threads that sweep, as workers do."""
    stop = threading.Event()

    def work():
        while not stop.wait(0.02):
            reconciler.sweep()
        connection.close()

    with _threads(stop, *[work] * number):
        yield


@contextmanager
def gateway(operator):
    """What a gateway gave up on is done up to half a second later, well within the quiet time."""
    stop = threading.Event()

    def catch_up():
        while not stop.wait(0.5):
            operator.catch_up()
        operator.catch_up()

    with _threads(stop, catch_up):
        yield


@contextmanager
def _threads(stop, *calls):
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def wait_until_settled(patience: float = 120) -> None:
    """Until everything is settled, or nothing more was for so many seconds."""
    left, since = None, time.monotonic()
    while time.monotonic() - since < patience:
        now = Command.objects.filter(state__in=UNSETTLED).count()
        if not now:
            return
        if now != left:
            left, since = now, time.monotonic()
        time.sleep(0.2)


def totals(operator) -> dict[str, int]:
    """The operator's ledger and the journal's ends, in figures."""
    commands = Command.objects.values_list("kind", "state", "gap", "reason")
    found = Counter(_end(*facts) for facts in commands)
    orders = Counter(line for line, _ in operator.world.orders)
    found["orders in the ledger"] = len(operator.world.orders)
    found["lines ordered twice"] = sum(count > 1 for count in orders.values())
    found["accept requests in the ledger"] = len(operator.sent("PATCH", "/accept/"))
    return dict(sorted(found.items()))


def _end(kind, state, gap, reason) -> str:
    more = {"done": " without ids" if gap else "", "needs_person": f": {reason}"}
    return f"{kind} {state}{more.get(state, '')}"

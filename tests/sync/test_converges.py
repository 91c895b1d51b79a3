"""Whatever happened there, in whatever order it was read and whatever failed: after quiet time the mirror is equal."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from quotes import covage
from quotes.covage import CovageError
from quotes.models import Basket, Line, OperatorState
from quotes.models.events import broken_links
from quotes.sync import discover, watch
from quotes.sync.connection import connect
from quotes.sync.facts import moment
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, point_at
from tests.operator import Operator, Shapes
from tests.operator.world import Refused
from tests.sync.scenes import lines_of, read_all

pytestmark = pytest.mark.django_db

SHAPES = [
    Shapes(),
    Shapes(quote_item="ids", ids="text", empty="null", prices="mef", dates="z", next_page="number"),
    Shapes(ids="number", empty="null", prices="nested", numbers="comma", dates="bare", page_size=2, extra=True),
]
FAULTS = ["reset", "truncate", "html", "empty", "wrong_type", 404, 500, 401]


class History:
    """What may happen at the operator, and how the portal may happen to read it. Numbers choose among what exists."""

    def __init__(self, operator):
        self.operator, self.world = operator, operator.world

    def new_basket(self, number):
        self.world.draft(external_id=f"EXT-{number}")

    def new_line(self, number):
        self.world.add_line(self._basket(number), COMPLETE | {"external_id": f"SITE-{number}"})

    def rename(self, number):
        self.world.update_basket(self._basket(number), {"project_id": f"P{number}"})

    def edit(self, number):
        line = self._line(number)
        self.world.update_line(
            line["basket"], line["id"], {"note": f"note {number}", "end_customer_name": f"C{number}"}
        )

    def confirm(self, number):
        self.world.confirm(self._basket(number))

    def price(self, number):
        line = self._line(number)
        if line["state"] in ("confirmed", "ready"):
            self.world.price(line["id"], *["2173", "2175", "2177"][: number % 3 + 1])

    def new_price(self, number):
        for offer in self._line(number)["offers"][:1]:
            offer["monthly"] += 1

    def accept(self, number):
        line = self._line(number)
        self.world.accept(line["id"], line["offers"][0]["id"])

    def decline(self, number):
        line = self._line(number)
        self.world.decline(line["id"], line["offers"][-1]["id"], "")

    def restore(self, number):
        line = self._line(number)
        self.world.restore(line["id"], line["offers"][-1]["id"])

    def expire(self, number):
        line = self._line(number)
        if line["state"] == "ready":
            line["state"] = "expired"

    def unheard_of(self, number):
        self._line(number)["state"] = "escalated"

    def delete_line(self, number):
        line = self._line(number)
        self.world.delete_line(line["basket"], line["id"])

    def delete_basket(self, number):
        basket_id = self._basket(number)
        for line_id in lines_of(self.operator, basket_id):
            del self.world.lines[line_id]
        del self.world.baskets[basket_id]

    def read_baskets(self, number):
        self._read(discover.baskets, full=bool(number % 2))

    def read_lines(self, number):
        self._read(discover.lines)

    def read_due(self, number):
        watch.wake_all()
        self._read(watch.due_baskets)

    def read_one(self, number):
        row = Basket.objects.exclude(remote_id=None).order_by("added_at").first()
        if row:
            watch.wake(row)
            self._read(watch.due_baskets, most=1)

    def fault(self, number):
        self.operator.fail(FAULTS[number % len(FAULTS)], "/api/", method="GET", skip=number % 4, times=number % 3 + 1)

    def _read(self, reading, **options):
        try:
            reading(connect(), Tally(), **options)
        except CovageError:
            pass  # the next reading is another one

    def _basket(self, number):
        return self._chosen(self.world.baskets, number)["id"]

    def _line(self, number):
        return self._chosen(self.world.lines, number)

    def _chosen(self, rows, number):
        if not rows:
            raise Refused({})
        return list(rows.values())[number % len(rows)]

    def play(self, steps):
        for name, number in steps:
            try:
                getattr(self, name)(number)
            except (Refused, IndexError):
                pass  # that could not happen now


STEPS = [name for name in vars(History) if not name.startswith("_") and name != "play"]
USUAL = ["new_basket", "new_line", "new_line", "confirm", "price", "price", "read_due", "read_lines"]


@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS + USUAL), st.integers(0, 20)), min_size=15, max_size=35),
    shapes=st.sampled_from(SHAPES),
)
@settings(max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_after_quiet_time_the_mirror_equals_the_operator(request, steps, shapes):
    portal = request.getfixturevalue("settings")
    original = {name: getattr(portal, name) for name in ("SYNC", "SYNC_SPEED")}
    with transaction.atomic(), Operator(Shapes(**vars(shapes))) as operator:
        point_at(portal, operator.url)
        for name, value in original.items():
            setattr(portal, name, value)
        History(operator).play(steps)
        settle(operator, portal)
        assert mirror() == truth(operator)
        assert not list(broken_links())
        transaction.set_rollback(True)


def settle(operator, portal):
    """Quiet time: nothing fails any more, two 404s may lie any time apart, everything comes due."""
    operator.faults.clear()
    portal.SYNC = portal.SYNC | {"gone": 0}
    for _ in range(3):
        OperatorState.objects.update(open_until=None, paused_until=None)
        watch.wake_all()
        read_all()


def mirror():
    baskets = {
        row.remote_id: (row.state, row.external_id, row.project_id, row.creation_date)
        for row in Basket.objects.filter(gone_at=None, is_void=False)
    }
    lines = {
        row.remote_id: (row.basket.remote_id, row.state, row.end_customer_name, row.value("note"), offers_of(row))
        for row in Line.objects.filter(gone_at=None, is_void=False)
    }
    return baskets, lines


def offers_of(row):
    """Of each product its state and its monthly price, the one between 100 and 200."""
    found = {}
    for offer in row.offers.filter(is_gone=False):
        amounts = [float(amount.value) for amount in covage.read_price(offer.payload).amounts]
        found[offer.product_id] = (offer.state, next(amount for amount in amounts if 100 < amount < 200))
    return found


def truth(operator):
    world, shapes = operator.world, operator.shapes
    baskets = {
        key: (basket["state"], basket["external_id"], basket["project_id"], shown(shapes, basket["creation_date"]))
        for key, basket in world.baskets.items()
    }
    lines = {
        key: (line["basket"], line["state"], line["end_customer_name"], line["note"], prices_of(line))
        for key, line in world.lines.items()
    }
    return baskets, lines


def shown(shapes, value):
    """The moment as far as such an answer tells it."""
    return moment(covage.Basket.read({"id": "x", "creation_date": shapes.moment(value)}).creation_date)


def prices_of(line):
    return {offer["id"]: (offer["state"], offer["monthly"]) for offer in line["offers"]}

"""The operator does not answer: everything is still there to read, and what people do is kept and leaves later."""

import time

import pytest
from django.core.management import CommandError, call_command

from quotes.models import Basket, Command, Line
from tests.cast import COMPLETE, QUALIFICATION, point_at
from tests.operator import Operator
from tests.pages import places
from tests.pages.test_roles import RULES

pytestmark = pytest.mark.django_db(transaction=True)

WITH_A_STAMP = ("baskets/", "baskets/<uuid:pk>/", "lines/", "lines/<uuid:pk>/", "sync/")


@pytest.fixture
def back(settings):
    """`back(operator)`: the operator answers again, and knows all that it knew."""
    running = []

    def again(operator: Operator) -> Operator:
        running.append(Operator().__enter__())
        running[-1].world = operator.world
        point_at(settings, running[-1].url)
        return running[-1]

    yield again
    for one in running:
        one.stop()


@pytest.fixture
def line(operator):
    """A complete line in a draft of the operator, as the portal has read it."""
    made = operator.world.add_line(operator.world.draft(external_id="EXT123"), dict(COMPLETE))
    call_command("sync_covage", "--full", verbosity=0)
    return Line.objects.get(remote_id=made["id"])


@pytest.fixture
def priced(operator, line):
    operator.world.confirm(line.basket.remote_id)
    operator.world.price(line.remote_id, "2173", "2174")
    call_command("sync_covage", "--full", verbosity=0)
    return line


def until(condition, act) -> None:
    """Have the worker look again and again, as beat would."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        act()


def sweep() -> None:
    call_command("run_commands", "--once", verbosity=0)


def test_every_page_is_read_from_the_mirror_and_says_how_old_it_is(operator, line, people, at_desk):
    rows = places.made(people["sales"], "priced")
    operator.stop()
    with pytest.raises(CommandError):
        call_command("sync_covage", verbosity=0)
    admin = at_desk("admin")
    for route in [route for route, rule in RULES.items() if rule.get == 200 and not rule.is_open]:
        path = places.address(route, rows)
        if path.endswith("/"):
            assert admin.page.goto(path).status == 200, path
            assert admin.page.locator(".strip time").count() >= 1, f"{path} does not tell of the outage"
        else:
            assert admin.context.request.get(path).status == 200, path
        if route in WITH_A_STAMP:
            assert admin.page.locator("main time[datetime][data-fresh]").count() >= 1, f"{path} does not tell its age"
    assert admin.complaints == []


def test_a_basket_and_its_line_are_created_afterwards(operator, people, at_desk, back):
    operator.stop()
    sales = at_desk("sales")
    sales.go("/baskets/new/")
    sales.fill(external_id="MEANWHILE-1")
    sales.press()
    basket = sales.path
    assert kept(sales) == ["recorded"]
    sales.go(f"{basket}lines/new/")
    sales.fill(product_offering_qualification_item_id=QUALIFICATION, end_customer_name="Ar Men")
    sales.press()
    assert kept(sales) == ["recorded"]
    sales.go("/commands/?state=recorded")
    assert sales.page.locator('main tr[data-kind="command"][data-command-state="recorded"]').count() == 2
    operator = back(operator)
    until(lambda: Line.objects.exclude(remote_id=None).exists(), sweep)
    sales.go(basket)
    assert (sales.marks["state"], kept(sales)) == ("acknowledged", [])
    assert Basket.objects.get().remote_id == sales.marks["remoteId"]
    assert [len(operator.sent("POST", path)) for path in ("/quote/$", "/quote_item/$")] == [1, 1]


def test_a_basket_is_confirmed_afterwards(operator, line, at_desk, back):
    operator.stop()
    sales = at_desk("sales")
    sales.go(f"/baskets/{line.basket_id}/confirm/")
    sales.press()
    assert sales.path == f"/baskets/{line.basket_id}/"
    assert (sales.marks["state"], kept(sales)) == ("acknowledged", ["recorded"])
    operator = back(operator)
    until(lambda: Command.objects.get(kind="confirm_basket").state == "done", sweep)
    sales.page.reload()
    assert (sales.marks["state"], kept(sales)) == ("confirmed", [])
    assert len(operator.sent("PATCH", "/confirm/$")) == 1


@pytest.mark.parametrize(("kind", "state"), [("decline", "refused"), ("accept", "accepted")])
def test_an_offer_is_decided_afterwards(kind, state, operator, priced, at_desk, back):
    operator.stop()
    manager = at_desk("manager")
    manager.go(f"/lines/{priced.pk}/")
    manager.open(f"/offers/2173/{kind}/")
    manager.press()
    assert kept(manager) == ["recorded"]
    assert offer_state(manager) == "ready"
    operator = back(operator)
    until(lambda: Command.objects.get(kind=kind).state == "done", sweep)
    manager.page.reload()
    assert (kept(manager), offer_state(manager)) == ([], state)
    assert len(operator.sent("PATCH", f"/{kind}/$")) == 1


def kept(person) -> list[str]:
    """The states of the actions that the page tells about as not settled."""
    told = person.page.locator("main .msg[data-command-state]")
    return told.evaluate_all("all => all.map(one => one.dataset.commandState)")


def offer_state(person) -> str:
    return person.page.get_attribute('main [data-product-id="2173"]', "data-state")

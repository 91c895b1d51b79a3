"""A manager's decisions in the queue by the keyboard alone: every key is counted, no pointer is there.

TEST_DECISIONS=50 makes it a long morning.
"""

import os

import pytest
from django.core.management import call_command

from quotes.models import Command, Line
from quotes.sync import watch
from quotes.sync.connection import connect
from tests.cast import COMPLETE

pytestmark = pytest.mark.django_db(transaction=True)

DECISIONS = int(os.environ.get("TEST_DECISIONS", "12"))
KEYS = 14  # for one decision at most: to the button, through the dialog, and the two Enters
PATIENCE = 30_000
# A function, not an expression: the pages allow no script to be made of text.
ON_HEADING = """([name, before]) => {
  const here = document.activeElement;
  return here.matches("#line-t, #review .empty h2") && !document.querySelector("#dlg[open]")
    && (!name || here.textContent === name) && here.textContent !== before;
}"""

SETTLED = "() => window.htmx && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"


class Keyboard:
    """A page without a pointer. `keys` counts every key that was pressed."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def reach(self, selector: str) -> None:
        """Tab until the focus is there."""
        for _ in range(40):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not within 40 stops")

    def decide(self, act: str) -> str:
        """Open the dialog of the first such button, press its own, and come out on the next heading."""
        before = self.heading
        self.reach(f'#review a[href*="/{act}/"]')
        self.press("Enter")
        self.page.wait_for_selector("#dlg[open] form", timeout=PATIENCE)
        assert self.page.evaluate("document.activeElement.id") == "dlg-t"
        self.reach("#dlg button.primary")
        self.press("Enter")
        self.land(before=before)
        return self.spoken

    def land(self, name: str = "", before: str = "") -> None:
        """Until the focus is on a heading of the queue: of that name, or another than before."""
        self.page.wait_for_function(ON_HEADING, arg=[name, before], timeout=PATIENCE)

    @property
    def heading(self) -> str:
        return self.page.text_content("#line-t") or ""

    @property
    def spoken(self) -> str:
        return " ".join(self.page.text_content("#live").split())


@pytest.fixture
def manager(at_desk):
    return at_desk("manager")


@pytest.fixture
def queue(operator):
    """`queue(n)`: as many lines with a price, each of a day of its own; every other has a second offer."""

    def priced(count: int) -> list[str]:
        basket = operator.world.draft(external_id="EXT123")
        names = [f"Customer {number:03}" for number in range(count)]
        made = [operator.world.add_line(basket, COMPLETE | {"end_customer_name": name})["id"] for name in names]
        operator.world.confirm(basket)
        for number, line in enumerate(made):
            operator.world.price(line, *["2173", "2175"][: 1 + number % 2], days=3 + number)
        call_command("sync_covage", "--full", verbosity=0)
        for line in Line.objects.filter(validity_date=None):  # a long basket is read in several runs
            watch.read_line(connect(), line)
        assert Line.objects.filter(state="ready").exclude(validity_date=None).count() == count
        return names

    return priced


def test_a_morning_of_decisions_needs_no_pointer(operator, queue, manager):
    names = queue(DECISIONS)
    manager.go("/review/")
    keys = Keyboard(manager.page)
    for number in range(DECISIONS):
        act = "accept" if number % 2 else "decline"
        spoken = keys.decide(act)
        left = DECISIONS - number - 1
        assert ("accepted." if number % 2 else "declined.") in spoken
        assert (f"{names[number + 1]}. Line 1 of {left}." if left else "Nothing to decide") in spoken
    assert len(operator.sent("PATCH", "/accept/")) == DECISIONS // 2
    assert len(operator.sent("PATCH", "/decline/")) == DECISIONS - DECISIONS // 2
    assert set(Command.objects.values_list("state")) == {("done",)}
    assert keys.keys <= KEYS * DECISIONS, f"{keys.keys} keys for {DECISIONS} decisions"
    assert manager.complaints == []


def test_keys_walk_and_none_of_them_decides(operator, queue, manager):
    names = queue(3)
    manager.go("/review/")
    keys = Keyboard(manager.page)
    for key, place in (("j", 1), ("j", 2), ("k", 1)):
        manager.page.wait_for_load_state("networkidle")
        manager.page.wait_for_function(SETTLED)
        keys.press(key)
        keys.land(names[place])
        assert f"Line {place + 1} of 3." in keys.spoken
    before = len(operator.requests)
    for letter in "abcdefghilmnopqrstuvwxyz":
        keys.press(letter)
    manager.page.wait_for_timeout(300)
    assert (len(operator.requests), Command.objects.count()) == (before, 0)


def test_a_decline_is_undone_where_it_was_taken(operator, queue, manager):
    names = queue(2)
    manager.go("/review/")
    keys = Keyboard(manager.page)
    bell = manager.page.text_content(".bell")
    keys.decide("decline")
    assert keys.heading == names[1]
    assert manager.page.text_content("[data-to-decide]") == "1"
    assert manager.page.text_content(".bell") == bell
    manager.page.focus("#decided button")
    keys.press("Enter")
    keys.land(names[0])
    assert "restored." in keys.spoken and "Line 1 of 2." in keys.spoken
    assert [row["path"].split("/")[-2] for row in operator.sent("PATCH", "")] == ["decline", "restore_price"]


def test_a_pressed_button_keeps_the_focus_sends_once_and_says_that_it_is_busy(operator, queue, manager):
    queue(1)
    manager.go("/review/")
    keys = Keyboard(manager.page)
    keys.reach('#review a[href*="/decline/"]')
    keys.press("Enter")
    manager.page.wait_for_selector("#dlg[open] form")
    keys.reach("#dlg button.primary")
    with operator.hold("/decline/") as hold:
        for _ in range(5):
            keys.press("Enter")
        hold.wait()
        assert manager.page.evaluate("document.activeElement.matches('#dlg button.primary')")
        manager.page.wait_for_function("() => /\\d s/.test(document.querySelector('#dlg [data-sending]').textContent)")
        assert manager.page.is_visible("#dlg [data-sending]")
    keys.land()
    assert len(operator.sent("PATCH", "/decline/")) == 1


def test_the_acceptance_tells_its_consequences_and_escape_gives_the_focus_back(operator, queue, manager):
    queue(2)
    manager.go("/review/")
    keys = Keyboard(manager.page)
    keys.press("j")
    keys.land()
    keys.reach('#review a[href*="/accept/"]')
    keys.press("Enter")
    manager.page.wait_for_selector("#dlg[open] form")
    words = manager.page.text_content("#dlg")
    for told in ("FTTO 2173", "creates an order line", "FTTO 2175", "cannot be undone"):
        assert told in words
    keys.press("Escape")
    manager.page.wait_for_function("() => document.activeElement.matches('#review a[href*=\"/accept/\"]')")
    assert not operator.sent("PATCH", "")

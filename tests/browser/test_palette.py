"""The palette and the keys: everything by keyboard, nothing decided by one letter, all of it can be left alone."""

import string

import pytest
from axe_playwright_python.sync_playwright import Axe

from quotes.models import Preference
from tests.browser.test_every_page import AXE
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db(transaction=True)
FOCUSED = "document.activeElement.id || document.activeElement.name || document.activeElement.tagName"


@pytest.fixture
def manager(at_desk):
    return at_desk("manager")


def opened(person):
    person.page.keyboard.press("Control+k")
    person.page.wait_for_selector("#palette-list [aria-selected=true]")
    return person.page


def test_what_is_typed_is_found_and_followed_by_keyboard(manager):
    basket = a_basket(external_id="FLASH-1")
    wanted = [a_line(basket, end_customer_name=f"Garage {n}") for n in range(2)]
    manager.go("/exports/")
    page = opened(manager)
    assert page.evaluate(FOCUSED) == "palette-q"
    page.keyboard.type("garage")
    page.wait_for_selector("#palette-list [data-go^='/lines/']")
    assert Axe().run(page, options=AXE).response["violations"] == []
    page.keyboard.press("ArrowDown")
    target = page.get_attribute("#palette-list [aria-selected=true]", "data-go")
    assert page.get_attribute("#palette-q", "aria-activedescendant") == page.get_attribute(
        "#palette-list [aria-selected=true]", "id"
    )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")
    assert target in {f"/lines/{line.pk}/" for line in wanted}
    assert manager.complaints == []


def test_escape_gives_the_focus_back_and_an_action_is_done(manager, people):
    manager.go("/lines/")
    manager.page.focus("[name=q] >> nth=0")
    page = opened(manager)
    page.keyboard.press("Escape")
    page.wait_for_selector("#dlg:not([open])", state="attached")
    page.wait_for_function(f"({FOCUSED}) !== 'H1'")
    assert page.evaluate("document.activeElement.name") == "q"
    page = opened(manager)
    page.keyboard.type("dark")
    page.wait_for_selector("#palette-list [data-theme-to=dark][aria-selected=true]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert (manager.path, page.get_attribute("html", "data-theme")) == ("/lines/", "dark")
    assert Preference.objects.get(user=people["manager"]).theme == "dark"
    page = opened(manager)
    page.keyboard.type("shortcuts")
    page.wait_for_selector("#palette-list [data-press][aria-selected=true]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#dlg[open] kbd")


def test_no_letter_asks_the_server_for_anything_on_a_line_and_the_keys_can_be_switched_off(manager, people):
    line = a_line()
    manager.go(f"/lines/{line.pk}/")
    page, asked = manager.page, []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    for key in string.ascii_lowercase + string.ascii_uppercase + string.digits:
        page.keyboard.press(key)
    page.wait_for_timeout(500)
    assert [call for call in asked if "/news" not in call[1] and "/static/" not in call[1]] == []
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    Preference.objects.create(user=people["manager"], single_keys=False)
    manager.go(f"/lines/{line.pk}/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.focus("[data-search]")
    page.keyboard.press("/")
    assert page.input_value("[data-search]") == "/"

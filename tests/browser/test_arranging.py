"""Lists arranged in a browser: rows ticked, views saved, filters taken off."""

import pytest
from playwright.sync_api import expect

from quotes.models import SavedView
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db(transaction=True)
ROW = "tr[data-kind=line]"


@pytest.fixture
def visit(page, live_server, as_):
    session = as_("manager").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    def opened(path):
        page.goto(live_server.url + path)
        return page

    return opened


@pytest.fixture
def lines():
    basket = a_basket()
    names = ["abc one", "abc two", "abd", *[f"other {n}" for n in range(24)]]
    return [a_line(basket, end_customer_name=name) for name in names]


def test_all_of_this_page_and_all_that_match_are_told_apart(visit, lines):
    page = visit("/lines/")
    assert not page.locator(".batch").is_visible()
    first = page.locator(f"{ROW} >> nth=0")
    place = first.bounding_box()["y"]
    page.locator("[data-pick]").nth(3).check()
    assert page.locator("[data-chosen]").inner_text() == page.locator("[data-chosen]").get_attribute("data-one")
    assert abs(first.bounding_box()["y"] - place) < 4
    page.locator("[data-pick-all]").check()
    assert "25" in page.locator("[data-chosen]").inner_text()
    assert "25" in page.locator("#live").inner_text()
    assert "27" in page.locator("select[name=rows] option[value=all]").inner_text()
    page.select_option("select[name=rows]", "all")
    page.select_option("select[name=kind]", "decline")
    page.locator(".batch .go").click()
    page.wait_for_url("**/batches/new/**")
    assert page.locator("li[data-kind=line]").count() == 27


def test_a_view_is_saved_in_the_dialog_and_opens_where_one_was(visit, lines):
    page = visit("/lines/?q=abc")
    page.locator("a[href^='/views/new/']").click()
    page.wait_for_selector("dialog[open]")
    page.locator("dialog #id_name").fill("ABC")
    page.locator("dialog .btn.primary").click()
    page.wait_for_url("**/lines/?q=abc")
    assert SavedView.objects.get().query == "q=abc"
    assert page.locator("#views [aria-current]").inner_text().strip() == "ABC"


def test_a_filter_taken_off_leaves_the_focus_on_the_next(visit, lines):
    page = visit("/lines/?state=ready&q=abc&project_id=FLASH")
    chips = page.locator(".chip")
    chips.nth(0).press("Enter")
    expect(page.locator(".chip")).to_have_count(2)
    assert page.evaluate("document.activeElement.matches('.chip')")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "results-t"

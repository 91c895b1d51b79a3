"""The lists in a browser: typing, ticking, saving a view, going back, and rows that move on a click only."""

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


def test_typing_filters_with_the_last_word_and_leaves_the_caret_alone(visit, lines):
    page = visit("/lines/")
    history = page.evaluate("history.length")
    page.evaluate("""() => {
        window.said = []; window.inFlight = window.most = 0;
        new MutationObserver(() => window.said.push(document.querySelector('#live').textContent.trim()))
            .observe(document.querySelector('#live'), {childList: true, characterData: true, subtree: true});
        const open = XMLHttpRequest.prototype.send;
        XMLHttpRequest.prototype.send = function (body) {  // an answer takes 800 ms
            window.most = Math.max(window.most, ++window.inFlight);
            this.addEventListener('loadend', () => window.inFlight--);
            setTimeout(() => open.call(this, body), 800);
        };
    }""")
    box = page.locator("#id_q")
    box.press_sequentially("abc", delay=120)
    expect(page.locator(ROW)).to_have_count(2)
    page.wait_for_timeout(1000)
    assert page.locator(ROW).count() == 2
    assert box.evaluate("box => [box === document.activeElement, box.selectionStart, box.value]") == [True, 3, "abc"]
    assert page.evaluate("window.most") <= 2
    assert len([said for said in page.evaluate("window.said") if said]) == 1
    assert page.evaluate("history.length") == history + 1
    page.go_back()
    expect(page.locator(ROW)).to_have_count(25)
    assert page.locator("#id_q").input_value() == ""


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


def test_rows_that_changed_move_on_the_click_only(visit, lines):
    page = visit("/lines/?state=ready")
    before = page.locator(ROW).evaluate_all("rows => rows.map(row => row.dataset.id)")
    for line in lines[-2:]:
        a_line(line.basket, id=line.remote_id, reference=line.reference, state="accepted")
    page.evaluate("htmx.trigger('#list-news', 'poll')")
    page.wait_for_selector("#list-news b")
    assert "2" in page.locator("#list-news b").inner_text()
    assert page.locator(ROW).evaluate_all("rows => rows.map(row => row.dataset.id)") == before
    page.locator("#list-news a").click()
    expect(page.locator("#list-news b")).to_have_count(0)
    after = page.locator(ROW).evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert not {str(line.pk) for line in lines[-2:]} & set(after)
    assert page.evaluate("document.activeElement.id") == "results-t"


def test_back_from_a_line_finds_the_list_as_it_was(visit, lines):
    page = visit("/lines/?sort=end_customer_name")
    page.evaluate("scrollTo(0, 600)")
    page.locator(f"{ROW} th a").nth(14).click()
    page.wait_for_selector("main[data-kind=line]")
    page.go_back()
    page.wait_for_selector(ROW)
    page.wait_for_timeout(300)
    assert page.url.endswith("/lines/?sort=end_customer_name")
    assert abs(page.evaluate("scrollY") - 600) <= 50
    assert page.evaluate("document.styleSheets.length") > 0

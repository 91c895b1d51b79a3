"""The component page in a real browser, under the strict policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe

SMALLER_THAN_A_FINGER = """() => [...document.querySelectorAll(
    'main :is(button, .btn, select, textarea, input:not([type=checkbox], [type=radio], [type=hidden]))'
)].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def complaints(page):
    """What the browser grumbles about: refused styles and scripts, missing files, errors."""
    heard = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
def test_every_component_is_accessible_and_allowed(page, specimen_url, complaints, theme, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{specimen_url}/components?theme={theme}")
    page.wait_for_selector("[data-add]:visible")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert complaints == []


@pytest.mark.parametrize("width", [1366, 768, 360, 320])
def test_no_page_scrolls_sideways(page, specimen_url, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{specimen_url}/components")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_offers_stand_as_columns_where_there_is_room_and_as_cards_on_a_phone(page, specimen_url):
    page.set_viewport_size({"width": 1366, "height": 800})
    page.goto(f"{specimen_url}/components")
    first, second = (page.locator("[data-product-id]").nth(n) for n in (0, 1))
    assert first.bounding_box()["y"] == second.bounding_box()["y"]
    page.set_viewport_size({"width": 360, "height": 800})
    assert first.bounding_box()["x"] == second.bounding_box()["x"]


def test_the_offers_remain_a_table_for_readers(page, specimen_url):
    page.goto(f"{specimen_url}/components")
    assert page.get_by_role("table", name="Offers").get_by_role("row").count() == 4
    assert page.get_by_role("rowheader", name="FTTO 100 Mb/s").count() == 1


def test_rows_that_became_blocks_on_a_phone_remain_a_table(page, specimen_url):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{specimen_url}/components")
    table = page.get_by_role("table", name="Baskets")
    assert table.get_by_role("columnheader").count() == 4
    assert table.get_by_role("rowheader").count() == table.locator("tbody tr").count()


def test_differences_only_hides_what_all_offers_share(page, specimen_url):
    page.goto(f"{specimen_url}/components")
    fee = page.locator("td.same").first
    assert fee.is_visible()
    page.get_by_label("Differences only").check()
    assert not fee.is_visible()


def test_the_theme_of_the_person_wins_over_the_system(page, specimen_url):
    page.emulate_media(color_scheme="dark")
    page.goto(f"{specimen_url}/components?theme=light")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(f"{specimen_url}/components")
    assert ground == "rgb(246, 244, 239)" != page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_what_can_be_pressed_is_large_enough_for_a_finger(browser, specimen_url):
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(f"{specimen_url}/components")
        small = page.evaluate(SMALLER_THAN_A_FINGER)
    assert small == []


def test_paper_keeps_the_words_and_drops_the_controls(page, specimen_url):
    page.goto(f"{specimen_url}/components")
    page.emulate_media(media="print")
    assert page.locator(".st").first.is_visible()
    assert not page.locator(".top, .pager, .filters, .head .actions").filter(visible=True).count()


def test_nothing_moves_for_those_who_asked_for_that(page, specimen_url):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{specimen_url}/components")
    assert page.locator("progress:not([value])").first.evaluate("e => getComputedStyle(e).animationName") == "none"


def test_it_all_reads_without_a_script(browser, specimen_url):
    with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(f"{specimen_url}/components")
        assert not page.get_by_role("button", name="Add another", exact=True).is_visible()
        page.get_by_role("button", name="Menu").click()
        assert page.get_by_role("link", name="Baskets", exact=True).is_visible()

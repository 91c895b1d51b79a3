"""Pages as they are read: by Tab, enlarged, in two colours, on paper, in a language that is not the page's."""

import io
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import timezone
from pypdf import PdfReader

from quotes.models import Command, Preference, SyncJob
from quotes.selectors import health
from tests.browser.keys import Keys
from tests.pages import mirrors, places
from tests.pages.test_roles import ADMINS, DRAFT, OF_STATES, RULES

pytestmark = pytest.mark.django_db(transaction=True)

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
OFFERS = [
    {"product_id": "2173", "name": "FTTO 100 Mb/s", "monthly_price": 119.9, "state": "ready"},
    {"product_id": "2174", "name": "FTTO 1 Gb/s", "monthly_price": 349, "state": "refused"},
]
HERE = Path(__file__).parent
WHAT_IS_CUT = (HERE / "what_is_cut.js").read_text()
STOP = (HERE / "stop_of_focus.js").read_text()
CONTROLS = "nav, button, .btn, summary.act, header.top, [role=search], select, .skip, footer a"
AROUND = re.compile(
    r'<header class="top">(.*?)</header>.*<main\b.*</main>.*<footer class="foot-page">(.*)</footer>', re.S
)
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
PLAIN = """() => {
  const bordered = (box) => ["Top", "Right", "Bottom", "Left"].every((side) => {
    const look = getComputedStyle(box);
    return look[`border${side}Style`] !== "none" && parseFloat(look[`border${side}Width`]) >= 1
      && look[`border${side}Color`] !== look.backgroundColor;
  });
  const drawn = (box) => [...box.querySelectorAll("svg")].some((icon) => icon.getBoundingClientRect().width > 8
    && getComputedStyle(icon).stroke !== getComputedStyle(box).backgroundColor);
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((box) => box.checkVisibility());
  return [
    ...shown(".st").filter((box) => !bordered(box) || !drawn(box)),
    ...shown(".btn, input:not([type=hidden]), select, textarea").filter((box) => !bordered(box)),
  ].map((box) => box.outerHTML.slice(0, 120));
}"""


@pytest.fixture
def reader(at_desk):
    """`reader("manager")`: somebody at a desk, whose browser has nothing to complain of."""
    people = []

    def sits_down(name: str, **options):
        people.append(at_desk(name, **options))
        return people[-1]

    yield sits_down
    assert [complaint for one in people for complaint in one.complaints] == []


@pytest.fixture
def basket():
    """Priced, with a dozen lines of two offers each; those are what its `line` has too."""
    basket = mirrors.a_basket(external_id="FLASH-READING", state="ready")
    for number in range(12):
        mirrors.a_line(basket, prices=OFFERS, end_customer_name=f"École {number:02}")
    return basket


@pytest.fixture
def draft():
    basket = mirrors.a_basket(external_id="DRAFT-READING", state="acknowledged")
    mirrors.a_line(basket, prices=[], state="acknowledged")
    return basket


@pytest.fixture
def pages(basket, draft) -> list[str]:
    """A home, a list, a basket, a line, a comparison, a queue and a form."""
    line = basket.lines.first()
    paths = ("/", "/lines/", f"/baskets/{basket.pk}/", f"/lines/{line.pk}/", f"/baskets/{basket.pk}/compare/")
    return [*paths, "/review/", f"/baskets/{draft.pk}/lines/new/"]


def test_the_first_stop_skips_to_the_content_and_each_part_has_its_landmark(reader, pages):
    manager = reader("manager")
    for path in pages[:-1]:  # a form begins in its first field
        manager.go(path)
        page, keys = manager.page, Keys(manager.page)
        for role in ("banner", "main", "contentinfo"):
            assert page.get_by_role(role).count() == 1, (path, role)
        assert page.locator("header").get_by_role("search").count() == 1, path
        assert page.get_by_role("navigation", name="Main").count() == 1, path
        keys.press("Tab")
        assert page.evaluate("document.activeElement.matches('a.skip')"), path
        keys.press("Enter")
        keys.press("Tab")
        assert page.evaluate("document.activeElement.matches('main *')"), path


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_tab_goes_down_each_column_to_the_end_and_back_and_is_seen_everywhere(reader, pages, viewport):
    manager = reader("manager", viewport=viewport)
    wrong = []
    for path in pages[1:]:
        manager.go(path)
        forward = walk(manager.page)
        assert len(forward) > 10, path
        back = [stop for _ in forward if (stop := press(manager.page, "Shift+Tab"))]
        turned = [stop["id"] for stop in reversed(forward)]
        assert [stop["id"] for stop in back] in (turned, turned[:-1]), path
        wrong += [f"{path}: {stop['wrong']}" for stop in forward + back if stop["wrong"]]
        wrong += [f"{path}: up to {then['name']}" for here, then in pairwise(forward) if up(here, then)]
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def walk(page) -> list[dict]:
    """Every stop from the skip link until the focus has left the page, or begins again."""
    page.focus(".skip")
    stops = [page.evaluate(STOP)]
    while (stop := press(page, "Tab")) and stop["id"] != stops[0]["id"]:
        assert stop["id"] not in {one["id"] for one in stops}, f"round in circles at {stop['name']}"
        stops.append(stop)
    return stops


def press(page, key: str) -> dict | None:
    """Where the focus is then; None outside the page."""
    page.keyboard.press(key)
    return page.evaluate(STOP)


def up(here: dict, then: dict) -> bool:
    """The next stop is higher, in the same column, and was not under what lay on the page."""
    beside = then["right"] <= here["left"] or here["right"] <= then["left"]
    return not beside and not here["above"] and then["bottom"] <= here["top"]


def test_escape_leaves_dialog_menu_and_palette_to_where_one_was(reader, basket):
    manager = reader("manager")
    manager.go(f"/lines/{basket.lines.first().pk}/")
    page, keys = manager.page, Keys(manager.page)
    keys.tab_to("details.menu > summary")
    keys.press("Enter")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.matches('.menu[open] *')")
    keys.press("Escape")
    assert page.evaluate("document.activeElement.matches('details.menu:not([open]) > summary')")
    keys.tab_to('a[data-dialog][href*="/decline/"]', at_most=80)
    keys.press("Enter")
    page.wait_for_selector("#dlg[open] form")
    outside = "!document.activeElement.matches('body, #dlg *')"
    assert not any((keys.press("Tab"), page.evaluate(outside))[1] for _ in range(12))
    keys.press("Escape")
    page.wait_for_function("() => document.activeElement.matches('a[data-dialog][href*=\"/decline/\"]')")
    keys.press("Control+k")
    page.wait_for_selector("#dlg[open] input:focus")
    keys.press("Escape")
    page.wait_for_function("() => document.activeElement.matches('a[data-dialog][href*=\"/decline/\"]')")


def test_twice_the_size_and_wider_spaced_nothing_is_cut(reader, pages):
    manager = reader("manager", bypass_csp=True)  # a reader's own style sheet
    session = manager.context.new_cdp_session(manager.page)
    wrong = []
    for path in pages:
        for size, style in ((32, "* {}"), (16, SPACED), (32, SPACED)):
            session.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
            manager.go(path)
            manager.page.add_style_tag(content=style)
            wrong += [f"{path} at {size}, {style[:9]}: {found}" for found in manager.page.evaluate(WHAT_IS_CUT)]
    assert not wrong, "\n".join(wrong)


def test_in_forced_colours_badges_keep_shape_and_border_and_controls_their_edge(reader, pages):
    manager = reader("manager", forced_colors="active")
    for path in pages:
        manager.go(path)
        assert manager.page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert manager.page.evaluate(PLAIN) == [], path


def test_the_theme_is_in_the_first_bytes_and_needs_no_script(reader, people):
    Preference.objects.update_or_create(user=people["sales"], defaults={"theme": "dark"})
    sales = reader("sales", color_scheme="light", java_script_enabled=False)
    html = sales.page.goto("/").text()
    assert re.search(r"^<!doctype html>\s*<html[^>]* data-theme=\"dark\"", html)
    assert html.index("css/portal.css") < html.index("<script") < html.index("<body")
    assert sales.page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(18, 21, 24)"


def test_the_words_of_the_operator_are_called_english_in_a_french_page(reader, operator):
    refusal = operator.shapes.refusal({"project_id": ["Unknown project."], "other": ["Try later."]})
    operator.fail(400, "/quote/$", method="POST", body=refusal)
    sales = reader("sales", locale="fr-FR")
    sales.go("/baskets/new/")
    sales.fill(external_id="KEEP-ME", project_id="NOPE")
    sales.press()
    sales.complaints.clear()  # a browser reports every 422
    page = sales.page
    assert page.get_attribute("html", "lang") == "fr"
    spoken = "said => said.closest('[lang]').lang"
    for words in ("Unknown project.", "Try later."):
        found = page.get_by_text(words)
        assert found.count() and {one.evaluate(spoken) for one in found.all()} == {"en"}, words
    assert page.locator(".err").first.evaluate(spoken) == "fr"
    sales.go(f"/commands/{Command.objects.get().pk}/")
    found = page.get_by_text("Unknown project.")
    assert found.count() and {one.evaluate(spoken) for one in found.all()} == {"en"}


def test_paper_says_when_of_when_and_from_where_and_keeps_words_without_controls(reader, pages):
    read_at = timezone.now() - timedelta(minutes=7)
    SyncJob.objects.update_or_create(name=health.LISTS[0], defaults={"succeeded_at": read_at})
    manager = reader("manager")
    for path in pages[2:5]:
        manager.go(path)
        badges = set(manager.page.locator("main .st").filter(visible=True).all_inner_texts())
        manager.page.emulate_media(media="print")
        paper = on_paper(manager.page)
        assert badges and all(squeezed(badge) in paper for badge in badges), path
        assert manager.page.locator(CONTROLS).filter(visible=True).all_inner_texts() == [], path
        assert squeezed(manager.page.url) in paper, path
        assert squeezed(f"Printed {timezone.localtime():%-d %b %Y}") in paper, path
        assert f"{timezone.localtime(read_at):%H:%M:%S}(Europe/Paris)" in paper, path


def on_paper(page) -> str:
    return squeezed("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages))


def squeezed(text: str) -> str:
    """Without spaces: paper breaks lines where it likes."""
    return re.sub(r"\s", "", text)


def test_help_and_shortcuts_stand_in_one_place_and_order_on_every_page(people, as_):
    """What a page is about changes nothing around it; the page that asks for the password again is a door."""
    rows = {stage: places.made(people["manager"], stage) for stage in ("draft", "priced")}
    routes = [route for route in RULES if route.endswith("/") and RULES[route].get == 200 and not RULES[route].is_open]
    seen = {"admin": {}, "manager": {}}
    for route in set(routes) - {"account/reauthenticate/"}:
        role = "admin" if RULES[route].readers == ADMINS else "manager"
        path = places.address(route, rows["draft" if OF_STATES.get(route) is DRAFT else "priced"])
        found = around(as_(role).get(path).content.decode(), path)
        seen[role].setdefault(found, []).append(path)
    assert {role: len(kinds) for role, kinds in seen.items()} == {"manager": 1, "admin": 1}, seen
    assert all("data-shortcuts-list" in found for kinds in seen.values() for found in kinds)


def around(html: str, path: str) -> str:
    """All that leads somewhere before and after the content, in its order."""
    parts = AROUND.search(html)
    assert parts, path
    stops = re.findall(r"<(?:a|button|summary|input|form)\b[^>]*>", "".join(parts.groups()))
    return "".join(stop.replace(' aria-current="page"', "") for stop in stops if 'type="hidden"' not in stop)

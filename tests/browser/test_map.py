"""The route on a map: in and out by keyboard, calm under the wheel, a drawing with words when anything fails."""

import re

import pytest

from tests.kmz_files import QUIMPER, make_kmz
from tests.pages import places

pytestmark = pytest.mark.django_db(transaction=True)
LEAFLET, TILES = re.compile(r"leaflet(\.[0-9a-f]+)?\.js$"), re.compile(r"tiles\.example\.org")
FOCUS = (
    "document.activeElement.getAttribute('aria-label') || document.activeElement.id || document.activeElement.tagName"
)


@pytest.fixture
def line(people):
    return places.made(people["sales"], "draft")["lines"]


@pytest.fixture
def reader(at_desk):
    return at_desk("sales")


def zoom(page) -> str:
    return page.locator(".leaflet-control-scale-line").text_content()


def test_the_map_is_entered_used_and_left_by_keyboard(line, reader):
    page = reader.page
    reader.go(f"/lines/{line.pk}/trace/")
    page.wait_for_selector(".map .leaflet-tooltip")
    assert page.locator(".map .leaflet-tooltip").all_text_contents() == ["Start", "End"]
    page.locator(".map").focus()
    assert page.evaluate(FOCUS).startswith("Map of the route.")
    before = zoom(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    assert zoom(page) != before
    names = []
    for _ in range(3):
        page.keyboard.press("Tab")
        names.append(page.evaluate(FOCUS))
    assert names == ["Zoom in", "Zoom out", "Show the whole route"]
    page.keyboard.press("Enter")
    assert zoom(page) == before
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.map')")
    page.locator(".map").focus()
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUS) == "route-figures"
    assert reader.complaints == []


def test_the_wheel_scrolls_the_page_unless_ctrl_is_held(line, reader):
    page = reader.page
    reader.go(f"/lines/{line.pk}/trace/")
    page.wait_for_selector(".map .leaflet-tooltip")
    page.locator(".map").hover()
    before = zoom(page)
    page.mouse.wheel(0, 100)
    page.wait_for_selector(".map-hint:visible")
    assert zoom(page) == before
    page.keyboard.down("Control")
    for _ in range(2):
        page.mouse.wheel(0, -100)
        page.wait_for_timeout(200)
    page.keyboard.up("Control")
    assert zoom(page) != before
    assert page.evaluate("visualViewport.scale") == 1


def test_without_the_library_the_drawing_stays(line, reader):
    page, errors = reader.page, []
    page.on("pageerror", lambda error: errors.append(error))
    page.route(LEAFLET, lambda route: route.abort())
    reader.go(f"/lines/{line.pk}/trace/")
    assert page.locator(".dw-trace svg:visible").get_attribute("aria-hidden") is None
    assert not page.locator(".map").count()
    assert page.locator("#route-figures").is_visible()
    assert errors == []


def test_without_its_tiles_the_map_is_a_grid_and_nobody_else_is_asked(line, reader, settings):
    settings.PORTAL_TILE_URL = "https://tiles.example.org/{z}/{x}/{y}.png"
    settings.PORTAL_TILE_ATTRIBUTION = "© <i>Nobody</i>"
    page, asked, errors = reader.page, [], []
    page.on("pageerror", lambda error: errors.append(error))
    page.route(TILES, lambda route: (asked.append(route.request.url), route.abort()))
    reader.go(f"/lines/{line.pk}/trace/")
    page.wait_for_selector(".map .map-grid")
    page.wait_for_function("document.querySelector('.leaflet-control-attribution').textContent == '© <i>Nobody</i>'")
    assert asked
    assert errors == []
    assert not [one for one in reader.complaints if "CSP" in one]


def test_a_chosen_file_is_drawn_at_once_and_the_form_still_holds_it(line, reader):
    page = reader.page
    reader.go(f"/lines/{line.pk}/trace/")
    file = {"name": "route.kmz", "mimeType": "application/vnd.google-earth.kmz", "buffer": make_kmz()}
    page.set_input_files("#id_file", file)
    page.wait_for_selector("#trace-check .dw-trace svg:visible")
    assert "1.80" in page.locator("#trace-check .figures").text_content()
    assert "Nothing is sent yet." in page.text_content("#live")
    assert page.evaluate("document.querySelector('#id_file').files.length") == 1
    assert reader.complaints == []


def test_the_lines_on_the_map_lead_to_their_pages(people, reader):
    line = places.made(people["sales"], "priced")["lines"]
    type(line).objects.filter(pk=line.pk).update(payload=line.payload | {"latitude": 48.0, "longitude": -4.1})
    reader.go("/lines/map/")
    reader.page.locator(".map .map-mark.line").click()
    reader.page.wait_for_url(f"**/lines/{line.pk}/")
    assert reader.complaints == []


def test_the_name_of_a_site_at_the_end_of_the_route_covers_no_other(line, reader):
    longitude, latitude = QUIMPER[-1]
    line.payload |= {"longitude": longitude, "latitude": latitude}
    line.save()
    reader.go(f"/lines/{line.pk}/trace/")
    names = reader.page.locator(".map .leaflet-tooltip")
    names.nth(2).wait_for()
    boxes = {name.text_content(): name.bounding_box() for name in names.all()}
    end, site = boxes["End"], boxes["Declared site"]
    assert site["y"] >= end["y"] + end["height"] or site["x"] >= end["x"] + end["width"]

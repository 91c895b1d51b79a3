import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from quotes.drawing import draw_trace
from quotes.kmz import read_kmz
from tests.kmz_files import QUIMPER, kml, make_kmz, placemark, zipped

pytestmark = pytest.mark.usefixtures("british")

SITE = (-4.0986, 47.9977)
CHAMBER = "<Placemark><name>{}</name><Point><coordinates>{},{}</coordinates></Point></Placemark>"


def geojson(*marks):
    return read_kmz(zipped({"doc.kml": kml(*marks, placemark())}), "route.kmz").geojson()


def pictures(markup):
    return {svg.get("class"): svg for svg in ET.fromstring(markup).findall("svg")}


def words(svg):
    return [element.text for element in svg.iter("text")]


def one(svg, class_):
    return next(element for element in svg.iter() if element.get("class") == class_)


def test_it_is_drawn_for_three_widths_with_a_name_and_a_description():
    drawn = pictures(draw_trace(geojson(), site=SITE))
    assert {name: svg.get("viewBox") for name, svg in drawn.items()} == {
        "dw-wide": "0 0 960 380",
        "dw-middle": "0 0 640 320",
        "dw-slim": "0 0 328 230",
    }
    for svg in drawn.values():
        assert svg.find("title").text == "Cable route"
        assert svg.find("desc").text.startswith("From 47.9942, −4.1186 to 47.9979, −4.0989.")


def test_every_part_lies_inside_its_picture():
    for svg in pictures(draw_trace(geojson(), site=SITE)).values():
        width, height = map(float, svg.get("viewBox").split()[2:])
        numbers = re.findall(r"(-?[\d.]+) (-?[\d.]+)", one(svg, "dw-cable").get("d"))
        assert len(numbers) == len(QUIMPER)
        assert all(0 < float(x) < width and 0 < float(y) < height for x, y in numbers)
        for box in (element for element in svg.iter("rect") if element.get("class") == "dw-box"):
            x, y, w, h = (float(box.get(key)) for key in ("x", "y", "width", "height"))
            assert x >= 0 and y >= 0 and x + w <= width and y + h <= height


def test_north_is_up_and_east_is_right_at_one_scale():
    route = read_kmz(make_kmz([((0, 60), (0.02, 60), (0.02, 60.01))]), "a.kmz").geojson()
    path = one(pictures(draw_trace(route))["dw-wide"], "dw-cable").get("d")
    (x1, y1), (x2, y2), (x3, y3) = [map(float, pair) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
    assert y1 == y2 and x2 == x3
    assert x2 - x1 == pytest.approx(y2 - y3, rel=0.01)  # a degree east is half a degree north at 60°


def test_the_ends_are_named_and_the_site_is_told():
    svg = pictures(draw_trace(geojson(CHAMBER.format("L3T 29232", -4.1186, 47.9942)), site=SITE))["dw-wide"]
    assert [word for word in words(svg) if word in ("Start", "L3T 29232", "End")] == ["Start", "L3T 29232", "End"]
    assert any(re.fullmatch(r"32\sm from the declared site", word) for word in words(svg))
    assert one(svg, "dw-site") is not None


def test_a_place_along_the_route_is_a_small_node():
    svg = pictures(draw_trace(geojson(CHAMBER.format("Chamber", -4.1155, 47.9967))))["dw-wide"]
    assert float(one(svg, "dw-place").get("r")) < float(one(svg, "dw-start").get("r"))


def test_without_a_site_nothing_is_said_of_it():
    markup = draw_trace(geojson())
    assert "dw-site" not in markup
    assert "declared site" not in markup


def test_a_site_in_another_hemisphere_is_told_but_does_not_shrink_the_route():
    markup = draw_trace(geojson(), site=(55.45, -20.88))
    assert "dw-site" not in markup
    assert "from the declared site" in markup
    assert draw_trace(geojson()).count("dw-grid") == markup.count("dw-grid")


def test_the_scale_bar_is_as_long_as_it_says():
    svg = pictures(draw_trace(geojson()))["dw-wide"]
    said = next(float(word.split()[0]) for word in words(svg) if re.fullmatch(r"\d+\sm", word))
    drawn = float(re.search(r"h([\d.]+)v", one(svg, "dw-scale").get("d"))[1])
    path = re.findall(r"(-?[\d.]+) (-?[\d.]+)", one(svg, "dw-cable").get("d"))
    across = (QUIMPER[-1][0] - QUIMPER[0][0]) * 74_600
    assert said / drawn == pytest.approx(across / (float(path[-1][0]) - float(path[0][0])), rel=0.01)


def test_a_route_of_a_metre_and_one_of_a_thousand_kilometres_are_drawn():
    for end in ((2.35001, 48.85001), (10.0, 53.0)):
        drawn = pictures(draw_trace(read_kmz(make_kmz([((2.35, 48.85), end)]), "a.kmz").geojson()))
        assert all(2 < len(list(one(svg, "dw-grid").iter("line"))) < 60 for svg in drawn.values())


def test_a_dense_line_is_drawn_with_no_more_vertices_than_pixels():
    line = [(2 + at / 1e6, 48) for at in range(2000)]
    slim = pictures(draw_trace(read_kmz(make_kmz([line]), "a.kmz").geojson()))["dw-slim"]
    assert one(slim, "dw-cable").get("d").count("L") < 330


@pytest.mark.parametrize("nothing", [{}, {"type": "FeatureCollection", "features": []}])
def test_no_route_is_a_short_sentence(nothing):
    assert draw_trace(nothing) == '<p class="dw-empty">There is no route to draw.</p>'


def test_hostile_names_stay_text_and_nothing_carries_a_style():
    name = '"><script>alert(1)</script>'
    mark = CHAMBER.format("<![CDATA[" + name + "]]>", -4.1186, 47.9942)
    markup = draw_trace(geojson(mark), site=SITE)
    assert "<script" not in markup
    tree = ET.fromstring(markup)
    assert name in words(tree)
    assert not [element for element in tree.iter() if element.get("style")]


def test_it_speaks_the_language_of_the_page():
    with translation.override("fr"):
        assert "47,9942" in draw_trace(geojson())


def test_no_part_of_a_picture_is_escaped_by_mistake():
    for svg in pictures(draw_trace(geojson(), site=SITE)).values():
        assert not [element for element in svg.iter() if "<" in (element.text or "") + (element.tail or "")]

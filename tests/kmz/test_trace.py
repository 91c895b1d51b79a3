import json

import pytest

from quotes.kmz import read_kmz
from quotes.kmz.geometry import distance, simplified
from tests.kmz_files import QUIMPER, kml, line, make_kmz, placemark, zipped

# (start, end, metres): the survey of Vincenty's paper, then a degree each way where tables give it.
KNOWN = [
    ((144.424867889, -37.951033417), (143.926495528, -37.652821139), 54_972.27),
    ((0, 0), (1, 0), 111_319.49),
    ((0, 0), (0, 1), 110_574.39),
    ((-4, 48), (-3, 48), 74_628.0),
    ((2.3522, 48.8566), (5.3698, 43.2965), 661_000.0),
    ((7, 50), (7, 50), 0.0),
]


def read(*marks):
    return read_kmz(zipped({"doc.kml": kml(*marks)}), "route.kmz")


@pytest.mark.parametrize(("start", "end", "metres"), KNOWN)
def test_a_distance_agrees_with_the_ellipsoid(start, end, metres):
    assert distance(start, end) == pytest.approx(metres, rel=0.001)


def test_the_far_side_of_the_earth_has_a_distance_too():
    assert 19_900_000 < distance((0, 0), (180, 0)) < 20_100_000


def test_length_is_the_sum_of_all_lines():
    one, two = read_kmz(make_kmz(), "a.kmz"), read_kmz(make_kmz([QUIMPER, QUIMPER]), "b.kmz")
    assert one.length_m == pytest.approx(1_798, rel=0.01)
    assert two.length_m == pytest.approx(2 * one.length_m)
    assert two.points == 2 * len(QUIMPER)


def test_start_end_and_bounds_are_longitude_first():
    trace = read_kmz(make_kmz(), "route.kmz")
    assert (trace.start, trace.end) == (QUIMPER[0], QUIMPER[-1])
    assert trace.bounds == (-4.1186, 47.9942, -4.0989, 47.9987)


def test_the_site_is_measured_to_the_nearest_segment_not_only_to_its_ends():
    trace = read(placemark("0,48 0.02,48"))
    assert trace.distance_to(0.01, 48.001) == pytest.approx(111.2, rel=0.005)
    assert trace.distance_to(0.021, 48) == pytest.approx(74.6, rel=0.005)
    assert trace.distance_to(0.01, 48) == pytest.approx(0, abs=0.001)


def test_a_site_in_another_hemisphere_is_far():
    assert read_kmz(make_kmz(), "route.kmz").distance_to(55.45, -20.88) > 9_000_000


def test_distance_across_the_date_line_is_short():
    assert read(placemark("179.99,-16 179.999,-16")).distance_to(-179.999, -16) < 300


def test_geojson_is_plain_json_with_names_and_six_decimals():
    place = "<Placemark><name>Chamber</name><Point><coordinates>-4.1186,47.9942,12</coordinates></Point></Placemark>"
    shown = read(place, placemark("-4.12345678,48 -4.1,48.1", name="Cable <b>")).geojson()
    assert json.loads(json.dumps(shown)) == shown
    route, chamber = shown["features"]
    assert route["geometry"] == {"type": "LineString", "coordinates": [[-4.123457, 48.0], [-4.1, 48.1]]}
    assert route["properties"] == {"name": "Cable <b>", "kind": "line", "length_m": pytest.approx(11_255.8, abs=0.2)}
    assert chamber["geometry"] == {"type": "Point", "coordinates": [-4.1186, 47.9942]}


def test_geojson_thins_out_long_routes_and_keeps_their_ends_and_bends():
    wave = [(-4 + at / 1e4, 48 + (at % 100 == 50) / 100) for at in range(1000)]
    trace = read_kmz(make_kmz([wave]), "route.kmz")
    drawn = trace.geojson(max_points=60)["features"][0]["geometry"]["coordinates"]
    assert len(drawn) == 60
    assert (drawn[0], drawn[-1]) == ([-4.0, 48.0], [-3.9001, 48.0])
    assert sum(latitude > 48 for _, latitude in drawn) == 10


def test_geojson_of_more_lines_than_points_keeps_the_longest():
    lines = tuple(((0.0, 0.0), (at / 1000, 0.0)) for at in range(1, 100))
    assert list(simplified(lines, 20)) == list(range(89, 99))


def test_the_same_route_zipped_or_styled_otherwise_has_the_same_geometry():
    plain, styled = read(placemark()), read("<Style id='s'/>", placemark(name="Other"))
    assert plain.lines == styled.lines
    assert plain.sha256 != styled.sha256
    assert plain.lines != read(placemark("-4.1,48 -4.09,48")).lines


def test_a_placemark_of_several_lines_has_their_length_together():
    trace = read(f"<Placemark><name>A</name><MultiGeometry>{2 * line('0,0 1,0')}</MultiGeometry></Placemark>")
    assert trace.names == [("A", "line", pytest.approx(222_638.98))]

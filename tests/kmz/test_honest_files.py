import pytest

from quotes.kmz import NOTES, read_kmz

from .honest import HONEST, google_earth, qgis


@pytest.mark.parametrize("build", HONEST.values(), ids=HONEST)
def test_an_honest_file_is_taken(build):
    trace = read_kmz(build(), "route.kmz")
    assert trace.lines
    assert trace.length_m > 5
    assert set(trace.notes) <= NOTES


def test_google_earth_gives_its_names_and_its_pushpins_are_not_fetched():
    trace = read_kmz(google_earth(), "route.kmz")
    assert [(name, kind) for name, kind, _ in trace.names] == [("L3T 29232/1147", "point"), ("Tracé", "line")]
    assert trace.notes == ("remote_link_ignored",)


def test_qgis_gives_both_lines_of_one_placemark():
    trace = read_kmz(qgis(), "route.kmz")
    assert (len(trace.lines), len(trace.placemarks)) == (2, 1)
    assert trace.notes == ("extra_data_ignored",)

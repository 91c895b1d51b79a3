"""The demo data of a new storage: alive, plausible, and legal by the operator's own rules."""

import io
import math
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from tests.sandbox.operator_api import OperatorApi, line_path
from tests.sandbox_server import SandboxServer


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A sandbox with the small demo, as it comes; these tests only read."""
    server = SandboxServer(tmp_path_factory.mktemp("demo"), size="small", quote_delay=20).start()
    yield OperatorApi(server)
    server.stop()


def everything(api, path: str) -> list[dict]:
    found, page = [], api.get(path, page_size=100).json()
    while True:
        found += page["results"]
        if page["next_page"] is None:
            return found
        page = api.session.get(page["next_page"], timeout=20).json()


@pytest.fixture(scope="module")
def details(demo) -> list[dict]:
    """Basket details of all baskets."""
    return [demo.get(f"quote/{basket['id']}/").json() for basket in everything(demo, "quote/")]


@pytest.fixture(scope="module")
def lines(demo) -> list[dict]:
    return [demo.detail(line) for line in everything(demo, "quote_item/")]


def test_the_small_demo_has_forty_baskets_in_every_state(details):
    assert len(details) == 40
    assert set(Counter(basket["state"] for basket in details)) == {
        "acknowledged", "confirmed", "partial_ready", "ready", "partial_finalized", "finalized",
    }  # fmt: skip
    assert any(not basket["quote_item"] for basket in details)


def test_it_has_about_a_hundred_and_fifty_lines_in_every_state(lines):
    assert 120 <= len(lines) <= 180
    assert set(Counter(line["state"] for line in lines)) == {
        "acknowledged", "confirmed", "ready", "unable_to_provide", "expired", "refused", "accepted",
    }  # fmt: skip


def test_creation_is_spread_over_months_and_references_follow_it(demo, lines):
    dates = [datetime.fromisoformat(basket["creation_date"]) for basket in everything(demo, "quote/")]
    assert max(dates) - min(dates) > timedelta(days=90)
    in_order = sorted(lines, key=lambda line: line["reference"].rsplit("_")[-1])
    assert [line["reference"][3:11] for line in in_order] == sorted(line["reference"][3:11] for line in lines)


def test_no_date_lies_ahead_but_the_validity_of_what_is_open(lines):
    now = datetime.now().astimezone()
    for line in lines:
        for name in ("creation_date", "quote_date", "response_date"):
            assert line[name] is None or datetime.fromisoformat(line[name]) <= now, (line["reference"], name)
        if line["state"] in ("ready", "expired"):
            assert (datetime.fromisoformat(line["validity_date"]) > now) == (line["state"] == "ready")


def test_some_answers_are_urgent_and_some_are_not(lines):
    week = datetime.now().astimezone() + timedelta(days=7)
    urgent = [datetime.fromisoformat(line["validity_date"]) < week for line in lines if line["state"] == "ready"]
    assert urgent.count(True) >= 5
    assert urgent.count(False) >= 10


def test_the_offers_fit_the_state_of_their_line(lines):
    for line in lines:
        states = Counter(price["state"] for price in line["prices"])
        if line["state"] in ("acknowledged", "confirmed", "unable_to_provide"):
            assert not states, line["reference"]
        elif line["state"] == "accepted":
            assert (states["accepted"], states["ready"]) == (1, 0)
        elif line["state"] == "ready":
            assert states["ready"] >= 1
        else:
            assert set(states) == {line["state"]}


def test_every_accepted_line_has_its_order(demo, lines):
    accepted = {line["id"] for line in lines if line["state"] == "accepted"}
    assert {order["quote_item_id"] for order in demo.server.orders()} == accepted


def test_only_drafts_have_gaps(lines):
    needed = ("end_customer_name", "site_connection_type", "product_offerings")
    gaps = [line["state"] for line in lines if not all(line[name] for name in needed)]
    assert gaps
    assert set(gaps) == {"acknowledged"}


def test_every_project_used_is_a_known_one(demo, lines):
    known = {project["code"] for project in demo.get("referential/project").json()["results"]}
    assert {line["project_id"] for line in lines} - {""} <= known


def test_traces_are_real_routes_of_up_to_three_kilometres_that_end_near_the_site(demo, details):
    sites = {line["id"]: line for line in everything(demo, "quote_item/")}
    traced = [(basket, line) for basket in details for line in basket["quote_item"] if line["trace_file"]]
    assert len(traced) > 50
    for basket, line in traced[:10]:
        route = points(demo.get(f"{line_path(basket, line)}trace/download/").content)
        length = sum(metres(*pair) for pair in zip(route, route[1:], strict=False))
        site = sites[line["id"]]["latitude"], sites[line["id"]]["longitude"]
        assert 450 <= length <= 3200
        assert metres(route[-1], site) < 40


def test_half_done_answers_go_on_by_themselves(demo, lines):
    waiting = [line for line in lines if line["state"] == "confirmed"]
    demo.server.move_clock(86400 * 3)
    assert {demo.detail(line)["state"] for line in waiting} <= {"ready", "unable_to_provide"}
    demo.server.set_clock(real=True)


def points(content: bytes) -> list[tuple[float, float]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = ElementTree.fromstring(archive.read("doc.kml"))
    text = tree.find(".//{*}LineString/{*}coordinates").text
    return [(float(point.split(",")[1]), float(point.split(",")[0])) for point in text.split()]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    across = math.cos(math.radians(one[0]))
    return 111_320 * math.hypot(one[0] - other[0], (one[1] - other[1]) * across)

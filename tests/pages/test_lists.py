"""The lists of baskets and lines: filters, sorting, pages, and what a program reads in them."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.models import Command
from quotes.services import baskets
from tests.cast import nonce
from tests.pages.browsing import FOUR_WAYS, rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(as_):
    return as_("auditor")


def found(client, kind, query=None):
    """Ids of the rows that a list shows for these filters, in its order."""
    noun = f"{kind}s"
    return [row["id"] for row in rows(client.get(f"/{noun}/", query or {}), kind)]


def ids(*objects):
    return [str(one.pk) for one in objects]


@pytest.mark.parametrize("name", ["reference", "external_id", "project_id", "business_sector"])
def test_a_line_filter_on_a_whole_value_ignores_case_and_takes_no_part_of_it(reader, name):
    line = a_line(**{name: "Éa-1"})
    a_line(**{name: "Éa-12"})
    assert found(reader, "line", {name: " éA-1 "}) == ids(line)
    assert found(reader, "line", {name: "Éa"}) == []
    assert found(reader, "line", {name: "Ea-1"}) == []


@pytest.mark.parametrize("name", ["external_id", "project_id"])
def test_a_basket_filter_on_a_whole_value_ignores_case(reader, name):
    basket = a_basket(**{name: "Zac-1"})
    a_basket(**{name: "Zac-12"})
    assert found(reader, "basket", {name: "ZAC-1"}) == ids(basket)


@pytest.mark.parametrize("name", ["end_customer_name", "customer_order_name", "q"])
def test_contained_texts_are_found_without_case_and_accents(reader, name):
    field = "end_customer_name" if name == "q" else name
    line = a_line(**{field: "Lycée Étienne Œuvrard"})
    a_line(**{field: "Garage Tanguy"})
    assert found(reader, "line", {name: "ETIENNE"}) == ids(line)
    assert found(reader, "line", {name: "lycee etienne"}) == ids(line)
    assert found(reader, "line", {name: "tienne lycee"}) == (ids(line) if name == "q" else [])  # q finds words
    assert found(reader, "line", {name: "%"}) == found(reader, "line", {name: "_tienne"}) == []


def test_the_state_is_one_of_those_asked_for(reader):
    ready, expired = a_line(), a_line(state="expired")
    a_line(state="accepted")
    assert found(reader, "line", {"state": "READY"}) == ids(ready)
    assert set(found(reader, "line", {"state": ["ready", "expired"]})) == set(ids(ready, expired))


def test_a_state_that_the_operator_invented_can_be_filtered(reader):
    held = a_line(state="On_Hold")
    assert found(reader, "line", {"state": "on_hold"}) == ids(held)


def test_an_unknown_state_is_an_empty_list(reader):
    a_line()
    response = reader.get("/lines/", {"state": "no_such_state"})
    assert (response.status_code, rows(response, "line")) == (200, [])


def test_a_bare_date_is_its_first_moment_in_paris(reader):
    before = a_basket(creation_date="2026-04-22T21:59:59Z")
    after = a_basket(creation_date="2026-04-22T22:00:01Z")
    assert found(reader, "basket", {"creation_date_gt": "2026-04-23"}) == ids(after)
    assert found(reader, "basket", {"creation_date_lt": "23/04/2026"}) == ids(before)
    assert found(reader, "basket", {"creation_date_gt": "2026-04-22T22:00:00+00:00"}) == ids(after)


def test_a_line_answered_on_a_bare_date_belongs_to_that_day(reader):
    line = a_line(response_date="2026-04-23", validity_date="2026-05-23")
    day = {"response_date_gte": "2026-04-23", "response_date_lt": "2026-04-24"}
    assert found(reader, "line", day) == ids(line)
    assert found(reader, "line", {"validity_date_gte": "2026-05-24"}) == []


@pytest.mark.parametrize("ways", FOUR_WAYS)
@pytest.mark.parametrize(
    ("noun", "kind", "name"), [("baskets", "basket", "creation_date_gt"), ("lines", "line", "validity_date_lt")]
)
def test_an_unreadable_filter_is_an_error_at_its_field_and_shows_no_row(reader, noun, kind, name, ways):
    a_line()
    response = reader.get(f"/{noun}/", {name: "last tuesday"}, headers=ways)
    assert (response.status_code, rows(response, kind)) == (422, [])
    assert f'data-field="{name}"' in text(response)


def test_both_forms_of_an_external_id_find_the_basket(operator, sales, reader):
    operator.world.draft(external_id="EXT123")
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="EXT123").basket
    assert basket.external_id != "EXT123"
    assert found(reader, "basket", {"external_id": "ext123"}) == ids(basket)
    assert found(reader, "basket", {"external_id": basket.external_id}) == ids(basket)


def test_sorting_goes_both_ways_and_puts_what_is_missing_last(reader):
    late, early, never = (a_line(validity_date=day) for day in ("2026-06-02", "2026-06-01", None))
    assert found(reader, "line", {"sort": "validity_date"}) == ids(early, late, never)
    assert found(reader, "line", {"sort": "-validity_date"}) == ids(late, early, never)


def test_a_sort_that_does_not_exist_is_the_usual_one(reader):
    old, new = a_basket(creation_date="2026-01-01"), a_basket(creation_date="2026-02-01")
    assert found(reader, "basket", {"sort": "owner__password"}) == found(reader, "basket") == ids(new, old)


def test_the_sorted_head_says_so_alone(reader):
    a_line()
    html = text(reader.get("/lines/", {"sort": "-reference"}))
    assert re.findall(r'aria-sort="(\w+)"', html) == ["descending"]


@pytest.fixture
def many():
    basket = a_basket()
    return [a_line(basket) for _ in range(51)]


def test_a_page_has_25_rows_or_as_many_as_asked_for(reader, many):
    assert [len(found(reader, "line", query)) for query in ({}, {"page_size": 50}, {"page_size": 1000})] == [25, 50, 25]
    assert len(set(found(reader, "line")) & set(found(reader, "line", {"page": 2}))) == 0


def test_the_next_page_is_named_for_programs(reader, many):
    html = text(reader.get("/lines/", {"q": "boulangerie"}))
    assert "page=2" in re.search(r'<a href="([^"]+)" rel="next"', html)[1]
    assert 'rel="next"' not in text(reader.get("/lines/", {"page": 3}))


@pytest.mark.parametrize("page", ["0", "999", "-1", "two", "１", "1" * 30])
def test_a_page_that_does_not_exist_leads_to_the_first(reader, many, page):
    assert found(reader, "line", {"page": page}) == found(reader, "line")


@pytest.mark.parametrize("who", ["sales", "manager", "auditor", "admin"])
@pytest.mark.parametrize("path", ["/lines/", "/baskets/"])
def test_a_list_asks_the_database_eight_times_whatever_it_shows(as_, many, who, path):
    client = as_(who)
    for query in ({"page_size": 25}, {"page_size": 50}, {"q": "nothing at all"}, {"sort": "-state"}):
        for headers in FOUR_WAYS:
            with CaptureQueriesContext(connection) as queries:
                client.get(path, query, headers=headers)
            assert len(queries) <= 8


def test_a_page_of_a_hundred_rows_stays_a_small_document(reader, many):
    """Under 3,000 elements, from what the rows of two smaller pages take."""
    small, large = (len(re.findall(r"<[a-z]", text(reader.get("/lines/", {"page_size": n})))) for n in (25, 50))
    assert large + 2 * (large - small) < 3000


@pytest.mark.parametrize("path", ["/baskets/", "/lines/"])
def test_only_a_plain_fragment_request_gets_the_fragment(reader, path):
    a_line()
    whole = ["<!doctype html>" in text(reader.get(path, headers=ways)) for ways in FOUR_WAYS]
    assert whole == [True, False, True, True]


@pytest.mark.parametrize("path", ["/baskets/", "/lines/"])
def test_a_stranger_is_sent_to_the_login(client, path):
    assert client.get(f"{path}?q=a").headers["Location"] == f"/login/?next={path}%3Fq%3Da"


def test_a_fragment_speaks_the_count(reader):
    a_line(), a_line()
    html = text(reader.get("/lines/", headers={"HX-Request": "true"}))
    assert re.search(r'hx-swap-oob="innerHTML:#live">\s*2 ', html)
    assert "hx-swap-oob" not in text(reader.get("/lines/"))


def test_each_filter_that_is_on_can_be_taken_off_alone(reader):
    a_line()
    html = text(reader.get("/lines/", {"state": ["ready", "expired"], "q": "boulangerie"}))
    chips = re.findall(r'<a class="chip" href="([^"]+)"', html)
    assert [sorted(re.findall(r"[?&](\w+)=(\w+)", chip)) for chip in chips] == [
        [("state", "expired"), ("state", "ready")],
        [("q", "boulangerie"), ("state", "expired")],
        [("q", "boulangerie"), ("state", "ready")],
    ]


def test_the_exports_carry_the_filters_of_the_list(as_):
    a_line(project_id="FLASH 2")
    html = text(as_("sales").get("/lines/", {"project_id": "FLASH 2"}))
    assert 'href="/lines.csv?project_id=FLASH+2"' in html
    assert 'href="/lines/export/?project_id=FLASH+2"' in html


def test_a_row_says_what_is_on_its_way_without_changing_the_state(reader, manager):
    line = a_line()
    Command.objects.create(
        kind="accept", state="uncertain", nonce=nonce(), actor=manager, line=line, basket=line.basket
    )
    response = reader.get("/lines/")
    assert rows(response, "line")[0]["state"] == "ready"
    assert 'class="st waiting"' in text(response)


def test_a_line_without_a_basket_is_listed_and_says_so(reader):
    orphan = a_line()
    type(orphan).objects.update(basket=None)
    response = reader.get("/lines/")
    assert [row["id"] for row in rows(response, "line")] == ids(orphan)
    assert 'class="st unknown"' in text(response)


def test_hostile_text_stays_text(reader):
    a_line(end_customer_name="<script>alert(1)</script>", reference="<b>R</b>")
    html = reader.get("/lines/", {"q": "<script>"}).content.decode()
    assert "<script>alert" not in html
    assert "<b>R</b>" not in html
    assert "&lt;script&gt;" in html


def test_nothing_yet_and_no_match_are_told_apart(reader):
    nothing = text(reader.get("/lines/"))
    a_line()
    no_match = text(reader.get("/lines/", {"q": "zzz"}))
    assert re.findall(r'<div class="sheet empty">.*?<h2>(.*?)</h2>', nothing) != re.findall(
        r'<div class="sheet empty">.*?<h2>(.*?)</h2>', no_match
    )


@pytest.mark.parametrize("kind", ["basket", "line"])
def test_everybody_has_a_view_of_their_own(as_, people, kind):
    line = a_line()
    a_line()
    type(line.basket).objects.filter(pk=line.basket_id).update(owner=people["sales"])
    html = text(as_("sales").get(f"/{kind}s/"))
    assert 'href="?person=sales"' in html
    mine = line if kind == "line" else line.basket
    assert found(as_("sales2"), kind, {"person": "sales"}) == ids(mine)
    assert found(as_("sales"), kind, {"person": "sales2"}) == []


def test_the_address_of_a_changed_list_holds_only_the_filters_that_are_on(reader):
    query = {"q": "a b", "state": ["ready", "expired"], "project_id": "", "page": "1"}
    response = reader.get("/lines/", query, headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == "/lines/?q=a+b&state=ready&state=expired&page=1"


def test_a_sort_moves_the_focus_and_typing_does_not(reader):
    a_line()
    by_link = text(reader.get("/lines/", headers={"HX-Request": "true"}))
    typing = text(reader.get("/lines/", headers={"HX-Request": "true", "HX-Trigger": "filters"}))
    assert ["autofocus" in html for html in (by_link, typing)] == [True, False]
    assert "<title>" in by_link


@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31T23:59:59-12:00", "01/01/0001", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize(
    "address",
    [
        "/baskets/?creation_date_gt=",
        "/lines/?validity_date_lt=",
        "/lines.csv?response_date_gte=",
        "/commands/?recorded_at_gte=",
        "/activity/?to=",
        "/activity.csv?from=",
    ],
)
def test_a_moment_outside_the_calendar_is_an_unreadable_filter(reader, address, edge):
    assert reader.get(f"{address}{quote(edge)}").status_code == 422

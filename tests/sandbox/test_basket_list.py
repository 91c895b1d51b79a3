"""The list of baskets: envelope, pages, the seven filters."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.operator_api import OperatorApi

ENVELOPE = {"page_size", "count", "next_page", "previous_page", "results"}


def found(api, **query) -> list[str]:
    answer = api.get("quote/", **query)
    assert answer.status_code == 200, answer.text
    return [basket["external_id"] for basket in answer.json()["results"]]


def test_an_empty_list_has_the_envelope(api):
    assert api.get("quote/").json() == {
        "page_size": 10, "count": 0, "next_page": None, "previous_page": None, "results": [],
    }  # fmt: skip


def test_a_listed_basket_has_the_keys_of_a_created_one(api):
    basket = api.basket(external_id="E1")
    assert api.get("quote/").json()["results"] == [basket]


def test_pages_of_ten_are_linked_by_absolute_addresses(api):
    for number in range(11):
        api.basket(external_id=f"E{number}")
    first = api.get("quote/", external_id="").json()
    assert (len(first["results"]), first["count"], first["previous_page"]) == (10, 11, None)
    assert first["next_page"].startswith(f"{api.server.url}/api/v1/quote/?")
    second = api.session.get(first["next_page"], timeout=20).json()
    assert (len(second["results"]), second["next_page"]) == (1, None)
    assert parse_qs(urlsplit(second["previous_page"]).query)["page"] == ["1"]
    assert {basket["id"] for basket in first["results"]}.isdisjoint(basket["id"] for basket in second["results"])


def test_a_page_link_keeps_the_filters_and_the_size(api):
    for _ in range(3):
        api.basket(project_id="FLASH")
    query = parse_qs(urlsplit(api.get("quote/", project_id="FLASH", page_size=2).json()["next_page"]).query)
    assert query == {"project_id": ["FLASH"], "page_size": ["2"], "page": ["2"]}


@pytest.mark.parametrize(("given", "used"), [("3", 3), ("100", 100), ("500", 100), ("0", 10), ("-1", 10), ("x", 10)])
def test_the_page_size_is_bounded(api, given, used):
    answer = api.get("quote/", page_size=given).json()
    assert set(answer) == ENVELOPE
    assert answer["page_size"] == used


@pytest.mark.parametrize("page", ["0", "2", "-1", "x"])
def test_a_page_that_does_not_exist_is_not_found(api, page):
    answer = api.get("quote/", page=page)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


def test_links_can_be_paths_or_numbers(started):
    for kind, wanted in [("path", "/api/v1/quote/?page_size=1&page=2"), ("number", 2)]:
        server = started(page_links=kind)
        api = OperatorApi(server)
        api.basket(), api.basket()
        assert api.get("quote/", page_size=1).json()["next_page"] == wanted
        server.stop()


def test_texts_are_compared_whole_and_without_case(api):
    api.basket(external_id="École-1", project_id="FLASH")
    api.basket(external_id="École-12", project_id="flash")
    assert found(api, external_id="éCOLE-1") == ["École-1"]
    assert set(found(api, project_id="Flash")) == {"École-1", "École-12"}
    assert found(api, external_id="cole") == []


def test_the_state_filters_and_an_unknown_one_finds_nothing(api):
    draft = api.basket(external_id="draft")
    api.confirmed()
    assert found(api, state="acknowledged") == [draft["external_id"]]
    assert found(api, state="imaginary") == []


def test_creation_dates_are_strictly_greater_or_less(api):
    first = api.basket(external_id="first")
    api.server.move_clock(3600)
    second = api.basket(external_id="second")
    middle = (datetime.fromisoformat(first["creation_date"]) + timedelta(minutes=30)).isoformat()
    assert found(api, creation_date_gt=middle) == [second["external_id"]]
    assert found(api, creation_date_lt=middle) == [first["external_id"]]
    assert found(api, creation_date_gt=middle, creation_date_lt=middle) == []


def test_quote_dates_leave_out_what_was_never_confirmed(api):
    api.basket(external_id="draft")
    basket, _ = api.confirmed()
    api.patch(f"quote/{basket['id']}/", {})
    assert api.get("quote/", quote_date_gt="2001-01-01").json()["count"] == 1
    assert api.get("quote/", quote_date_lt="2001-01-01T10:00:00Z").json()["count"] == 0


def test_filters_are_joined(api):
    api.basket(external_id="A", project_id="FLASH")
    api.basket(external_id="B", project_id="FLASH")
    assert found(api, external_id="a", project_id="flash") == ["A"]


@pytest.mark.parametrize("name", ["creation_date_gt", "creation_date_lt", "quote_date_gt", "quote_date_lt"])
@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-02-30T10:00:00"])
def test_an_unreadable_date_is_refused(api, name, text):
    answer = api.get("quote/", **{name: text})
    assert (answer.status_code, answer.json()) == (400, {name: ["Enter a valid date/time."]})


def test_an_unknown_filter_is_ignored(api):
    api.basket(external_id="E1")
    assert found(api, colour="blue") == ["E1"]

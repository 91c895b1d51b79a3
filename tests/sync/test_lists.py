"""Walking lists that drift, turn in circles, lead astray or break off: what was read is kept, nothing is invented."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs

import pytest

from quotes.covage import CovageError
from quotes.models import Basket, Line, OperatorState, SyncJob
from quotes.sync import discover, jobs
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.operator import Shapes
from tests.sync.scenes import Meanwhile, draft, read_list

pytestmark = pytest.mark.django_db
NEXT_PAGES = [Shapes(next_page=kind) for kind in ("url", "path", "number", "text")]


def drafts(operator, count):
    return [draft(operator, lines=0, external_id=f"B{number}") for number in range(count)]


def page(*baskets, next_page=None, count=None):
    return {"count": count, "next_page": next_page, "results": list(baskets)}


def known():
    return set(Basket.objects.values_list("remote_id", flat=True))


def item(basket_id):
    return {"id": basket_id, "state": "acknowledged"}


@pytest.mark.parametrize("operator", NEXT_PAGES, indirect=True)
def test_all_pages_are_walked_however_the_next_one_is_named(operator):
    ids = drafts(operator, 10)
    tally = read_list()
    assert (tally.seen, tally.changed, tally.cursor) == (10, 10, {"complete": True, "reason": ""})
    assert known() == set(ids)


def test_rows_that_are_added_and_removed_during_the_walk_make_no_double_and_no_loss(operator):
    ids = drafts(operator, 9)

    def drift():
        operator.world.baskets.pop(ids[0])
        operator.world.draft(external_id="new")

    operator.faults.append(Meanwhile(drift, "/quote/$", skip=1))
    read_list()
    read_list()
    assert known() == {*ids, *operator.world.baskets}
    assert Basket.objects.count() == 10
    assert not Basket.objects.exclude(missing_since=None).exists()


def test_a_row_that_is_listed_twice_is_one_row(operator):
    operator.fail(200, "/quote/$", body=page(item("a"), item("a")))
    read_list()
    assert Basket.objects.count() == 1


@pytest.mark.parametrize("next_page", ["?page=1", 1, "?", "?page=2"])
def test_a_list_that_turns_in_a_circle_ends(operator, next_page):
    operator.fail(200, "/quote/$", times=9, body=page(item("a"), next_page=next_page))
    tally = read_list()
    assert known() == {"a"}
    assert not tally.cursor["complete"]
    assert len(operator.sent("GET", "/quote/$")) <= 3


def test_a_list_without_anything_new_ends(operator):
    for number in range(2, 9):
        operator.fail(200, "/quote/$", body=page(item("a"), next_page=number))
    assert not read_list().cursor["complete"]
    assert len(operator.sent("GET", "/quote/$")) <= 4


@pytest.mark.parametrize("next_page", ["file:///etc/passwd", "/api/v1/quote_item/?page=2", {"page": 2}, -1])
def test_a_next_page_elsewhere_is_not_followed_and_what_was_read_stays(operator, next_page):
    operator.fail(200, "/quote/$", body=page(item("a"), next_page=next_page))
    tally = read_list()
    assert (known(), tally.cursor["complete"]) == ({"a"}, False)
    assert len([r for r in operator.requests if r["method"] == "GET"]) == 1


@pytest.mark.parametrize(
    "next_page", ["http://127.0.0.1:9/api/v1/quote/?page=2", "//evil.example/api/v1/quote/?page=2"]
)
def test_a_next_page_on_another_host_is_read_on_our_own(operator, next_page):
    operator.fail(200, "/quote/$", body=page(item("a"), next_page=next_page))
    operator.fail(200, "/quote/$", body=page(item("b")))
    tally = read_list()
    assert (known(), tally.cursor["complete"]) == ({"a", "b"}, True)
    assert len(operator.sent("GET", "/quote/$")) == 2


@pytest.mark.parametrize("action", ["reset", "truncate", "html", 500, 403])
def test_what_was_read_before_a_failure_is_kept_and_the_next_walk_brings_the_rest(operator, action):
    ids = drafts(operator, 8)
    operator.fail(action, "/quote/$", skip=1, times=3)
    with pytest.raises(CovageError):
        read_list()
    assert known() == set(ids[:3])
    operator.faults.clear()
    OperatorState.objects.update(open_until=None)  # the breaker
    read_list()
    assert known() == set(ids)


def test_a_token_that_ends_in_the_middle_costs_one_renewal_and_no_page(operator):
    ids = drafts(operator, 12)
    operator.fail(401, "/quote/$", skip=2)
    read_list()
    assert (known(), operator.grants) == (set(ids), 2)


def test_a_token_that_is_refused_twice_ends_the_walk(operator):
    drafts(operator, 12)
    operator.fail(401, "/quote/$", skip=2, times=9)
    jobs.run("all_baskets", 60, lambda tally: discover.baskets(connect(), tally, full=True))
    job = SyncJob.objects.get()
    assert (job.error.split(":")[0], job.succeeded_at) == ("CovageAuthFailed", None)
    assert len(operator.sent("GET", "/quote/$")) == 4


def test_a_walk_whose_time_is_up_goes_on_where_it_was(operator):
    ids = drafts(operator, 10)
    tally = Tally(until=0)
    discover.baskets(connect(), tally, full=True)
    assert (tally.is_cut, tally.cursor["page"], len(known())) == (True, 2, 3)
    again = Tally(cursor=tally.cursor)
    discover.baskets(connect(), again, full=True)
    assert (again.is_cut, again.cursor) == (False, {"complete": False, "reason": "fewer items than counted"})
    assert known() == set(ids)
    assert [r["query"] for r in operator.sent("GET", "/quote/$")][:2] == ["", "page=2"]


def test_a_walk_that_goes_on_asks_for_the_same_list(operator):
    drafts(operator, 4)
    read_list()
    drafts(operator, 4)
    tally = Tally(until=0)
    discover.baskets(connect(), tally)
    Basket.objects.update(creation_date="2026-01-01T00:00:00Z")  # the newest known is another one by now
    operator.requests.clear()
    discover.baskets(connect(), Tally(cursor=tally.cursor))
    assert parse_qs(operator.requests[0]["query"]) == {
        "creation_date_gt": [tally.cursor["filters"]["creation_date_gt"]],
        "page": ["2"],
    }


def test_a_walk_that_goes_on_behind_the_end_of_the_list_is_over(operator):
    operator.fail(404, "/quote/$")
    tally = Tally(cursor={"page": 7})
    discover.baskets(connect(), tally, full=True)
    assert (tally.cursor, tally.is_cut) == ({}, False)


def test_only_what_is_newer_than_the_newest_known_is_asked_for(operator):
    operator.shapes.page_size = 50
    drafts(operator, 4)
    read_list()
    before = len(operator.requests)
    read_list(full=False)
    [request] = operator.requests[before:]
    edge = min(b["creation_date"] for b in operator.world.baskets.values()) - timedelta(hours=1)
    asked_for = datetime.fromisoformat(parse_qs(request["query"])["creation_date_gt"][0])
    assert abs(asked_for - edge) < timedelta(minutes=5)


def test_a_creation_date_in_the_future_does_not_hide_what_is_created_today(operator):
    operator.fail(200, "/quote/$", body=page({"id": "a", "creation_date": "2999-01-01T00:00:00Z"}))
    read_list()
    [new] = drafts(operator, 1)
    read_list(full=False)
    assert new in known()


def test_a_line_list_brings_addresses_and_lines_without_a_basket(operator):
    basket_id = draft(operator, lines=4)
    discover.lines(connect(), Tally())
    assert Line.objects.filter(basket=None, site="1 rue X, 29000 Quimper").count() == 4
    assert not Basket.objects.exists()
    read_list()
    assert Basket.objects.get().remote_id == basket_id

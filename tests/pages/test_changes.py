"""The one line above a list that tells how many of its rows changed since they were shown."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from quotes.models import ExportJob
from tests.pages.browsing import text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


def ask(client, html):
    """What the element that asks is answered."""
    return text(client.get(asks(html), headers={"HX-Request": "true"}))


def asks(html) -> str:
    return re.search(r'id="list-news"[^>]*hx-get="([^"]+)"', html)[1]


def told(answer) -> int:
    """The number of rows that changed; an answer that tells so asks no more."""
    bold = re.search(r"<b>(\d+)", answer)
    assert bool(bold) != ("hx-get" in answer.split("<a ")[0])
    return int(bold[1]) if bold else 0


def change(line, **fields):
    return a_line(line.basket, id=line.remote_id, reference=line.reference, **fields)


@pytest.mark.parametrize("path", ["/lines/?state=ready&page_size=50", "/review/", "/review/?project_id=P"])
def test_rows_that_changed_are_counted_and_those_that_did_not_are_not(as_, path):
    basket = a_basket()
    one, other, third = (a_line(basket, project_id="P", validity_date="2099-01-01") for _ in range(3))
    client = as_("manager")
    html = text(client.get(path))
    assert told(ask(client, html)) == 0
    change(one, project_id="P", validity_date="2099-02-02")
    assert told(ask(client, html)) == 1
    change(other, project_id="P", validity_date="2099-02-03")
    assert told(ask(client, html)) == 2


def test_rows_that_left_the_filter_and_new_ones_count_too(as_):
    basket = a_basket()
    gone = [a_line(basket) for _ in range(2)]
    client = as_("sales")
    html = text(client.get("/lines/?state=ready"))
    for line in gone:
        change(line, state="accepted")
    assert told(ask(client, html)) == 2
    html = text(client.get("/lines/?state=accepted"))
    a_line(basket, state="accepted")
    assert told(ask(client, html)) == 1


def test_an_empty_list_hears_of_its_first_row(as_):
    client = as_("sales")
    html = text(client.get("/baskets/?project_id=P"))
    a_basket(project_id="Q")
    assert told(ask(client, html)) == 0
    a_basket(project_id="P")
    assert told(ask(client, html)) == 1


def test_an_export_of_a_colleague_is_told_in_the_list_of_all_and_not_in_ones_own(as_, people):
    client = as_("sales")
    everybody, mine = text(client.get("/exports/")), text(client.get("/exports/?mine=1"))
    ExportJob.objects.create(kind="csv", actor=people["manager"])
    assert (told(ask(client, everybody)), told(ask(client, mine))) == (1, 0)


def test_the_second_page_is_compared_with_the_second_page(as_):
    basket = a_basket()
    lines = [a_line(basket, creation_date=f"2026-01-01T10:00:{n:02}Z") for n in range(30)]
    client = as_("sales")
    html = text(client.get("/lines/?page=2"))
    change(lines[-1], creation_date="2026-01-01T10:00:29Z", note="on the first page")
    assert told(ask(client, html)) == 0
    change(lines[0], creation_date="2026-01-01T10:00:00Z", note="on the second")
    assert told(ask(client, html)) == 1


def test_show_leads_to_the_same_list(as_):
    line = a_line(project_id="A & B")
    client = as_("sales")
    html = text(client.get("/lines/?project_id=A+%26+B&sort=-state"))
    change(line, project_id="A & B", note="new")
    href = re.search(r'<a href="([^"]+)"', ask(client, html))[1]
    assert parse_qs(urlsplit(href).query) == {"project_id": ["A & B"], "sort": ["-state"]}


def test_asking_ends_by_itself(as_):
    a_line()
    client = as_("sales")
    html, asked = text(client.get("/lines/")), 0
    while 'id="list-news"' in html and "hx-get" in html.split("<a ")[0 if asked else -1] and asked < 100:
        html, asked = ask(client, html), asked + 1
    assert asked == 30


def test_asking_costs_one_query_of_the_rows(as_, django_assert_max_num_queries):
    for _ in range(5):
        a_line()
    client = as_("sales")
    place = asks(text(client.get("/lines/?page_size=100")))
    with django_assert_max_num_queries(4):  # session, person, rights, rows
        client.get(place, headers={"HX-Request": "true"})


@pytest.mark.parametrize("query", ["seen=zzz&newest=x&start=-1&n=q", "list=validity_date_lt%3Dx", "list=page%3D99", ""])
def test_an_address_that_was_meddled_with_breaks_nothing(as_, query):
    a_line()
    for noun in ("lines", "baskets", "review", "exports"):
        assert as_("auditor").get(f"/_/lists/{noun}/news?{query}").status_code == 200
    assert as_("auditor").get("/_/lists/people/news").status_code == 404

"""The search: what names one thing leads to it however it is spelt; other words find what holds them."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quotes.models import Command, Line
from quotes.selectors.search import spellings
from quotes.services import baskets
from quotes.templatetags.found import marked
from tests.cast import nonce
from tests.pages.browsing import FOUR_WAYS, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db

REMOTE = "123e4567-e89b-12d3-a456-42661417400a"


@pytest.fixture
def reader(as_):
    client = as_("auditor")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-gb"
    return client


@pytest.fixture
def line():
    a_line(end_customer_name="Somebody else")
    return a_line(id=REMOTE, reference="QO_20260423_00000077", external_id="Côte-77", end_customer_name="Café Élan")


def leads(client, q: str) -> str | None:
    response = client.get("/search/", {"q": q})
    return response.headers.get("Location") if response.status_code == 302 else None


def found(html: str, kind: str) -> list[str]:
    return re.findall(rf'<li data-kind="{kind}" data-id="([^"]+)"', html)


@pytest.mark.parametrize(
    "spelling",
    [
        "QO_20260423_00000077",
        " qo_20260423_00000077 ",
        "QO 20260423 00000077",
        "QO-20260423-00000077",
        "QO2026042300000077",
        "qo 2026 0423 77",
        "QO – 20260423 – 77",
        REMOTE,
        REMOTE.upper(),
        "Côte-77",
        "CÔTE 77",
        "côte_77",
    ],
)
def test_one_line_is_reached_by_every_spelling_of_its_names(reader, line, spelling):
    assert leads(reader, spelling) == f"/lines/{line.pk}/"


def test_the_portals_own_id_leads_to_the_object(reader, line):
    assert leads(reader, str(line.pk)) == f"/lines/{line.pk}/"
    assert leads(reader, line.basket.pk.hex) == f"/baskets/{line.basket_id}/"


def test_a_basket_is_reached_by_its_name_and_its_id(reader):
    basket = a_basket(id="b-77", external_id="ZAC-Madeleine-2")
    assert leads(reader, "zac madeleine 2") == leads(reader, "B-77") == f"/baskets/{basket.pk}/"


def test_both_forms_of_an_external_id_lead_to_the_basket(operator, sales, reader):
    operator.world.draft(external_id="EXT123")
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="EXT123").basket
    assert leads(reader, "ext123") == leads(reader, basket.external_id) == f"/baskets/{basket.pk}/"


@pytest.mark.parametrize("name", ["product_order_id", "product_order_item_id"])
def test_an_order_id_leads_to_its_line(reader, manager, line, name):
    facts = {"kind": "accept", "state": "done", "line": line, "basket": line.basket, "actor": manager}
    Command.objects.create(nonce=nonce(), result={name: "ORD-991"}, **facts)
    assert leads(reader, "ORD-991") == f"/lines/{line.pk}/"
    assert leads(reader, "ORD-99") is None


def test_a_name_that_two_things_have_is_a_choice(reader):
    one, other = a_line(external_id="SITE-1"), a_line(external_id="SITE-1")
    response = reader.get("/search/", {"q": "site-1"})
    assert (response.status_code, set(found(text(response), "line"))) == (200, {str(one.pk), str(other.pk)})


def test_what_was_never_created_is_not_found(reader, line):
    Line.objects.filter(pk=line.pk).update(is_void=True)
    assert leads(reader, line.reference) is None


def test_words_find_lines_and_baskets_that_hold_them_all(reader, line):
    basket = a_basket(external_id="Élan vital")
    html = text(reader.get("/search/", {"q": "elan"}))
    assert (found(html, "line"), found(html, "basket")) == ([str(line.pk)], [str(basket.pk)])
    assert found(text(reader.get("/search/", {"q": "elan  CAFE"})), "line") == [str(line.pk)]
    assert found(text(reader.get("/search/", {"q": "elan garage"})), "line") == []


def test_what_matched_is_marked_with_its_accents(reader, line):
    assert "Café <mark>Élan</mark>" in text(reader.get("/search/", {"q": "elan"}))


def test_five_are_shown_and_the_rest_is_behind_a_link_that_counts_as_many(reader):
    for _ in range(7):
        a_line(end_customer_name="Garage du Port-Louis")
    html = text(reader.get("/search/", {"q": "garage port-louis"}))
    assert len(found(html, "line")) == 5
    href = re.search(r'<a href="(/lines/\?[^"]+)">See the 7 lines', html)[1]
    assert len(re.findall(r'<tr data-kind="line"', text(reader.get(href)))) == 7


def test_no_words_and_no_match_are_told_apart(reader, line):
    empty, nothing = (text(reader.get("/search/", {"q": q})) for q in ("", "zzz"))
    assert "What are you looking for?" in empty
    assert "Nothing holds “zzz”" in nothing


@pytest.mark.parametrize("q", ["%", "_", "\0", "'", '"', "\\", "--", "é" * 500, "🙂", "٣"])
def test_odd_input_finds_nothing_and_breaks_nothing(reader, line, q):
    response = reader.get("/search/", {"q": q})
    assert response.status_code == 200
    assert found(text(response), "line") == []


def test_an_id_that_nobody_knows_is_answered_plainly(reader, line):
    assert reader.get("/search/", {"q": str(uuid.uuid4())}).status_code == 200


def test_hostile_text_stays_text(reader):
    a_line(end_customer_name="<img src=x> garage", site="<b>")
    html = reader.get("/search/", {"q": "<img garage"}).content.decode()
    assert "<img src=x" not in html
    assert "&lt;<mark>img</mark>" in html


def test_who_still_types_is_not_led_away(reader, line):
    answers = [reader.get("/search/", {"q": line.reference}, headers=ways) for ways in FOUR_WAYS]
    assert [answer.status_code for answer in answers] == [302, 200, 302, 302]
    assert f'href="/lines/{line.pk}/"' in text(answers[1])


def test_only_a_plain_fragment_request_gets_the_fragment(reader, line):
    whole = ["<!doctype html>" in text(reader.get("/search/", {"q": "cafe"}, headers=ways)) for ways in FOUR_WAYS]
    assert whole == [True, False, True, True]


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get("/search/?q=a").headers["Location"] == "/login/?next=/search/%3Fq%3Da"


def test_exact_names_are_looked_up_in_indexes(reader, line):
    """No table of a million rows is walked through: the plan names an index for each of the two."""
    with CaptureQueriesContext(connection) as queries:
        reader.get("/search/", {"q": line.reference})
    exact = [q["sql"] for q in queries if "reference_key" in q["sql"] or "external_key" in q["sql"]]
    exact = [sql for sql in exact if " WHERE " in sql and " IN (" in sql]
    assert len(exact) == 2
    with connection.cursor() as cursor:
        for sql in exact:
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
            plan = " ".join(str(row) for row in cursor.fetchall())
            if connection.vendor == "sqlite":  # PostgreSQL walks through tables as small as these
                assert not re.search(r"SCAN quotes_(line|basket)\b", plan), plan


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("QO 2026 0423 1", "qo_20260423_00000001"),
        ("qo2026042300000001", "qo_20260423_00000001"),
        ("QO-20260423-12345678", "qo_20260423_12345678"),
        ("FLASH 2026 044", "flash-2026-044"),
    ],
)
def test_a_pasted_name_is_tried_in_the_forms_that_names_have(typed, expected):
    assert expected in spellings(typed)


@pytest.mark.parametrize("typed", ["QO 2026", "QO", "QO 20260423", ""])
def test_a_part_of_a_reference_is_no_reference(typed):
    assert not any(name.startswith("qo_") and len(name) == 20 for name in spellings(typed))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["elan"], "Café <mark>Élan</mark> &lt;b&gt;"),
        (["cafe", "fe el"], "<mark>Café Él</mark>an &lt;b&gt;"),
        (["b"], "Café Élan &lt;<mark>b</mark>&gt;"),
        ([], "Café Élan &lt;b&gt;"),
    ],
)
def test_marks_stand_around_the_characters_that_matched(words, expected):
    assert marked("Café Élan <b>", words) == expected


def test_marks_survive_characters_that_fold_into_several_or_none():
    assert marked("ﬁbre o\u0302 site", ["fibre", "o site"]) == "<mark>ﬁbre</mark> <mark>o\u0302 site</mark>"

"""The search: what names one thing leads to it however it is spelt; other words find what holds them."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quotes.models import Basket, Command, Line
from quotes.selectors.search import spellings
from quotes.services import baskets, comments
from quotes.templatetags.found import marked
from tests.cast import COMPLETE, nonce
from tests.pages.browsing import FOUR_WAYS, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db

REMOTE = "123e4567-e89b-12d3-a456-42661417400a"


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


def lines_found(client, q: str) -> list[str]:
    return found(text(client.get("/search/", {"q": q})), "line")


def test_tokens_narrow_the_search_and_the_link_to_the_list_shows_the_same(reader):
    wanted = a_line(a_basket(project_id="FLASH"), end_customer_name="Garage", project_id="FLASH")
    a_line(end_customer_name="Garage", project_id="FLASH", state="expired")
    a_line(end_customer_name="Garage", project_id="OTHER")
    for q in ("garage state:ready project:flash", 'état:"price to review" projet:FLASH', "project:FLASH state:ready"):
        assert lines_found(reader, q) == [str(wanted.pk)], q
    assert len(lines_found(reader, "state:nonsense")) == 0
    assert "state:ready" in text(reader.get("/search/"))


def test_late_is_what_must_be_decided_within_two_days(reader):
    soon, much_later = (timezone.now() + timedelta(days=days) for days in (1, 9))
    late = a_line(validity_date=soon.isoformat())
    a_line(validity_date=much_later.isoformat())
    a_line(validity_date=soon.isoformat(), state="accepted")
    assert lines_found(reader, "late:yes") == lines_found(reader, "retard:oui") == [str(late.pk)]


def test_a_word_with_a_colon_that_is_no_token_is_a_word(reader):
    line = a_line(note="ref:ABC-9")
    assert lines_found(reader, "ref:ABC-9") == [str(line.pk)]


def test_what_colleagues_noted_and_said_is_found_and_shown(reader, sales, line):
    comments.write_note(actor=sales, about=line, text="Café owner hésite", seen=comments.digest(""))
    comments.add(actor=sales, nonce=nonce(), about=line.basket, text="Wait for the budget")
    html = text(reader.get("/search/", {"q": "hesite cafe"}))
    assert found(html, "line") == [str(line.pk)]
    assert "<mark>Café</mark> owner <mark>hésite</mark>" in html
    assert found(text(reader.get("/search/", {"q": "budget"})), "basket") == [str(line.basket_id)]
    assert found(text(reader.get("/search/", {"q": "budget hesite"})), "line") == []


def test_projects_are_found_by_a_part_of_their_name(reader):
    a_basket(project_id="Zone Côte-Sud")
    assert '<a class="name" href="/baskets/?project_id=Zone%20C%C3%B4te-Sud">' in text(
        reader.get("/search/?q=cote sud")
    )


def test_what_the_portal_has_not_read_is_looked_for_at_the_operator(operator, as_):
    remote = operator.world.draft(external_id="NEW-1")
    line = operator.world.add_line(remote, dict(COMPLETE))
    client = as_("sales")
    assert 'action="/search/look/"' in text(client.get("/search/", {"q": "NEW-1"}))
    answer = client.post("/search/look/", {"q": "NEW-1"})
    assert answer["Location"] == f"/baskets/{Basket.objects.get(external_id='NEW-1').pk}/"
    Line.objects.all().delete()
    for name in (line["reference"], line["reference"].lower().replace("_", " "), line["id"]):
        answer = client.post("/search/look/", {"q": name})
        assert answer["Location"] == f"/lines/{Line.objects.get(remote_id=line['id']).pk}/"


def test_nothing_at_the_operator_either_is_said(operator, as_):
    client = as_("sales")
    answer = client.post("/search/look/", {"q": "QO 2026 0423 9"})
    assert answer["Location"] == "/search/?q=QO+2026+0423+9"
    assert "QO_20260423_00000009" in str(operator.requests)
    assert client.post("/search/look/", {"q": ""}).status_code == 303


def test_the_palette_offers_what_this_person_may_do_and_what_is_found(as_, line):
    sales, auditor = (text(as_(who).get("/_/palette")) for who in ("sales", "auditor"))
    assert 'data-go="/baskets/new/"' in sales and 'data-go="/baskets/new/"' not in auditor
    html = text(as_("sales").get("/_/palette", {"q": line.reference}))
    assert html.index(f'data-go="/lines/{line.pk}/"') < html.index('data-go="/search/?q=QO_')
    assert html.count(f'data-go="/lines/{line.pk}/"') == 1


def test_one_letter_is_not_searched(as_, line, django_assert_max_num_queries):
    client = as_("sales")
    with django_assert_max_num_queries(4):
        assert f'data-go="/lines/{line.pk}/"' not in text(client.get("/_/palette", {"q": "c"}))


def test_a_search_costs_the_same_whatever_it_finds(as_, django_assert_max_num_queries):
    client, basket = as_("sales"), a_basket(external_id="garage du port")
    for _ in range(8):
        a_line(basket, end_customer_name="Garage")
    for place in ("/search/", "/_/palette"):
        with django_assert_max_num_queries(16):
            assert client.get(place, {"q": "garage"}).status_code == 200


def test_the_theme_can_be_changed_from_anywhere(as_, people):
    client = as_("auditor")
    answer = client.post("/preferences/theme/", {"theme": "dark"}, headers={"Referer": "http://testserver/lines/?q=a"})
    assert answer["Location"] == "http://testserver/lines/?q=a"
    assert 'data-theme="dark"' in text(client.get("/"))
    elsewhere = client.post("/preferences/theme/", {"theme": "system"}, headers={"Referer": "https://evil.example/"})
    assert elsewhere["Location"] == "/"
    assert "data-theme" not in text(client.get("/")).split("<head>")[0]
    assert client.post("/preferences/theme/", {"theme": "pink"}).status_code == 303
    assert "pink" not in text(client.get("/"))

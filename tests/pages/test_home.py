"""The home page: what needs this person now, in figures, rows and charts that lead to what they count."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quotes.models import Basket, Command, Event, Line
from quotes.services import baskets
from tests.cast import nonce
from tests.pages.browsing import FOUR_WAYS, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(as_british):
    return as_british


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def entries(html: str, kind: str) -> list[str]:
    """The ids of the objects of one kind in the order of the page."""
    return list(dict.fromkeys(re.findall(rf'<(?:tr|li) data-kind="{kind}" data-id="([^"]+)"', html)))


def heads(html: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", html)


def title(html: str) -> str:
    return re.search(r"<title>(.*?)</title>", html)[1]


def figures(html: str) -> list[tuple[str, int]]:
    """(address, number) of the figures."""
    stats = re.search(r'<ul class="stats.*?</ul>', html, re.S)[0]
    return [(href, int(n)) for href, n in re.findall(r'<a href="([^"]+)"><b>(\d+)</b>', stats)]


def counted(client, href: str) -> int:
    """How many objects the page at an address shows."""
    html = text(client.get(href))
    return len(entries(html, "line")) + len(entries(html, "basket"))


@pytest.fixture
def world():
    """A line or a basket for each figure, and others that none of them counts."""
    draft, sent = a_basket(state="acknowledged"), a_basket(state="confirmed")
    a_line(draft, state="acknowledged", prices=[])
    for _ in range(2):
        a_line(sent, state="confirmed", prices=[])
    priced = a_basket(external_id="FLASH-041")
    for days in (3, 7, 8, -1, None):
        a_line(priced, validity_date=days if days is None else day(days), response_date=day(-2))
    a_line(priced, state="unable_to_provide", prices=[], response_date=day(-3))
    a_line(a_basket(state="finalized"), state="accepted", response_date=day(0), creation_date=day(-4))
    a_line(a_basket(state="finalized"), state="expired", response_date=day(-400), creation_date=day(-410))


@pytest.mark.parametrize("who", ["sales", "manager", "auditor", "admin"])
def test_each_figure_is_what_the_list_behind_it_counts(world, as_, who):
    client = as_(who)
    found = figures(text(client.get("/")))
    assert [n for _href, n in found] == [1, 2, 5, 2]
    assert [counted(client, href) for href, _n in found] == [1, 2, 5, 2]


def test_each_mark_of_a_chart_leads_to_what_it_counts(world, as_):
    client = as_("manager")
    html = text(client.get("/?charts=1"))
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]+)">.*?</a></th>(.*?)</tr>', html)
    counts = [(href, [int(n) for n in re.findall(r'class="num">(\d+)<', cells)]) for href, cells in rows]
    totals = {href: n[-1] if "state=refused" in href and len(n) == 4 else n[0] for href, n in counts if n}
    assert len(totals) == len(rows)
    assert sum(totals.values()) > 12
    for href, total in totals.items():
        assert counted(client, href) == total, href


def test_the_bars_link_where_the_table_links(world, as_):
    html = text(as_("manager").get("/?charts=1"))
    for chart in re.findall(r"<figure.*?</details>", html, re.S):
        drawing, table = chart.split("<details>")
        assert set(re.findall(r'<a href="([^"]+)"><title>', drawing)) <= set(re.findall(r'<a href="([^"]+)"', table))
    assert html.count("<figure") == 4


def test_the_charts_are_fetched_when_they_are_seen(world, as_):
    client = as_("manager")
    html = text(client.get("/"))
    assert 'id="charts"' in html
    assert 'hx-get="/?charts=1" hx-trigger="intersect once"' in html
    fragment = text(client.get("/?charts=1", headers={"HX-Request": "true"}))
    assert fragment.lstrip().startswith('<section id="charts"')
    assert "hx-get" not in fragment
    assert "dw-bar" in fragment and "dw-bar" not in html


def test_the_median_of_all_weeks_stands_beside_those_of_each(as_):
    for days in (2, 4, 9):
        a_line(response_date=day(-1), creation_date=day(-1 - days))
    assert "of all these weeks 4<" in text(as_("manager").get("/?charts=1"))


def test_each_reason_of_a_decline_leads_to_as_many_actions(people, as_):
    line = a_line()
    facts = {"kind": "decline", "line": line, "basket": line.basket, "actor": people["manager"]}
    for motive, state in [("too_late", "done"), ("too_late", "done"), ("too_late", "refused"), ("other", "done")]:
        Command.objects.create(motive=motive, state=state, nonce=nonce(), **facts)
    client = as_("manager")
    html = text(client.get("/?charts=1"))
    rows = re.findall(r'<a class="name" href="(/commands/[^"]+)">(.*?)</a><span>(\d+)</span>', html)
    assert [(label, int(n)) for _href, label, n in rows] == [("Too late", 2), ("Another reason", 1)]
    for href, _label, n in rows:
        assert len(entries(text(client.get(href)), "command")) == int(n)


@pytest.mark.parametrize(("days", "loud"), [(-1, False), (0, True), (2, True), (3, False)])
def test_what_ends_within_two_days_is_told_above_everything_else(as_, days, loud):
    a_line(validity_date=day(days))
    html = text(as_("manager").get("/"))
    assert ("1 line to decide ends within 2 days." in html) is loud
    assert counted(as_("manager"), "/review/?within=2") == int(loud)


@pytest.mark.parametrize(("wished", "words"), [(-3, "3 days late"), (-1, "1 day late"), (0, ""), (4, ""), (None, "")])
def test_an_answer_that_was_wished_earlier_is_late_by_days(as_, wished, words):
    date = {} if wished is None else {"expected_response_date": day(wished)}
    line = a_line(a_basket(state="confirmed"), state="confirmed", prices=[], **date)
    for place in ("/", f"/lines/{line.pk}/"):
        found = re.findall(r"\d+ days? late", text(as_("sales").get(place)))
        assert found == ([words] if words else [])


def test_an_answer_that_came_is_late_by_the_days_of_its_own(as_):
    line = a_line(expected_response_date=day(-9), response_date=day(-4))
    assert "5 days late" in text(as_("sales").get(f"/lines/{line.pk}/"))


def test_a_manager_decides_first_what_ends_first(as_):
    later, sooner, never = (a_line(validity_date=days) for days in (day(9), day(2), None))
    html = text(as_("manager").get("/"))
    assert entries(html, "line")[:3] == [str(line.pk) for line in (sooner, later, never)]
    assert heads(html)[0] == "To decide"
    assert title(html).startswith("(3) Home")


def test_sales_finish_first_then_see_answers_then_what_waits_longest(world, operator, sales, as_):
    old = a_basket(state="confirmed", creation_date=day(-9), external_id="OLD")
    a_line(old, state="confirmed", prices=[])
    html = text(as_("sales").get("/"))
    assert heads(html)[:3] == ["To finish", "Answers received", "Waiting at the operator"]
    waiting = html[html.index("Waiting at the operator") :]
    assert entries(waiting, "basket")[0] == str(old.pk)


def test_drafts_of_others_are_theirs_to_finish(operator, people, as_):
    mine, theirs = (
        baskets.create(actor=people[who], nonce=nonce(), external_id=who).basket for who in ("sales", "sales2")
    )
    nobodys = a_basket(state="acknowledged")
    html = text(as_("sales").get("/"))
    assert entries(html, "basket") == [str(mine.pk), str(nobodys.pk)]
    assert str(theirs.pk) not in html[html.index("<main") : html.index("Last events")]
    assert title(html).startswith("(2) Home")


def test_a_draft_says_what_is_still_missing(as_):
    basket = a_basket(state="acknowledged")
    a_line(basket, state="acknowledged", prices=[], site_connection_type="", product_offerings=[])
    a_line(basket, state="acknowledged", prices=[])
    html = text(as_("sales").get("/"))
    assert "2 fields are missing on 1 line" in html
    assert ">to complete</span>" in html


def test_a_group_shows_seven_and_leads_to_all(as_):
    for _ in range(9):
        a_line(a_basket(state="acknowledged"), state="acknowledged", prices=[])
    html = text(as_("sales").get("/"))
    assert len(entries(html, "basket")) == 7
    assert re.search(r'href="/baskets/\?state=acknowledged">See all 9 drafts<', html)


@pytest.fixture
def failed(sales):
    line = a_line(state="acknowledged", prices=[])
    facts = {"kind": "update_line", "line": line, "basket": line.basket, "actor": sales}
    now = timezone.now()
    return Command.objects.create(state="refused", reason="refused", nonce=nonce(), settled_at=now, **facts)


def test_an_action_without_effect_is_told_until_something_newer_is_done(failed, as_):
    assert entries(text(as_("sales").get("/")), "command") == [str(failed.pk)]
    again = Command(kind=failed.kind, line=failed.line, basket=failed.basket, actor=failed.actor)
    again.state, again.nonce = "done", nonce()
    again.save()
    assert entries(text(as_("sales").get("/")), "command") == []


def test_an_action_of_long_ago_or_of_others_is_not_told(failed, as_):
    assert entries(text(as_("manager").get("/")), "command") == []
    Command.objects.update(settled_at=timezone.now() - timedelta(days=4))
    assert entries(text(as_("sales").get("/")), "command") == []


@pytest.mark.parametrize("who", ["sales", "manager"])
def test_what_is_under_way_comes_first(world, people, as_, who):
    line = Line.objects.filter(state="ready").first()
    facts = {"kind": "decline", "line": line, "basket": line.basket, "actor": people[who]}
    command = Command.objects.create(state="uncertain", nonce=nonce(), **facts)
    html = text(as_(who).get("/"))
    assert heads(html)[0] == "Under way"
    assert f'data-id="{command.pk}" data-command-state="uncertain"' in html


def test_an_administrator_sees_health_then_what_needs_a_person(world, sales, as_):
    line = Line.objects.first()
    facts = {"kind": "confirm_basket", "basket": line.basket, "actor": sales}
    command = Command.objects.create(state="needs_person", nonce=nonce(), **facts)
    html = text(as_("admin").get("/"))
    assert heads(html)[:3] == ["Synchronisation", "Actions that need a person", "To decide"]
    assert entries(html, "command") == [str(command.pk)]
    assert title(html).startswith("(1) Home")
    assert f"/lines/{line.pk}/offers/" not in html


def test_an_auditor_sees_what_changed_and_no_form_that_writes(world, as_):
    html = text(as_("auditor").get("/"))
    assert "Recently changed" in heads(html)
    assert re.findall(r'method="post" action="([^"]+)"', html) == ["/logout/", "/preferences/theme/"]
    assert title(html).startswith("Home")


def test_a_decision_seen_this_week_is_told(as_):
    line = a_line(id="l7", state="ready")
    a_line(line.basket, id="l7", state="accepted")
    html = text(as_("manager").get("/"))
    decided = html[html.index("Decided this week") :]
    assert entries(decided, "line") == [str(line.pk)]


def test_first_use_and_nothing_to_do_are_told_apart(as_):
    first = text(as_("sales").get("/"))
    assert "Create your first basket" in first
    a_basket(state="finalized")
    nothing = text(as_("sales").get("/"))
    assert "Nothing waits for you" in nothing
    assert "Create your first basket" not in nothing
    assert "first basket" not in text(as_("auditor").get("/"))


def test_news_speak_up_when_others_did_something_and_only_then(world, sales, as_):
    client = as_("sales")
    poller = re.search(r'id="home-news" data-poll hx-get="([^"]+)"', text(client.get("/")))[1]
    Event.add("gone", actor=sales, basket=Basket.objects.first())
    quiet = text(client.get(poller, headers={"HX-Request": "true"}))
    assert "data-poll" in quiet
    Event.add("gone", basket=Basket.objects.first())
    loud = text(client.get(poller, headers={"HX-Request": "true"}))
    assert "1 thing happened since" in loud
    assert "data-poll" not in loud


@pytest.mark.parametrize("query", ["", "seen=0&n=31", "seen=abc&n=x", "seen=" + "9" * 40])
def test_the_news_end_by_themselves_whatever_is_asked(as_, query):
    response = as_("sales").get(f"/_/home/news?{query}", headers={"HX-Request": "true"})
    assert response.status_code == 200
    if "n=31" in query or "n=x" in query:
        assert "data-poll" not in text(response)


@pytest.mark.parametrize("who", ["sales", "manager", "auditor", "admin"])
def test_more_rows_cost_no_more_queries(world, as_, who):
    client, counts = as_(who), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
        for number in range(12):
            a_line(validity_date=day(number), response_date=day(-1))
            a_line(a_basket(state="acknowledged"), state="acknowledged", prices=[])
    assert counts[0] == counts[1]


def test_only_a_plain_fragment_request_gets_the_fragment(world, as_):
    client = as_("sales")
    whole = ["<!doctype html>" in text(client.get("/", headers=ways)) for ways in FOUR_WAYS]
    assert whole == [True, False, True, True]


def test_the_navigation_counts_for_who_decides_and_only_what_there_is(as_):
    assert "data-to-decide" not in text(as_("manager").get("/"))
    for _ in range(3):
        a_line()
    assert set(re.findall(r"data-to-decide>(\d+)<", text(as_("manager").get("/")))) == {"3"}
    assert title(text(as_("manager").get("/"))).startswith("(3) ")
    assert "data-to-decide" not in text(as_("sales").get("/"))


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get("/").headers["Location"] == "/login/?next=/"


def test_hostile_text_stays_text(as_):
    a_line(a_basket(external_id="<script>1</script>"), end_customer_name="<script>2</script>", validity_date=day(1))
    for who in ("sales", "manager", "admin", "auditor"):
        html = as_(who).get("/").content.decode()
        assert "<script>1" not in html and "<script>2" not in html

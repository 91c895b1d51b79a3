"""The review queue: its order and place, its filters, who may decide, and the way on after a decision."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quotes.models import Basket, Command, Line
from quotes.services import baskets, lines
from quotes.sync import watch
from tests.cast import COMPLETE, nonce
from tests.pages.browsing import FOUR_WAYS, rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(as_british):
    return as_british


@pytest.fixture
def manager(as_):
    return as_("manager")


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def listed(html: str) -> list[str]:
    return re.findall(r'<li data-kind="line" data-id="([^"]+)"', html)


def selected(html: str) -> str:
    """The name in the heading of the line that is shown."""
    return re.search(r'<h2[^>]*id="line-t"[^>]*>(.*?)</h2>', html)[1]


def link(html: str, rel: str) -> str | None:
    found = re.search(rf'<a class="btn" rel="{rel}"[^>]*href="([^"]+)"', html)
    return f"/review/{found[1]}" if found else None


def queue(client, **query) -> list[str]:
    return listed(text(client.get("/review/", query)))


@pytest.fixture
def three():
    """Names in the order of their deadlines, not of their making."""
    return [a_line(end_customer_name=name, validity_date=day(days)) for name, days in (("B", 4), ("A", 2), ("C", 9))]


def test_the_nearest_deadline_comes_first_and_none_comes_last(manager, three):
    never = a_line(end_customer_name="D", validity_date=None)
    b, a, c = three
    html = text(manager.get("/review/"))
    assert listed(html) == [str(line.pk) for line in (a, b, c, never)]
    assert (selected(html), "1 of 4" in html) == ("A", True)


def test_only_lines_that_can_be_decided_are_in_it(manager, people, three):
    a_line(state="accepted"), a_line(state="confirmed", prices=[]), a_line(state="on_hold")
    gone, accepted = three[0], three[1]
    Line.objects.filter(pk=gone.pk).update(gone_at=timezone.now())
    facts = {"kind": "accept", "line": accepted, "basket": accepted.basket, "actor": people["manager"]}
    Command.objects.create(state="uncertain", nonce=nonce(), **facts)
    assert queue(manager) == [str(three[2].pk)]


def test_a_line_is_shown_with_its_offers_and_its_place(manager, three):
    html = text(manager.get("/review/", {"line": three[0].pk}))
    assert (selected(html), "2 of 3" in html) == ("B", True)
    assert re.search(r'<tr data-product-id="2173" data-state="ready"', html)
    assert re.search(r'<data[^>]* value="119.9" data-price="[\w.]+"', html)


def test_previous_and_next_walk_through_the_queue_by_link_and_by_key(manager, three):
    html = text(manager.get("/review/"))
    seen = [selected(html)]
    assert link(html, "prev") is None
    while link(html, "next"):
        assert re.search(r'rel="next" data-key="j"', html)
        html = text(manager.get(link(html, "next")))
        seen.append(selected(html))
    assert seen == ["A", "B", "C"]
    assert selected(text(manager.get(link(html, "prev")))) == "B"


def test_a_long_queue_is_shown_in_parts_and_walked_through_without_a_gap(manager):
    made = [a_line(end_customer_name=f"L{n:02}", validity_date=day(n + 1)) for n in range(23)]
    html, seen, parts = text(manager.get("/review/")), [], set()
    while True:
        seen.append(selected(html))
        parts.add(tuple(listed(html)))
        assert str(made[len(seen) - 1].pk) in listed(html)
        if not link(html, "next"):
            break
        html = text(manager.get(link(html, "next")))
    assert seen == [f"L{n:02}" for n in range(23)]
    assert sorted(map(len, parts)) == [3, 10, 10]


@pytest.mark.parametrize("same", [day(5), None])
def test_lines_of_one_deadline_are_each_met_once(manager, same):
    for n in range(12):
        a_line(end_customer_name=f"L{n:02}", validity_date=same)
    html = text(manager.get("/review/"))
    seen = [selected(html)]
    while link(html, "next"):
        html = text(manager.get(link(html, "next")))
        seen.append(selected(html))
    assert sorted(seen) == [f"L{n:02}" for n in range(12)]


def test_the_queue_is_filtered_by_project_deadline_and_basket(manager):
    flash, logis = a_basket(external_id="F"), a_basket(external_id="L")
    near, far = a_line(flash, project_id="Flash", validity_date=day(7)), a_line(logis, validity_date=day(8))
    past = a_line(logis, project_id="X", validity_date=day(-1))
    assert queue(manager, project_id="FLASH") == [str(near.pk)]
    assert queue(manager, within=7) == [str(near.pk)]
    assert queue(manager, basket=logis.pk) == [str(past.pk), str(far.pk)]
    assert queue(manager, validity_date_gte=day(8), validity_date_lt=day(9)) == [str(far.pk)]
    assert queue(manager, project_id="none") == []


def test_the_queue_is_filtered_by_person(manager, people):
    mine = a_line(validity_date=day(2))
    a_line(validity_date=day(1))
    Basket.objects.filter(pk=mine.basket_id).update(owner=people["sales"])
    html = text(manager.get("/review/"))
    assert '<option value="sales">Sales Le Goff</option>' in html
    assert queue(manager, person="sales") == [str(mine.pk)]
    assert queue(manager, person="nobody") == []


def test_the_filters_stay_on_the_way(manager, three):
    html = text(manager.get("/review/", {"within": 7, "project_id": ""}))
    assert parse_qs(urlsplit(link(html, "next")).query)["within"] == ["7"]
    html = text(manager.get(link(html, "next")))
    assert (selected(html), link(html, "next")) == ("B", None)


@pytest.mark.parametrize("ways", FOUR_WAYS)
@pytest.mark.parametrize(
    ("name", "value"), [("within", "a week"), ("within", "8"), ("basket", "none"), ("validity_date_lt", "soon")]
)
def test_an_unreadable_filter_shows_no_line(manager, three, name, value, ways):
    response = manager.get("/review/", {name: value}, headers=ways)
    assert (response.status_code, listed(text(response))) == (422, [])
    assert f'data-field="{name}"' in text(response)


@pytest.mark.parametrize("line", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_line_that_does_not_exist_is_the_first_of_the_queue(manager, three, line):
    assert selected(text(manager.get("/review/", {"line": line}))) == "A"


def test_a_line_that_was_decided_meanwhile_says_so_and_shows_the_next(manager, three):
    Line.objects.filter(pk=three[1].pk).update(state="accepted")
    html = text(manager.get("/review/", {"line": three[1].pk}))
    assert "A is no longer to be decided here." in html
    assert selected(html) == "B"


@pytest.mark.parametrize(
    ("who", "sentence"), [("sales", "Only a manager decides"), ("auditor", "Only a manager decides")]
)
def test_without_the_right_the_queue_is_read_and_nothing_is_decided(as_, three, who, sentence):
    html = text(as_(who).get("/review/"))
    assert len(listed(html)) == 3
    assert sentence in html
    assert "/accept/" not in html and "/decline/" not in html


def test_sales_that_may_decline_get_that_button_only(as_, three, settings):
    settings.PORTAL_SALES_MAY_DECLINE = True
    html = text(as_("sales").get("/review/"))
    assert "/decline/" in html and "/accept/" not in html


def test_only_a_plain_fragment_request_gets_the_fragment_with_the_focus_on_the_line(manager, three):
    answers = [text(manager.get("/review/", {"line": three[0].pk}, headers=ways)) for ways in FOUR_WAYS]
    assert ["<!doctype html>" in html for html in answers] == [True, False, True, True]
    focused = [bool(re.search(r'id="line-t" tabindex="-1" autofocus', html)) for html in answers]
    assert focused == [False, True, False, False]
    assert "Line 2 of 3" in answers[1]


@pytest.fixture
def priced(operator, people):
    """Two lines that an operator over real HTTP has priced."""
    basket = baskets.create(actor=people["sales"], nonce=nonce(), external_id="EXT123").basket
    for name in ("Garage Tanguy", "Lycée Conti"):
        fields = COMPLETE | {"end_customer_name": name}
        lines.add(actor=people["sales"], nonce=nonce(), basket=basket, fields=fields)
    baskets.confirm(actor=people["sales"], nonce=nonce(), basket=Basket.objects.get())
    for days, line in enumerate(Line.objects.order_by("added_at"), 3):
        operator.world.price(line.remote_id, "2173", days=days)
        watch.read_line(baskets.connect(), line)
    return list(Line.objects.order_by("added_at"))


def press(client, html, act):
    """Follow a decision's link from the queue and send its form as it comes."""
    page = text(client.get(re.search(rf'href="([^"]+/{act}/[^"]*)"', html)[1]))
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if f"/{act}/" in f)
    action, fields = re.search(r'action="([^"]+)"', form)[1], re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return page, client.post(action, dict(fields))


def test_after_a_decision_the_next_line_has_the_focus(priced, manager):
    html = text(manager.get("/review/", {"within": 7}))
    assert selected(html) == "Garage Tanguy"
    _page, response = press(manager, html, "decline")
    assert (response.status_code, response["Location"].split("?")[0]) == (303, "/review/")
    html = text(manager.get(response["Location"]))
    assert selected(html) == "Lycée Conti"
    assert re.search(r'id="line-t" tabindex="-1" autofocus', html)
    assert parse_qs(urlsplit(response["Location"]).query)["within"] == ["7"]


def test_after_the_last_decision_nothing_is_left_and_it_says_so(priced, manager):
    response = None
    for act in ("accept", "accept"):
        _page, response = press(manager, text(manager.get("/review/")), act)
    html = text(manager.get(response["Location"]))
    assert "Nothing to decide" in html
    assert listed(html) == []


def decided(client, html, act, **fields):
    """Press a decision's button in its dialog, as htmx does."""
    page = text(client.get(re.search(rf'href="([^"]+/{act}/[^"]*)"', html)[1]))
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if f"/{act}/" in f)
    action, hidden = re.search(r'action="([^"]+)"', form)[1], re.findall(r'name="(\w+)" value="([^"]*)"', form)
    return client.post(action, dict(hidden) | fields, headers={"HX-Request": "true"})


def went_on(client, response) -> str:
    """The fragment that the page fetches behind the dialog."""
    location = json.loads(response["HX-Location"])
    assert (response.status_code, location["target"]) == (204, "#review")
    return text(client.get(location["path"], headers={"HX-Request": "true"}))


def test_a_decision_in_the_dialog_goes_on_in_place_and_tells_what_it_did(priced, manager):
    response = decided(manager, text(manager.get("/review/")), "decline", motive="too_expensive")
    assert response["Portal-Command"] == str(Command.objects.latest("recorded_at").pk)
    html = went_on(manager, response)
    assert "<!doctype" not in html
    assert re.search(r'id="line-t" tabindex="-1" autofocus', html)
    live = re.search(r'<div hx-swap-oob="innerHTML:#live">(.*?)</div>', html)[1]
    assert (live.split()[-6:], "declined." in live) == (["Lycée", "Conti.", "Line", "1", "of", "1."], True)
    assert '<span hx-swap-oob="innerHTML:[data-to-decide]">1</span>' in html
    assert re.search(r'id="review-tabs"[^>]*hx-swap-oob="true"', html)


def test_a_decline_is_taken_back_from_the_queue_and_its_line_shown_again(priced, operator, manager):
    html = went_on(manager, decided(manager, text(manager.get("/review/")), "decline"))
    action, fields = undo(html)
    html = went_on(manager, manager.post(action, fields, headers={"HX-Request": "true"}))
    assert len(operator.sent("PATCH", "/restore_price/")) == 1
    assert selected(html) == "Garage Tanguy"
    assert "restored." in html and "Undo the decline" not in html


def undo(html):
    form = next(f for f in re.findall(r"<form.*?</form>", html, re.S) if "Undo the decline" in f)
    return re.search(r'action="([^"]+)"', form)[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_an_outcome_that_is_not_known_does_not_stop_the_queue(priced, operator, manager):
    operator.fail("reset", "/decline/", after=True)
    html = went_on(manager, decided(manager, text(manager.get("/review/")), "decline"))
    assert selected(html) == "Lycée Conti"
    assert "Undo the decline" not in html
    assert f'href="/lines/{priced[0].pk}/">Garage Tanguy' in html


def test_a_refusal_stays_in_the_dialog_with_the_words_of_the_operator(priced, operator, manager):
    operator.fail(400, "/decline/", body={"comment": ["Say why."]})
    response = decided(manager, text(manager.get("/review/")), "decline", motive="too_late", comment="x")
    html = text(response)
    assert response.status_code == 422
    assert "Say why." in html and '<option value="too_late" selected>' in html
    assert 'data-close href="/review/?line=' in html


def test_who_comes_back_later_is_not_told_again(priced, manager, people):
    html = went_on(manager, decided(manager, text(manager.get("/review/")), "decline"))
    Command.objects.update(recorded_at=timezone.now() - timedelta(hours=1))
    html = text(manager.get("/review/", {"after": priced[0].pk}))
    assert "Undo the decline" not in html


def test_a_step_back_from_a_decision_stays_on_its_line(priced, manager):
    page, _response = press(manager, text(manager.get("/review/")), "accept")
    back = re.search(r'data-close href="(/review/[^"]+)"', page)[1]
    assert parse_qs(urlsplit(back).query) == {"line": [str(priced[0].pk)]}


def test_decisions_on_their_way_have_their_own_view(manager, people, three):
    facts = {"actor": people["manager"], "line": three[0], "basket": three[0].basket}
    waiting = Command.objects.create(kind="decline", state="recorded", nonce=nonce(), **facts)
    Command.objects.create(kind="decline", state="done", nonce=nonce(), **facts)
    Command.objects.create(kind="update_line", state="recorded", nonce=nonce(), **facts)
    html = text(manager.get("/review/?view=sent"))
    assert re.findall(r'data-kind="command" data-id="([^"]+)"', html) == [str(waiting.pk)]


def test_what_was_decided_this_month_has_its_own_view(manager, three):
    answer = {"id": three[0].remote_id, "validity_date": day(4)}
    a_line(three[0].basket, **answer, state="accepted")
    a_line(state="accepted")  # found decided: when is not known
    response = manager.get("/review/?view=decided")
    assert [(row["id"], row["state"]) for row in rows(response, "line")] == [(str(three[0].pk), "accepted")]


def test_the_tabs_count_what_they_show(manager, three):
    html = text(manager.get("/review/?view=no_such_view"))
    tabs = re.search(r'<nav class="tabs".*?</nav>', html, re.S)[0]
    assert re.findall(r"<span>(\d+)</span>", tabs) == ["3", "3", "0", "0"]


def test_a_longer_queue_with_more_offers_costs_no_more_queries(manager, three):
    counts = []
    for _ in range(2):
        manager.get("/review/")
        with CaptureQueriesContext(connection) as queries:
            manager.get("/review/", {"line": three[0].pk})
        counts.append(len(queries))
        for number in range(12):
            prices = [{"product_id": str(n), "monthly_price": n, "state": "ready"} for n in range(1, 7)]
            a_line(validity_date=day(number), prices=prices)
    assert counts[0] == counts[1] <= 16


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get("/review/").headers["Location"] == "/login/?next=/review/"


def test_hostile_text_stays_text(manager):
    a_line(
        a_basket(external_id="<script>1</script>"), end_customer_name="<script>2</script>", note="<script>3</script>"
    )
    html = manager.get("/review/").content.decode()
    assert not re.search(r"<script>\d", html)

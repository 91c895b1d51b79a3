"""A list in somebody's hands: filters while typing, Back, what is spoken, what moves, and answers that do not come."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session

from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db(transaction=True)

WATCH_SHIFTS = (Path(__file__).parent / "watch_shifts.js").read_text()
RENDERED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
LISTEN = """() => {
  window.live = document.querySelector("#live");
  window.heard = [live.textContent];
  const all = {childList: true, characterData: true, subtree: true};
  const fill = ({addedNodes}) => addedNodes.length && heard.push(live.textContent);
  new MutationObserver((records) => records.forEach(fill)).observe(live, all);
}"""
PLACES = 'main [data-kind="line"]'
PASSWORD = "a password for one return"


@pytest.fixture
def reader(at_desk):
    return at_desk("manager")


@pytest.fixture
def schools():
    return made("School", 10)


@pytest.fixture
def bakeries():
    """Two pages of them."""
    return made("Bakery", 45)


def made(name: str, count: int) -> list:
    basket, asked = a_basket(), {"validity_date": "2099-01-01", "creation_date": "2026-04-23T10:00:00Z"}
    return [a_line(basket, end_customer_name=f"{name} no{n}", **asked) for n in range(count)]


def rows(person) -> list[str]:
    return person.page.locator(PLACES).evaluate_all("all => all.map(row => row.dataset.id)")


def address(person) -> str:
    parts = urlsplit(person.page.url)
    return f"{parts.path}?{parts.query}"


def search(person, text: str) -> None:
    person.page.fill("#id_q", text)
    person.page.wait_for_url(f"**/lines/?*q={text}*")


def write(person, text: str) -> None:
    """A letter every 100 ms of the page's own clock, which is held, then the pause that asks."""
    for letter in text:
        person.page.keyboard.type(letter)
        person.page.clock.run_for(100)
    person.page.clock.run_for(400)


def hold_time(person) -> None:
    person.page.clock.install(time=0)
    person.go("/lines/")
    person.page.clock.pause_at(3_600)
    person.page.focus("#id_q")


def test_back_from_a_line_finds_the_filter_the_page_and_the_place(reader, schools, bakeries):
    page = reader.page
    reader.go("/lines/")
    search(reader, "bakery")
    page.click('.pager a[rel="next"]')
    page.wait_for_url("**page=2*")
    line = page.locator(f"{PLACES} th a").nth(16)
    line.scroll_into_view_if_needed()
    before, place = (address(reader), rows(reader)), page.evaluate("scrollY")
    assert place > 200
    line.click()
    page.wait_for_url("**/lines/*-*/")
    page.go_back()
    assert (address(reader), rows(reader)) == before
    assert page.evaluate("document.styleSheets.length") > 0
    assert page.input_value("#id_q") == "bakery"
    page.wait_for_function("place => Math.abs(scrollY - place) < 50", arg=place)


def test_a_word_typed_is_one_step_back(reader, schools):
    page = reader.page
    hold_time(reader)
    everything, length, asked = rows(reader), page.evaluate("history.length"), in_flight(page)
    write(reader, "schoo")
    page.wait_for_url("**q=schoo")
    assert (page.evaluate("history.length"), len(rows(reader))) == (length + 1, 10)
    assert asked[:2] == [0, 1] and asked[2:] in ([], [0])  # five letters, one question
    write(reader, "l no7")
    page.wait_for_url("**q=school*no7")
    page.go_back()
    page.wait_for_function("() => document.querySelector('#id_q').value === 'schoo'")
    assert len(rows(reader)) == 10
    page.go_back()
    page.wait_for_function("() => document.querySelector('#id_q').value === ''")
    assert (address(reader), rows(reader)) == ("/lines/?", everything)
    page.go_forward()
    page.wait_for_function("() => document.querySelector('#id_q').value === 'schoo'")
    assert len(rows(reader)) == 10


def test_a_new_filter_leaves_the_sort_as_it_was_clicked(reader, schools):
    page = reader.page
    reader.go("/lines/")
    page.locator("th a", has_text="End customer").click()
    page.wait_for_url("**sort=end_customer_name*")
    search(reader, "school")
    assert "sort=end_customer_name" in address(reader)
    names = page.locator(f"{PLACES} th").all_inner_texts()
    assert names == sorted(names)


def test_the_last_letters_win_over_slow_answers_and_the_caret_stays(reader, schools):
    page, held = reader.page, []
    hold_time(reader)
    flight = in_flight(page)
    page.route("**/lines/?*", lambda route: held.append(route))
    for letters in ("chool", " no7", "s"):
        with page.expect_request("**/lines/?*"):
            if letters == "s":
                page.keyboard.press("Home")
            write(reader, letters)
    page.clock.run_for(100)  # until what the page gave up is known here
    for route in reversed(held):  # the oldest question is answered last, unless the page gave it up
        if not route.request.failure:
            with page.expect_event("requestfinished"):
                route.continue_()
    page.clock.run_for(100)
    page.wait_for_url("**q=school*no7")
    assert rows(reader) == [str(schools[7].pk)]
    assert address(reader).endswith("q=school+no7")
    caret = "() => [document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart]"
    assert page.evaluate(caret) == ["id_q", "school no7", 1]
    assert max(flight) <= 2


def in_flight(page) -> list[int]:
    """How many questions to the list were open, after each that was asked or ended."""
    counts = [0]

    def count(step):
        return lambda request: counts.append(counts[-1] + step) if "/lines/?" in request.url else None

    page.on("request", count(1))
    for end in ("requestfinished", "requestfailed"):
        page.on(end, count(-1))
    return counts


def test_each_filter_fills_the_one_live_region_once(reader, schools):
    page = reader.page
    reader.go("/lines/")
    assert page.get_attribute("#live", "aria-live") == "polite"
    page.evaluate(LISTEN)
    for text, n in (("school no7", 1), ("nothing", 0), ("school", 10)):
        page.fill("#id_q", text)
        page.wait_for_function("n => document.querySelectorAll('main tr[data-id]').length === n", arg=n)
    page.evaluate(RENDERED)
    assert page.evaluate("() => window.live === document.querySelector('#live') && window.live.isConnected")
    assert page.evaluate("window.heard") == ["", "1 line", "0 lines", "10 lines"]


def test_nothing_jumps_when_rows_are_swapped_or_a_dialog_opens(reader, schools):
    """By events of the script: what follows a real click within half a second would not be counted."""
    page, jumps = reader.page, {}
    reader.context.add_init_script(WATCH_SHIFTS)
    reader.go("/lines/")
    acts = {
        "filter": (lambda: page.select_option("#id_state", "ready"), "#results .chips a"),
        "sort": (lambda: page.dispatch_event("thead a[hx-get]", "click"), "th[aria-sort]"),
        "dialog": (lambda: page.dispatch_event("main a[data-dialog]:visible", "click"), "#dlg[open] form"),
    }
    page.evaluate(RENDERED)
    for name, (act, sign) in acts.items():
        before = page.evaluate("window.shifts")
        act()
        page.wait_for_selector(sign)
        page.evaluate(RENDERED)
        jumps[name] = page.evaluate("window.shifts") - before
    assert max(jumps.values()) < 0.02, jumps


def test_no_row_moves_until_the_reader_asks_to_see(reader, schools):
    page = reader.page
    reader.go("/lines/?q=school&sort=end_customer_name")
    before = page.locator(PLACES).evaluate_all(WHERE)
    line = schools[0]
    a_line(line.basket, id=line.remote_id, reference=line.reference, end_customer_name="School Zoé", state="expired")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # back in this tab
    page.wait_for_selector("#list-news b")
    assert page.text_content("#live").strip() == page.text_content("#list-news b") == "1 row changed:"
    assert page.locator(PLACES).evaluate_all(WHERE) == before
    page.click("#list-news a")
    page.wait_for_selector(f'{PLACES}[data-state="expired"]')
    assert rows(reader) == [row[0] for row in before[1:] + before[:1]]


WHERE = """all => all.map((row) => {
  const { top, left, height } = row.getBoundingClientRect();
  return [row.dataset.id, row.textContent, top, left, height];
})"""


def test_a_portal_that_is_gone_leaves_the_rows_and_is_asked_again(reader, schools):
    page = reader.page
    reader.go("/lines/?q=school")
    before = rows(reader), address(reader)
    reader.context.route("**/lines/?*", lambda route: route.abort())
    page.select_option("#id_state", "expired")
    alert = page.locator("#alert")
    alert.get_by_role("button", name="Try again").wait_for()
    assert "cannot be reached" in alert.inner_text()
    assert (rows(reader), address(reader)) == before
    reader.context.unroute("**/lines/?*")
    alert.get_by_role("button").click()
    page.wait_for_url("**state=expired*")
    assert (rows(reader), alert.inner_text()) == ([], "")
    assert address(reader) == "/lines/?q=school&state=expired"


def test_who_logs_in_again_is_where_the_session_ended(at_desk, schools, manager):
    manager.set_password(PASSWORD)
    manager.save()
    reader = at_desk("manager")
    page = reader.page
    reader.go("/lines/?q=school&sort=-reference")
    before = rows(reader), address(reader)
    Session.objects.all().delete()
    page.click("thead a[hx-get]")
    page.wait_for_url("**/login/?next=*")
    assert page.evaluate("document.styleSheets.length") > 0
    reader.fill(login="manager", password=PASSWORD)
    reader.press()
    assert (rows(reader), address(reader)) == before


def test_a_colleague_sees_the_same_behind_each_address(reader, schools, bakeries, at_desk):
    """A filtered list, its second page, a line, a place in the queue, and the page that a dialog shows."""
    page = reader.page
    reader.go("/lines/")
    search(reader, "bakery")
    seen = [sight(reader)]
    page.click('.pager a[rel="next"]')
    page.wait_for_url("**page=2*")
    seen.append(sight(reader))
    page.click(f"{PLACES} th a")
    page.wait_for_url("**/lines/*-*/")
    seen.append(sight(reader))
    reader.go("/review/")
    page.locator(f"{PLACES} a.wide-only").nth(3).click()
    page.wait_for_url("**/review/?line=*")
    seen.append(sight(reader))
    page.click('#review a[href*="/accept/"]')
    page.wait_for_selector("#dlg[open] form")
    link = page.get_attribute('#review a[href*="/accept/"]', "href")
    seen.append((link, page.text_content("#dlg-t").strip(), []))
    colleague = at_desk("manager2")
    for there, *shown in seen:
        colleague.go(there)
        assert list(sight(colleague)) == [there, *shown]
    assert reader.complaints == colleague.complaints == []


def sight(person) -> tuple:
    """The address, its heading and its rows."""
    return address(person), person.page.text_content("h1").strip(), rows(person)

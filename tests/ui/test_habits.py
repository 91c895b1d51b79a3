"""What static/js/app.js does for a person, in a real browser."""

import pytest


@pytest.fixture
def habits(page, specimen_url):
    page.goto(f"{specimen_url}/habits")
    page.wait_for_selector("[data-add]:visible")
    return page


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def test_a_page_opens_in_the_dialog_and_gives_the_focus_back(habits):
    habits.locator("#opener").click()
    habits.wait_for_selector("dialog[open]")
    assert focused(habits) == "dlg-t"
    habits.keyboard.press("Escape")
    habits.wait_for_selector("dialog", state="hidden")
    assert focused(habits) == "opener"


def test_back_in_the_dialog_closes_it_without_leaving_the_page(habits, specimen_url):
    habits.locator("#opener").click()
    habits.get_by_role("dialog").get_by_role("link", name="Back").click()
    habits.wait_for_selector("dialog", state="hidden")
    assert habits.url == f"{specimen_url}/habits"


def test_a_refusal_is_told_inside_the_dialog(habits, asked):
    habits.locator("#opener").click()
    habits.get_by_role("dialog").get_by_role("button", name="Accept").click()
    habits.get_by_role("dialog").get_by_text("Refused").wait_for()
    assert focused(habits) == "dlg-t"
    assert asked.count("accept") == 2


def test_a_dialog_that_cannot_be_fetched_becomes_a_page(habits, specimen_url):
    habits.locator("#broken").click()
    habits.wait_for_url(f"{specimen_url}/answer/500")


def test_polls_sleep_while_the_tab_is_hidden_and_ask_at_once_on_return(habits, asked):
    habits.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true}); window.away = true"
    )
    habits.wait_for_timeout(300)
    before = asked.count("poll")
    habits.wait_for_timeout(300)
    assert asked.count("poll") == before > 0
    with habits.expect_response("**/answer/poll"):
        habits.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")


def test_a_failure_leaves_the_page_and_offers_to_try_again(habits, asked):
    habits.locator("#fails").click()
    alert = habits.locator("#alert")
    alert.get_by_role("button").wait_for()
    assert habits.locator("#target").inner_text() == "kept"
    with habits.expect_response("**/answer/500"):
        alert.get_by_role("button").click()
    assert asked.count("500") == 2


def test_a_dead_network_is_said_and_forgotten_when_it_is_back(habits):
    habits.context.set_offline(True)
    habits.locator("#lost").click()
    habits.locator("#alert .msg").wait_for()
    habits.context.set_offline(False)
    habits.locator("#lost").click()
    habits.locator("#alert .msg").wait_for(state="detached")


def test_add_another_stops_at_the_limit_and_moves_the_focus(habits):
    habits.get_by_role("button", name="Add another").click()
    assert habits.locator("[name=offers]").count() == 2
    assert habits.evaluate("document.activeElement.name") == "offers"
    assert not habits.get_by_role("button", name="Add another").is_visible()


def test_typed_text_is_guarded_until_it_is_sent(habits, specimen_url):
    asked_to_stay = []
    habits.on("dialog", lambda dialog: (asked_to_stay.append(dialog.type), dialog.accept()))
    habits.goto(f"{specimen_url}/habits")
    assert asked_to_stay == []
    habits.locator("#name").press_sequentially("half a name")
    habits.goto(f"{specimen_url}/habits")
    assert asked_to_stay == ["beforeunload"]


def test_a_refused_form_takes_the_focus_to_its_errors_and_stays_guarded(habits, specimen_url):
    asked_to_stay = []
    habits.on("dialog", lambda dialog: (asked_to_stay.append(dialog.type), dialog.accept()))
    habits.locator("#name").press_sequentially("half a name")
    habits.get_by_role("button", name="Save").click()
    habits.locator(".errors h2:focus").wait_for()
    assert habits.title().startswith("Error: ")
    habits.goto(f"{specimen_url}/habits")
    assert asked_to_stay == ["beforeunload"]


def test_old_data_is_called_old_without_asking_anybody(habits):
    stamp = habits.locator(".stamp")
    assert (stamp.get_attribute("data-fresh"), stamp.inner_text().strip()) == ("old", "Old, data of 2020")


def test_slash_goes_to_the_search_and_question_mark_lists_the_keys(habits):
    habits.keyboard.press("/")
    assert habits.evaluate("document.activeElement.name") == "q"
    habits.locator("h1").click()
    habits.keyboard.press("?")
    assert habits.get_by_role("dialog").is_visible()


def test_a_letter_only_follows_a_link_that_names_it(habits, asked):
    for letter in "abcdefghiklmnopqrstuvwxyz":
        habits.keyboard.press(letter)
    assert habits.url.endswith("/habits") and set(asked) <= {"poll"}
    habits.keyboard.press("j")
    assert habits.url.endswith("#next")


def test_single_keys_can_be_switched_off(habits):
    habits.evaluate("document.documentElement.dataset.shortcuts = 'off'")
    habits.keyboard.press("j")
    habits.keyboard.press("/")
    assert habits.url.endswith("/habits") and focused(habits) == "BODY"


def test_a_message_can_be_hidden(habits):
    habits.get_by_role("button", name="Hide").click()
    assert habits.locator("main .msg").count() == 0


def test_what_is_impossible_now_sends_nothing(habits, asked):
    habits.locator("#off").click(force=True)
    habits.wait_for_timeout(100)
    assert "never" not in asked

"""Comments and the internal note: among colleagues, once each, kept from the operator and from every file."""

import re

import pytest

from quotes.models import Comment, Event, InternalNote
from quotes.services import baskets, comments, lines
from tests.cast import COMPLETE, nonce
from tests.pages.browsing import hidden, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
CANARY = "canary-never-leaves"


@pytest.fixture
def line():
    return a_line()


def say(client, about: str, words: str, **fields):
    return client.post(f"{about}comments/", {"text": words, "nonce": nonce(), **fields})


def note(client, line, words: str, seen: str | None = None):
    place = f"/lines/{line.pk}/internal-note/"
    seen = seen or hidden(client.get(place), place)["seen"]
    return client.post(place, {"text": words, "seen": seen})


def test_what_is_said_stands_on_the_page_with_its_author(as_, line):
    answer = say(as_("sales"), f"/lines/{line.pk}/", "Asked twice.\nThey move in May <b>")
    assert (answer.status_code, answer["Location"]) == (303, f"/lines/{line.pk}/#comments")
    html = as_("manager").get(f"/lines/{line.pk}/").content.decode()
    assert "<p>Asked twice.<br>They move in May &lt;b&gt;</p>" in html
    assert "<b>Sales Le Goff</b>" in html


def test_a_basket_tells_what_was_said_about_its_lines(as_, line):
    say(as_("sales"), f"/lines/{line.pk}/", "of the line")
    html = text(as_("sales").get(f"/baskets/{line.basket_id}/"))
    assert "of the line" in html
    assert f'href="/lines/{line.pk}/#comments"' in html


def test_the_same_form_twice_is_one_comment(as_, line):
    form = {"nonce": nonce()}
    answers = [say(as_("sales"), f"/lines/{line.pk}/", "once", **form) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert Comment.objects.count() == Event.objects.filter(kind="commented").count() == 1
    assert say(as_("sales"), f"/lines/{line.pk}/", "other words", **form).status_code == 422


def test_nothing_said_is_refused_and_a_long_text_is_kept_for_its_author(as_, line):
    answer = say(as_("sales"), f"/lines/{line.pk}/", "x" * 4001)
    assert (answer.status_code, "x" * 4001 in text(answer)) == (422, True)
    assert say(as_("sales"), f"/lines/{line.pk}/", "  ").status_code == 422
    assert not Comment.objects.exists()


def test_colleagues_are_named_in_any_case_and_unknown_names_are_said(as_, people, line):
    client = as_("sales")
    say(client, f"/lines/{line.pk}/", "@Manager, @manager2. and @nobody; not mail@sales2")
    assert set(Comment.objects.get().mentions.all()) == {people["manager"], people["manager2"]}
    assert "@nobody" in re.search(r'<div class="msg warn".*?</div>', text(client.get("/")), re.S)[0]


def test_an_auditor_reads_and_has_no_form(as_, line):
    say(as_("sales"), f"/lines/{line.pk}/", "for all to read")
    html = text(as_("auditor").get(f"/lines/{line.pk}/"))
    assert "for all to read" in html
    assert f'action="/lines/{line.pk}/comments/"' not in html
    assert say(as_("auditor"), f"/lines/{line.pk}/", "me too").status_code == 403


def test_three_notes_stand_apart_and_say_who_reads_them(as_, people):
    line = a_line(note="first door", technical_note="duct full")
    note(as_("sales"), line, "customer hesitates")
    html = as_("sales").get(f"/lines/{line.pk}/").content.decode()
    section = re.search(r'<section[^>]*id="internal-note".*?</section>', html, re.S)[0]
    assert section.count("l’opérateur la voit") == section.count("reste ici, jamais envoyée") + 1 == 2
    parts = [section.index(words) for words in ("first door", "duct full", "customer hesitates")]
    assert parts == sorted(parts)
    assert html.count("first door") == 1


def test_a_note_that_changed_meanwhile_is_not_overwritten_and_both_texts_are_shown(as_, line):
    place = f"/lines/{line.pk}/internal-note/"
    seen = hidden(as_("sales").get(place), place)["seen"]
    note(as_("sales2"), line, "theirs")
    answer = note(as_("sales"), line, "mine", seen)
    html = text(answer)
    assert (answer.status_code, "theirs" in html, "mine" in html) == (409, True, True)
    assert InternalNote.objects.get().text == "theirs"
    again = as_("sales").post(place, {"text": "mine", "seen": hidden(answer, place)["seen"]})
    assert (again.status_code, InternalNote.objects.get().text) == (303, "mine")


def test_the_same_note_sent_twice_is_one_change(as_, line):
    place = f"/lines/{line.pk}/internal-note/"
    seen = hidden(as_("sales").get(place), place)["seen"]
    assert {note(as_("sales"), line, "same", seen).status_code for _ in range(2)} == {303}
    assert Event.objects.filter(kind="note_changed").count() == 1


def test_the_history_knows_that_somebody_spoke_and_not_what(as_, line):
    say(as_("sales"), f"/lines/{line.pk}/", CANARY)
    note(as_("sales"), line, CANARY)
    told = list(Event.objects.filter(line=line, kind__in=("commented", "note_changed")))
    assert len(told) == 2
    assert CANARY not in str([event.data for event in told])


def test_neither_comment_nor_internal_note_leaves_the_portal(as_, operator, sales):
    """Not in a body or address sent to the operator, not in any CSV, not in an export that is asked for."""
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="QUIET", project_id="").basket
    line = lines.add(actor=sales, nonce=nonce(), basket=basket, fields=COMPLETE).line
    for about in (basket, line):
        comments.add(actor=sales, nonce=nonce(), about=about, text=CANARY)
        comments.write_note(actor=sales, about=about, text=CANARY, seen=comments.digest(""))
    lines.update(actor=sales, nonce=nonce(), line=line, changes={"note": "for the operator"}, before={"note": ""})
    baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    as_("sales").post(f"/lines/{line.pk}/pdf/", {"nonce": nonce()})
    as_("sales").post("/lines/export/", {"nonce": nonce()})
    sent = " ".join(map(str, operator.requests))
    files = b"".join(b"".join(as_("sales").get(p).streaming_content) for p in ("/lines.csv", "/activity.csv"))
    assert "for the operator" in sent
    assert CANARY not in sent
    assert CANARY.encode() not in files


def test_what_is_about_a_basket_has_its_own_page(as_):
    basket = a_basket()
    for words in ("one", "two"):
        say(as_("sales"), f"/baskets/{basket.pk}/", words)
    html = text(as_("auditor").get(f"/baskets/{basket.pk}/comments/"))
    assert html.index("<p>one</p>") < html.index("<p>two</p>")

"""The list of notices and the bell: what is new stands first, is counted on every page, and is read by pressing."""

import pytest

from quotes.models import Notice
from quotes.services import notices
from quotes.services.notices import KINDS, News
from tests.pages.browsing import text
from tests.pages.mirrors import a_line

pytestmark = pytest.mark.django_db


def tell(user, line, kind="price_in", **data):
    key = f"{kind}-{line.pk}"
    notices.announce([News(kind, key, {user.pk}, f"/lines/{line.pk}/", line, line.basket_id, data=data)])


def test_the_bell_counts_what_is_unread_on_every_page(reader, people):
    assert "data-unread-count" not in text(reader.get("/lines/"))
    for _ in range(2):
        tell(people["auditor"], a_line())
    tell(people["sales"], a_line())
    assert 'data-unread-count="2"' in text(reader.get("/lines/"))


def test_a_notice_leads_to_the_thing_and_is_read_by_pressing(reader, people):
    old, new = a_line(end_customer_name="Old"), a_line(end_customer_name="New")
    for line in (new, old):
        tell(people["auditor"], line)
    first = Notice.objects.get(line=old)
    assert reader.post(f"/notices/{first.pk}/read/").status_code == 303
    html = text(reader.get("/notices/"))
    assert html.index(f'href="/lines/{new.pk}/"') < html.index(f'href="/lines/{old.pk}/"')
    assert html.count("data-unread>") == 1
    assert reader.post("/notices/read/").status_code == 303
    assert "data-unread" not in text(reader.get("/notices/"))


def test_nobody_reads_for_somebody_else(reader, people):
    tell(people["sales"], a_line())
    theirs = Notice.objects.get()
    assert reader.post(f"/notices/{theirs.pk}/read/").status_code == 404
    reader.post("/notices/read/")
    theirs.refresh_from_db()
    assert theirs.seen_at is None


def test_every_kind_has_its_sentence_and_hostile_names_stay_text(reader, people):
    line = a_line(end_customer_name="<b>Ôté</b> \u202e" + "x" * 180)
    facts = {
        "day": "2026-04-30",
        "left": 3,
        "who": "<i>",
        "command_kind": "accept",
        "batch_kind": "pdf",
        "offer": "<u>",
    }
    for kind in KINDS:
        tell(people["auditor"], line, kind, **facts)
    html = reader.get("/notices/").content.decode()
    assert html.count('data-kind="notice"') == len(KINDS)
    assert "in 3 working days" in html
    assert not any(part in html for part in ("<b>Ôté", "<i>", "<u>"))


def test_many_notices_cost_no_more_questions(reader, people, django_assert_max_num_queries):
    for _ in range(30):
        tell(people["auditor"], a_line())
    with django_assert_max_num_queries(8):
        assert text(reader.get("/notices/")).count('data-kind="notice"') == 25

"""The lines on one map: the list's filters, a place for each line that has one, and the same in words."""

import pytest

from quotes.views import line_map
from tests.pages.browsing import rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
QUIMPER, BREST = {"latitude": "47,9960", "longitude": -4.1024}, {"latitude": 48.39, "longitude": -4.486}


def seen(client, query=""):
    return client.get(f"/lines/map/{query}", headers={"Accept-Language": "en-gb"})


def test_each_line_with_a_position_is_a_link_on_the_drawing_and_a_row_below_it(as_):
    first = a_line(**QUIMPER, end_customer_name="Kerdoncuff")
    second = a_line(**BREST, state="expired")
    a_line(latitude="north", longitude=None)
    page = seen(as_("auditor"))
    assert {row["id"] for row in rows(page, "line")} == {str(second.pk), str(first.pk)}
    for line, at in ((first, "-4.102400,47.996000"), (second, "-4.486000,48.390000")):
        assert text(page).count(f'href="/lines/{line.pk}/" tabindex="-1" data-at="{at}"') == 2  # wide and slim
    assert f"<title>Kerdoncuff, {first.reference}, Price to review</title>" in text(page)
    assert "1 more has no position yet." in text(page)
    assert 'class="dw-mark ended"' in text(page)


def test_the_filters_are_the_lists_and_lead_back_to_it(as_):
    a_line(**QUIMPER)
    expired = a_line(**BREST, state="expired")
    page = seen(as_("sales"), "?state=expired&q=")
    assert [row["id"] for row in rows(page, "line")] == [str(expired.pk)]
    assert 'href="/lines/?state=expired"' in text(page)
    assert "Remove the filter" in text(page)
    assert "/lines/map/?state=expired" in text(as_("sales").get("/lines/?state=expired"))


def test_an_unreadable_filter_draws_nothing(as_):
    a_line(**QUIMPER)
    page = seen(as_("sales"), "?q=%00")
    assert page.status_code == 422
    assert not rows(page, "line") and "data-map" not in text(page)


def test_more_lines_than_a_map_can_show_are_cut_with_a_sentence(as_, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(line_map, "MOST", 3)
    basket = a_basket()
    newest = [a_line(basket, **QUIMPER, creation_date=f"2026-04-2{day}T10:00:00Z") for day in range(5)][-3:]
    client = as_("sales")
    page = seen(client)
    assert {row["id"] for row in rows(page, "line")} == {str(line.pk) for line in newest}
    assert "Only the first 3 were looked at" in text(page)
    with django_assert_max_num_queries(8):
        seen(client)


def test_no_position_at_all_is_said(as_):
    a_line()
    assert "No line to draw" in text(seen(as_("sales")))


def test_names_stay_names(as_):
    a_line(**QUIMPER, end_customer_name="<b>Ker</b>\u202e")
    page = seen(as_("sales"))
    assert "<b>Ker" not in page.content.decode()

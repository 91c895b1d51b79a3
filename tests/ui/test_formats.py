"""Values in French and in British English."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from quotes.templatetags import formats

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 4, 23, 14, 4, 11, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def afternoon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def french():
    with translation.override("fr"):
        yield


def test_money_in_french(french):
    assert formats.money(Decimal("12345.6"), "EUR") == "12\u202f345,60\u00a0€"


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (Decimal("12345.6"), "EUR", "€12,345.60"),
        ("189", "€", "€189.00"),
        (Decimal("-0.3"), "EUR", "-€0.30"),
        (Decimal("0.1") + Decimal("0.2"), "EUR", "€0.30"),
        (Decimal("1000000000"), "EUR", "€1,000,000,000.00"),
        ("119.905", "EUR", "€119.905"),
        ("119.9", "", "119.90"),
        ("119.9", None, "119.90"),
        ("119.9", "per month", "119.90\u00a0per month"),
        ("on request", "EUR", "on request"),
        ("NaN", "EUR", "NaN"),
    ],
)
def test_money_prints_the_unit_that_was_given_and_no_other(british, amount, unit, shown):
    assert formats.money(amount, unit) == shown


@pytest.mark.parametrize(
    "show",
    [
        formats.money,
        formats.number,
        formats.months,
        formats.filesize,
        formats.distance,
        formats.moment,
        formats.deadline,
        formats.ago,
    ],
)
def test_what_is_missing_is_a_dash_that_reads_not_given(british, show):
    assert "not given" in show(None) and "—" in show(None)


def test_sizes_and_lengths_follow_the_language(french):
    assert (formats.filesize(214_000), formats.filesize(1_200_000), formats.distance(1840), formats.distance(35)) == (
        "214\u202fko",
        "1,2\u202fMo",
        "1,84\u202fkm",
        "35\u202fm",
    )


def test_months_agree_in_number(british):
    assert (formats.months(1), formats.months(36)) == ("1 month", "36 months")


def test_a_moment_leaves_out_the_year_that_runs(british):
    assert ">23 Apr, 11:31</time>" in formats.moment(datetime(2026, 4, 23, 9, 31, tzinfo=ZoneInfo("UTC")))
    assert ">3 Apr 2025, 09:05</time>" in formats.moment(datetime(2025, 4, 3, 9, 5, tzinfo=PARIS))
    assert ">23 Apr 2026</time>" in formats.moment(date(2026, 4, 23), year=True)


def test_a_moment_carries_its_exact_time_and_zone(british):
    shown = formats.moment(datetime(2026, 4, 23, 14, 2, 11, tzinfo=PARIS))
    assert 'datetime="2026-04-23T14:02:11+02:00"' in shown
    assert 'title="23 Apr 2026, 14:02:11 (Europe/Paris)"' in shown


def test_a_text_that_is_no_date_stays_as_it_came():
    assert formats.moment("fin avril") == "fin avril"


@pytest.mark.parametrize(
    ("days", "words", "soon"),
    [
        (12, "in 12 days", False),
        (7, "in 7 days", True),
        (2, "in 2 days", True),
        (1, "tomorrow", True),
        (0, "today", True),
        (-1, "date passed", False),
    ],
)
def test_a_deadline_says_what_it_means_today(british, days, words, soon):
    shown = formats.deadline(timezone.localdate() + timedelta(days=days))
    assert f"<span>{words}</span>" in shown
    assert ('class="due soon"' in shown) == soon


def test_a_deadline_counts_in_days_of_paris(british):
    with time_machine.travel(datetime(2026, 4, 23, 23, 30, tzinfo=ZoneInfo("UTC")), tick=False):
        assert "today" in formats.deadline(date(2026, 4, 24))


@pytest.mark.parametrize(
    ("minutes", "fresh", "words"),
    [
        (2, "fresh", "Synchronised 2 minutes ago"),
        (10, "fresh", "10 minutes ago"),
        (14, "ageing", "14 minutes ago"),
        (31, "old", "Old, data of 13:33"),
    ],
)
def test_a_stamp_ages_with_the_interval(british, minutes, fresh, words):
    shown = formats.stamp(NOW - timedelta(minutes=minutes), "Synchronised", 300)
    assert f'data-fresh="{fresh}"' in shown and words in shown.split("<span>")[-1]


def test_a_stamp_of_nothing_is_old(british):
    assert 'data-fresh="old"' in formats.stamp(None, "Synchronised")


def test_ago_in_french(french):
    assert ">il y a 2 minutes</time>" in formats.ago(NOW - timedelta(minutes=2))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<b>x</b>", '<span data-value-of="note">&lt;b&gt;x&lt;/b&gt;</span>'),
        (["FTTO 100", "FTTO 200"], '<span data-value-of="note">FTTO 100, FTTO 200</span>'),
        (True, '<span data-value-of="note">yes</span>'),
        (0, '<span data-value-of="note">0</span>'),
    ],
)
def test_a_value_carries_its_name(british, stored, shown):
    assert formats.value("note", stored) == shown


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_value_is_there_and_says_so(british, empty):
    assert formats.value("note", empty).startswith('<span data-value-of="note" data-raw="">')


def test_a_date_value_keeps_its_raw_form(british):
    assert 'data-raw="2026-04-24"' in formats.value("expected_date", date(2026, 4, 24))

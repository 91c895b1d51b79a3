"""Who is told of what: once each, never of one's own doing, read off the history by whoever comes first."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from quotes.models import Command, Event, Line, Notice, Preference, SyncJob
from quotes.services import batches, comments, notices, working_days
from quotes.sync import jobs
from tests.cast import nonce
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
OFFER = {"product_id": "2173", "name": "FTTO", "monthly_price": 119.9, "state": "ready"}


@pytest.fixture(autouse=True)
def begun(people):
    observe()


@pytest.fixture
def line(sales):
    return asked(sales)


def observe():
    return jobs.run("notices", 0, notices.observe, force=True)


def remind():
    return jobs.run("reminders", 0, notices.remind, force=True)


def asked(owner, basket=None, **fields) -> Line:
    """A line that waits for its price, in a basket of `owner`."""
    basket = basket or a_basket(state="confirmed")
    basket.owner = owner
    basket.save()
    return a_line(basket, **{"state": "confirmed", "prices": [], **fields})


def answered(line, **fields) -> Line:
    return a_line(line.basket, **{"id": line.remote_id, "reference": line.reference, "state": "ready", **fields})


def told(kind=None) -> list[tuple[str, str]]:
    """(kind, login), in the order in which they were told."""
    rows = Notice.objects.order_by("id").select_related("user")
    return [(n.kind, n.user.username) for n in rows if kind in (None, n.kind)]


def test_a_price_is_told_to_the_creator_and_to_those_who_decide(line):
    answered(line)
    observe()
    assert sorted(told()) == [("price_in", "manager"), ("price_in", "manager2"), ("price_in", "sales")]
    assert {n.href for n in Notice.objects.all()} == {f"/lines/{line.pk}/"}


def test_what_was_observed_once_is_not_told_again(line):
    answered(line)
    observe()
    first = told()
    SyncJob.objects.filter(name="notices").update(cursor={"event": 0})  # died before it noted how far it came
    observe()
    assert told() == first
    assert observe().seen == 0


def test_what_happened_before_anybody_observed_is_no_news(line):
    answered(line)
    SyncJob.objects.filter(name="notices").update(cursor={})
    observe()
    assert told() == []


def test_a_history_that_is_shorter_than_the_cursor_begins_anew(line):
    """After the restoring of an older back-up."""
    SyncJob.objects.filter(name="notices").update(cursor={"event": 10**9})
    observe()
    answered(line)
    observe()
    assert len(told("price_in")) == 3


def test_a_line_that_is_not_possible_is_told_to_its_creator_alone(line):
    answered(line, state="unable_to_provide", prices=[])
    observe()
    assert told() == [("not_possible", "sales")]


def test_the_last_answer_of_a_basket_is_told_once(sales):
    first = asked(sales)
    second = asked(sales, first.basket)
    answered(first)
    observe()
    assert told("all_answered") == []
    answered(second, state="unable_to_provide", prices=[])
    observe()
    assert told("all_answered") == [("all_answered", "sales")]
    assert Notice.objects.get(kind="all_answered").href == f"/baskets/{first.basket_id}/"


def test_a_changed_price_is_told_while_the_line_is_to_decide(line):
    answered(line, prices=[OFFER])
    observe()
    answered(line, prices=[OFFER | {"monthly_price": 129.9}])
    observe()
    assert sorted(told("price_changed")) == [(("price_changed"), who) for who in ("manager", "manager2", "sales")]
    answered(line, state="expired", prices=[OFFER | {"monthly_price": 139.9}])
    observe()
    assert len(told("price_changed")) == 3


def test_whoever_acts_is_not_told_of_it(people):
    for owner, expected in ((people["sales"], [("decided", "sales")]), (people["manager"], [])):
        line = asked(owner)
        about = {"basket": line.basket, "line": line, "actor": people["manager"]}
        command = Command.objects.create(kind="decline", state="done", nonce=nonce(), **about)
        Event.add("command_done", **about, command=command, command_kind="decline")
        observe()
        assert told("decided") == expected
        Notice.objects.all().delete()


@pytest.mark.parametrize(("waited", "expected"), [(5, []), (600, [("refused", "sales")])])
def test_what_failed_after_its_author_had_left_is_told(line, sales, waited, expected):
    about = {"basket": line.basket, "line": line, "actor": sales}
    command = Command.objects.create(kind="update_line", state="refused", nonce=nonce(), **about)
    Command.objects.filter(pk=command.pk).update(recorded_at=timezone.now() - timedelta(seconds=waited))
    Event.add("command_refused", **about, command=command, command_kind="update_line", reason="refused")
    observe()
    assert told() == expected


def test_who_is_named_in_a_comment_is_told_and_its_author_is_not(line, people):
    text = "@manager and @sales, look"
    comments.add(actor=people["sales"], nonce=nonce(), about=line, text=text)
    observe()
    assert told() == [("mentioned", "manager")]
    assert Notice.objects.get().href == f"/lines/{line.pk}/#comments"
    assert text not in str(Notice.objects.values())


def test_the_end_of_a_batch_is_told_to_whoever_started_it(sales):
    batch = batches.make(actor=sales, kind="pdf", nonce=nonce())
    jobs.run("batches", 0, batches.run_due, force=True)
    observe()
    assert [(n.kind, n.user, n.href) for n in Notice.objects.all()] == [("batch_ended", sales, f"/batches/{batch.pk}/")]


def test_each_person_chooses_what_and_how(line, sales, manager):
    sales.email = manager.email = "somebody@example.org"
    sales.save(), manager.save()
    Preference.objects.create(user=sales, notices={"price_in": ["mail"]})
    Preference.objects.create(user=manager, notices={"price_in": []})
    answered(line)
    observe()
    ways = {n.user.username: (n.in_page, n.by_mail) for n in Notice.objects.select_related("user")}
    assert ways == {"sales": (False, True), "manager2": (True, False)}  # manager2 has no address


@pytest.mark.parametrize(
    ("day", "left"),
    [
        ("2026-04-23", 0),  # a Thursday, and today
        ("2026-04-24", 1),
        ("2026-04-27", 2),  # over a week-end
        ("2026-05-04", 6),  # Labour Day, a Friday, is none
        ("2026-05-15", 13),  # nor Victory in Europe Day, nor Ascension on the 14th
        ("2026-05-26", 19),  # nor Whit Monday, the 25th
    ],
)
def test_working_days_leave_out_week_ends_and_french_public_holidays(day, left):
    assert working_days.until(datetime.fromisoformat(day).date(), datetime(2026, 4, 23).date()) == left


def test_easter_monday_and_the_fixed_holidays_are_not_worked():
    days = [datetime(2026, month, day).date() for month, day in ((1, 1), (4, 6), (7, 14), (11, 11), (12, 25))]
    assert [day for day in days if working_days.is_working(day)] == []


def test_a_price_is_recalled_ten_three_and_one_working_days_before_it_expires(line, time_machine):
    until = datetime(2026, 4, 30, 23, 59, tzinfo=PARIS)
    answered(line, validity_date=until.isoformat())
    found = []
    for day in range(10, 31):  # of April 2026
        time_machine.move_to(datetime(2026, 4, day, 9, tzinfo=PARIS))
        for _ in range(2):
            remind()
        if fresh := Notice.objects.filter(kind="expiring", user=line.basket.owner, data__day="2026-04-30"):
            found = [n.data["left"] for n in fresh.order_by("id")]
    assert found == [10, 3, 1]
    assert len(told("expiring")) == 9  # the creator and two who decide


def test_a_decided_or_expired_line_is_not_recalled(line):
    answered(line, state="refused", validity_date=(timezone.now() + timedelta(days=1)).isoformat())
    other = asked(line.basket.owner)
    answered(other, validity_date=(timezone.now() - timedelta(days=2)).isoformat())
    remind()
    assert told() == []


def test_fifty_lines_are_observed_with_a_constant_number_of_questions(sales, django_assert_max_num_queries):
    basket = a_basket(state="confirmed")
    for found in [asked(sales, basket) for _ in range(20)]:
        answered(found)
    with django_assert_max_num_queries(25):
        observe()
    assert len(told("price_in")) == 60

"""Freshness and health in plain words, and asking for everything to be read."""

import json
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from quotes import tasks
from quotes.covage import Token
from quotes.models import Command, Event, OperatorState, Rejected, SyncJob
from quotes.services.words import JOBS
from quotes.sync.tokens import DatabaseTokens
from tests.cast import nonce
from tests.pages.browsing import rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en-gb"}
NOW = ("all_baskets", "lines", "baskets")


def page(client):
    return client.get("/sync/", headers=ENGLISH)


@pytest.fixture
def fresh():
    """Everything was read just now and is not due."""
    now = timezone.now()
    facts = {"started_at": now, "succeeded_at": now, "due_at": now + timedelta(hours=1)}
    for name in (*NOW, "new_baskets"):
        SyncJob.objects.create(name=name, **facts)
    OperatorState.objects.update(answered_at=now)


@pytest.fixture
def outage(fresh):
    now = timezone.now()
    facts = {"failures": 11, "last_error": "no answer", "open_until": now + timedelta(minutes=2)}
    OperatorState.objects.update(failing_since=now - timedelta(minutes=24), **facts)


def waiting(line, actor, state="recorded") -> Command:
    about = {"basket": line.basket, "line": line, "actor": actor, "nonce": nonce()}
    return Command.objects.create(kind="update_line", state=state, **about)


def test_when_all_is_well_it_says_so_and_asks_nothing_again(fresh, as_):
    html = text(page(as_("auditor")))
    assert "Everything is up to date." in html
    assert 'data-fresh="fresh"' in html
    assert "hx-get" not in html.split('id="jobs"')[1].split(">")[0]


def test_an_outage_says_that_nothing_is_lost_and_what_can_be_done(outage, as_):
    html = text(page(as_("sales")))
    assert "The operator does not answer. Nothing is lost." in html
    assert "Cut since" in html
    assert "No acceptance:" in html
    assert "11, no answer" in html


def test_a_worker_that_stands_still_is_not_called_up_to_date(fresh, as_):
    SyncJob.objects.update(succeeded_at=timezone.now() - timedelta(hours=3))
    html = text(page(as_("sales")))
    assert "the background worker seems to stand still" in html
    assert 'data-fresh="old"' in html


def test_waiting_actions_stand_there_the_oldest_first_with_their_way_out(outage, manager, as_):
    old, new, parked = (
        waiting(a_line(), manager),
        waiting(a_line(), manager),
        waiting(a_line(), manager, "needs_person"),
    )
    Command.objects.filter(pk=old.pk).update(recorded_at=timezone.now() - timedelta(hours=1))
    response = page(as_("sales"))
    assert [row["id"] for row in rows(response, "command")] == [str(old.pk), str(new.pk), str(parked.pk)]
    assert f'action="/commands/{old.pk}/withdraw/"' in text(response)
    assert f'action="/commands/{parked.pk}/withdraw/"' not in text(response)
    assert "/withdraw/" not in text(page(as_("auditor")))


def test_the_page_asks_the_database_as_often_for_many_waiting_actions_as_for_one(
    outage, manager, as_, django_assert_max_num_queries
):
    for _ in range(12):
        waiting(a_line(), manager)
    client = as_("sales")
    with django_assert_max_num_queries(13):
        client.get("/sync/")


def test_how_the_readings_went_stands_in_words(fresh, as_):
    job = SyncJob.objects.filter(name="lines")
    job.update(error="CovageUnavailable: GET /api/v1/quote_item/: 503", seen=1204, rejected=3, duration_ms=22_000)
    html = text(page(as_("sales")))
    assert "no answer" in html
    assert "CovageUnavailable" not in html
    assert "1,204" in html
    assert "22.0 s" in html


def test_the_token_is_told_by_its_life_and_never_shown(fresh, as_):
    until = timezone.now() + timedelta(minutes=27, seconds=30)
    DatabaseTokens().save(Token(access="canary-token", refresh="canary-refresh", expires_at=until.timestamp()))
    html = text(page(as_("admin")))
    assert "valid for 27 min" in html
    assert "canary" not in html
    assert OperatorState.objects.get().token not in html


def test_states_that_nobody_documented_lead_to_their_rows(fresh, as_):
    a_line(state="on_hold")
    a_basket(state="frozen & <b>")
    html = page(as_("sales")).content.decode()
    assert 'href="/lines/?state=on_hold"' in html
    assert 'href="/baskets/?state=frozen%20%26%20%3Cb%3E"' in html


def test_what_could_not_be_read_is_told_in_words_with_its_text_folded_away(fresh, as_):
    raw = json.dumps({"id": None, "note": "<script>alert(1)</script>", "more": "x" * 9000})
    facts = {"raw": raw, "seen_at": timezone.now()}
    Rejected.objects.create(collection="lines", fingerprint="f", reason="no usable id", **facts)
    Rejected.objects.create(collection="basket", fingerprint="g", reason="<b>DataError</b>: state", **facts)
    html = page(as_("sales")).content.decode()
    assert "In a list of lines" in html
    assert "It has no id, so nobody can tell what it is." in html
    folded = html.split("As received</summary>")[1].split("</details>")[0]
    assert "&lt;b&gt;DataError&lt;/b&gt;: state" in folded
    assert "&lt;script&gt;alert(1)" in folded
    assert len(folded) < 3000


def test_reading_everything_now_makes_the_readings_due_and_says_who_asked(fresh, as_):
    response = as_("manager").post("/sync/run/")
    assert (response.status_code, response["Location"]) == (303, "/sync/")
    due = SyncJob.objects.filter(due_at__lte=timezone.now()).values_list("name", flat=True)
    assert set(due) == set(NOW)
    assert Event.objects.get(kind="sync_asked").actor.username == "manager"


@pytest.fixture
def no_broker(monkeypatch):
    """Nothing listens where the messages should go."""
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:9/0")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)


def test_with_the_broker_down_it_is_still_marked_and_the_page_says_so(no_broker, fresh, as_):
    response = as_("admin").post("/sync/run/", follow=True, headers=ENGLISH)
    assert "Everything is marked to be read." in text(response)
    assert SyncJob.objects.filter(due_at__lte=timezone.now()).count() == len(NOW)


def test_reading_everything_is_for_managers_and_administrators(fresh, as_):
    assert as_("sales").post("/sync/run/").status_code == 403
    assert as_("auditor").post("/sync/run/").status_code == 403
    assert as_("manager").get("/sync/run/").status_code == 405
    assert "/sync/run/" not in text(page(as_("sales")))
    assert "/sync/run/" in text(page(as_("admin")))


def test_the_table_asks_again_while_a_reading_is_under_way_and_ends_by_itself(fresh, as_):
    client = as_("sales")
    SyncJob.objects.filter(name="lines").update(claimed_until=timezone.now() + timedelta(minutes=1))
    html = text(client.get("/_/sync/jobs"))
    assert 'hx-get="/_/sync/jobs?n=1"' in html
    assert "<progress" in html
    assert "hx-get" not in text(client.get("/_/sync/jobs?n=55"))
    SyncJob.objects.filter(name="lines").update(claimed_until=None)
    assert "hx-get" not in text(client.get("/_/sync/jobs?n=2"))


def test_every_job_is_named_in_words(operator):
    for periodic in current_app.conf.beat_schedule.values():
        getattr(tasks, periodic["task"].removeprefix("quotes.tasks.")).apply()
    assert set(SyncJob.objects.values_list("name", flat=True)) == set(JOBS)

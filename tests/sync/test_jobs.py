"""Periodic jobs: two beats or a hundred nudges make one run; nothing stands still for ever."""

import pytest
import time_machine

from quotes import tasks
from quotes.covage import CovageUnavailable
from quotes.models import Basket, Command, SyncJob
from quotes.sync import jobs
from quotes.sync.jobs import LONGEST_RUN
from tests.sync.scenes import NOON, at_once, draft, priced


@pytest.fixture
def clock(db):
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


class Work:
    def __init__(self, then=lambda tally: None):
        self.runs, self.then = 0, then

    def __call__(self, tally):
        self.runs += 1
        self.then(tally)


def test_a_job_runs_once_in_its_interval(clock):
    work = Work()
    for _ in range(100):
        jobs.run("a", 60, work)
    clock.shift(59)
    jobs.run("a", 60, work)
    assert work.runs == 1
    clock.shift(1)
    jobs.run("a", 60, work)
    assert work.runs == 2


def test_a_forced_job_runs_before_its_time_but_not_beside_another_run(clock):
    inner = Work()
    outer = Work(lambda tally: jobs.run("a", 60, inner, force=True))
    jobs.run("a", 60, outer)
    jobs.run("a", 60, outer, force=True)
    assert (outer.runs, inner.runs) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_two_runners_at_the_same_moment_make_one_run():
    work = Work()
    results = at_once(*[lambda: jobs.run("a", 60, work)] * 4)
    assert work.runs == 1
    assert len([tally for tally in results if tally]) == 1


def test_a_runner_that_died_gives_the_job_free_in_the_end(clock):
    work = Work()
    jobs.run("a", 1, work)
    SyncJob.objects.update(claimed_until=SyncJob.objects.get().started_at + LONGEST_RUN)
    clock.shift(LONGEST_RUN.total_seconds() - 1)
    jobs.run("a", 1, work)
    assert work.runs == 1
    clock.shift(1)
    jobs.run("a", 1, work)
    assert work.runs == 2


def test_a_run_that_took_too_long_does_not_end_the_claim_of_its_successor(clock):
    def slow(tally):
        clock.shift(LONGEST_RUN.total_seconds())
        jobs.run("a", 1, lambda successor: jobs_claim.append(SyncJob.objects.get().claimed_until))
        SyncJob.objects.update(claimed_until=jobs_claim[0])  # … which is still at work

    jobs_claim = []
    jobs.run("a", 1, slow)
    assert SyncJob.objects.get().claimed_until == jobs_claim[0]


@pytest.mark.parametrize("back", [600, 3600, 86400 * 400])
def test_a_clock_that_is_set_back_stops_no_job(clock, back):
    work = Work()
    jobs.run("a", 60, work)
    SyncJob.objects.update(claimed_until=SyncJob.objects.get().started_at + LONGEST_RUN)
    clock.shift(-back)
    jobs.run("a", 60, work)
    assert work.runs == 2


def test_a_failure_is_kept_with_what_was_seen_and_the_job_is_tried_again_at_once(clock):
    def work(tally):
        tally.seen, tally.changed = 7, 2
        raise CovageUnavailable("no answer")

    jobs.run("a", 600, work)
    job = SyncJob.objects.get()
    assert (job.seen, job.changed, job.error) == (7, 2, "CovageUnavailable: no answer")
    assert (job.claimed_until, job.succeeded_at) == (None, None)
    assert jobs.run("a", 600, Work())


def test_a_fault_of_our_own_is_not_swallowed_and_does_not_hold_the_job(clock):
    def work(tally):
        raise KeyError("oops")

    with pytest.raises(KeyError):
        jobs.run("a", 600, work)
    job = SyncJob.objects.get()
    assert (job.claimed_until, job.error) == (None, "KeyError")


def test_a_job_that_was_cut_goes_on_at_once_from_its_cursor(clock):
    seen = []

    def work(tally):
        seen.append(tally.cursor)
        tally.cursor, tally.is_cut = {"page": 4}, True

    jobs.run("a", 600, work)
    jobs.run("a", 600, work)
    assert seen == [{}, {"page": 4}]
    assert SyncJob.objects.get().succeeded_at is None


def test_a_success_clears_the_error_and_is_dated(clock):
    jobs.run("a", 0, Work(lambda tally: (_ for _ in ()).throw(CovageUnavailable("no"))))
    jobs.run("a", 0, Work())
    job = SyncJob.objects.get()
    assert (job.error, job.succeeded_at) == ("", job.started_at)


@pytest.mark.django_db
def test_the_tasks_bring_everything_in(operator):
    basket_id, line_id = priced(operator)
    draft(operator, lines=2)
    tasks.discover()
    tasks.watch_baskets()
    tasks.refresh_reference()
    tasks.poll_exports()
    tasks.sweep_commands()
    basket = Basket.objects.get(remote_id=basket_id)
    assert (basket.state, basket.lines.get().remote_id, basket.lines.get().offers.count()) == ("ready", line_id, 2)
    assert not SyncJob.objects.exclude(error="").exists()
    assert not Command.objects.exists()


@pytest.mark.django_db
def test_sync_now_reads_although_nothing_is_due(operator, real_times):
    tasks.discover()
    tasks.watch_baskets()
    basket_id, _ = priced(operator)
    tasks.discover()
    assert not Basket.objects.exists()
    tasks.sync_now()
    assert Basket.objects.get(remote_id=basket_id).lines.get().state == "ready"


@pytest.mark.django_db
def test_with_the_operator_down_the_tasks_end_quietly_and_say_so(operator, settings):
    settings.COVAGE_API_URL = "http://127.0.0.1:9"
    tasks.discover()
    tasks.watch_baskets()
    assert {job.name for job in SyncJob.objects.exclude(error="")} == {"new_baskets", "all_baskets", "lines"}

"""Pauses, the circuit breaker and the call budget hold back the background, and nobody who waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quotes.covage import Call, CovageError, CovageUnavailable
from quotes.models import OperatorState
from quotes.sync import budget
from quotes.sync.budget import DatabaseGate
from quotes.sync.connection import connect
from tests.sync.scenes import at_once, draft

pytestmark = pytest.mark.django_db


def state() -> OperatorState:
    return OperatorState.objects.get(pk=1)


def read(**options):
    return list(connect(**options).basket_pages())


def fails(**options):
    with pytest.raises(CovageError) as caught:
        read(**options)
    return caught.value


HEADERS = [("30", 30), ("Wed, 25 Nov 2026 12:00:45 GMT", 45), ("abc", 60), ("9e9", 3600)]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("header", "seconds"), HEADERS)
def test_retry_after_holds_back_every_background_call_of_every_client(operator, clock, status, header, seconds):
    operator.token_life = 86400
    read()
    headers = {"Retry-After": header, "Date": "Wed, 25 Nov 2026 12:00:00 GMT"}
    operator.fail(status, "/quote/$", headers=headers)
    fails()
    before = len(operator.requests)
    clock.shift(seconds - 1)
    assert fails().retry_after <= 1
    assert len(operator.requests) == before
    clock.shift(1)
    read()
    assert len(operator.requests) == before + 1


def test_a_pause_holds_back_the_renewal_of_the_token_too(operator, clock):
    operator.token_life = 10
    read()
    operator.fail(503, "/quote/$", headers={"Retry-After": "600"})
    fails()
    before = len(operator.requests)
    clock.shift(300)
    fails()
    assert len(operator.requests) == before


def test_a_pause_does_not_hold_back_a_person(operator, clock):
    operator.fail(503, "/quote/$", headers={"Retry-After": "600"})
    fails()
    assert read(urgent=True)


def test_three_failures_open_the_breaker_and_a_success_closes_it(operator, clock, real_times):
    operator.fail(500, "/quote/$", times=3)
    for _ in range(3):
        fails()
    before = len(operator.requests)
    assert fails().status is None
    assert len(operator.requests) == before
    assert (state().failures, state().failing_since, state().last_error) == (3, timezone.now(), "HTTP 500")
    clock.shift(real_times["breaker"])
    read()
    assert (state().failures, state().failing_since, state().open_until) == (0, None, None)


def test_the_breaker_stays_open_longer_each_time_up_to_two_minutes(operator, clock, real_times):
    operator.fail(500, "/quote/$", times=99)
    spans = []
    for _ in range(9):
        fails()
        open_until = state().open_until
        spans.append((open_until - timezone.now()).total_seconds() if open_until else 0)
        clock.shift(spans[-1])
    assert spans == [0, 0, 10, 20, 40, 80, 120, 120, 120]


def test_a_person_passes_an_open_breaker_and_closes_it_by_a_success(operator, clock):
    operator.fail(500, "/quote/$", times=3)
    for _ in range(3):
        fails()
    assert read(urgent=True)
    assert read()


@pytest.mark.parametrize("action", ["reset", "hang", "truncate"])
def test_silence_counts_as_a_failure(operator, real_times, action):
    operator.fail(action, "/quote/$", times=3)
    fails()
    assert state().failures > 0
    assert state().last_error == "no answer"


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refusal_is_an_answer(operator, real_times, status):
    operator.fail(status, "/quote/$", times=5)
    for _ in range(5):
        fails()
    assert (state().failures, state().failing_since) == (0, None)


def test_a_token_is_no_sign_that_the_operator_answers_again(operator, clock, real_times):
    operator.token_life = 1
    operator.fail(500, "/quote/$", times=3)
    for _ in range(3):
        fails()
        clock.shift(2)
    assert operator.grants == 3
    assert state().failures == 3


def test_calls_of_the_background_are_spaced_by_the_budget(operator, settings):
    settings.COVAGE_REQUESTS_PER_SECOND = 10
    operator.shapes.page_size = 1
    for _ in range(4):
        draft(operator, lines=0)
    started = timezone.now()
    read()
    assert_spaced(operator, started, 4)


@pytest.mark.django_db(transaction=True)
def test_the_budget_is_one_for_all_workers(operator, settings):
    read()
    settings.COVAGE_REQUESTS_PER_SECOND = 10
    operator.requests.clear()
    started = timezone.now()
    at_once(read, read, read)
    assert_spaced(operator, started, 3)


def assert_spaced(operator, started, count):
    """No call came before its turn; a tenth of a second lies between two turns."""
    times = sorted(request["at"] for request in operator.sent("GET", "/quote/$"))
    assert len(times) == count
    assert all(at >= started + timedelta(seconds=0.1 * place) for place, at in enumerate(times))


def test_a_person_takes_no_turn_in_the_queue(operator, settings):
    read()
    settings.COVAGE_REQUESTS_PER_SECOND = 0.001
    planned = state().next_call_at
    read(urgent=True)
    assert state().next_call_at == planned


def test_a_call_whose_turn_is_far_away_does_not_sleep_until_then(db, settings):
    settings.COVAGE_REQUESTS_PER_SECOND = 0.01
    gate, call = DatabaseGate(), Call("GET", "/quote/", "read")
    gate.enter(call)
    with pytest.raises(CovageUnavailable) as caught:
        gate.enter(call)
    assert 90 < caught.value.retry_after <= 100


def test_a_clock_that_is_set_back_opens_what_was_closed(operator, clock):
    ahead = timezone.now() + timedelta(seconds=30)
    OperatorState.objects.update(paused_until=ahead, open_until=ahead, next_call_at=timezone.now())
    clock.shift(-2 * budget.LONGEST_PAUSE.total_seconds())
    assert read()

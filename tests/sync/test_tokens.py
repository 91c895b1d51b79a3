"""One token for all processes, kept sealed, renewed once."""

import base64

import pytest

from quotes.covage import CovageAuthFailed, CovageUnavailable
from quotes.models import OperatorState
from quotes.sync.connection import connect
from quotes.sync.tokens import DatabaseTokens, _seal
from tests.operator.server import TOKEN
from tests.sync.scenes import at_once

pytestmark = pytest.mark.django_db


def read():
    return list(connect().basket_pages())


def grants(operator):
    return operator.sent("POST", TOKEN)


def test_all_clients_share_one_token(operator):
    for _ in range(3):
        read()
    assert len(grants(operator)) == 1


def test_the_row_opens_with_the_secret_only(operator, settings):
    read()
    sealed = OperatorState.objects.get(pk=1).token
    assert DatabaseTokens().load().access == "t1"
    assert b"access" not in base64.urlsafe_b64decode(sealed)
    settings.SECRET_KEY = "a guess"
    assert DatabaseTokens().load().access == ""


@pytest.mark.django_db(transaction=True)
def test_workers_that_meet_the_end_of_a_token_together_renew_it_once(operator):
    operator.token_life = 3600
    read()
    operator.revoked = True
    with operator.hold(TOKEN) as held:

        def let_go():
            held.wait()
            held.release()

        *results, _ = at_once(read, read, read, read, let_go)
    assert all(isinstance(result, list) for result in results)
    assert len(grants(operator)) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_together_log_in_once(operator):
    with operator.hold(TOKEN) as held:

        def let_go():
            held.wait()
            held.release()

        at_once(read, read, read, read, let_go)
    assert len(grants(operator)) == 1


def test_a_token_is_renewed_before_it_ends_and_by_its_refresh_token(operator, clock):
    operator.token_life = 1000
    read()
    clock.shift(900)
    read()
    first, second = (request["body"].decode() for request in grants(operator))
    assert "grant_type=password" in first and "grant_type=refresh_token" in second


def test_a_refresh_token_that_is_refused_leads_to_one_login(operator, clock):
    operator.token_life = 1000
    read()
    clock.shift(900)
    operator.fail(400, TOKEN, body={"error": "invalid_grant"})
    read()
    assert [b"grant_type=password" in request["body"] for request in grants(operator)] == [True, False, True]


@pytest.mark.parametrize("speed", [1, 0.1])
def test_a_wrong_password_is_tried_once_in_a_quarter_of_an_hour(operator, clock, settings, speed):
    settings.SYNC_SPEED = speed
    operator.fail(401, TOKEN, times=2, body={"error": "invalid_grant"})
    for _ in range(5):
        with pytest.raises(CovageAuthFailed):
            read()
        clock.shift(170 / speed)
    assert len(grants(operator)) == 1
    clock.shift(60 / speed)
    with pytest.raises(CovageAuthFailed):
        read()
    assert len(grants(operator)) == 2


def test_after_the_pause_the_right_password_lets_everybody_in(operator, clock):
    operator.fail(401, TOKEN)
    with pytest.raises(CovageAuthFailed):
        read()
    clock.shift(900)
    assert read()


def test_a_renewal_whose_process_died_is_taken_on_by_another(operator, clock):
    tokens = DatabaseTokens()
    assert tokens.claim(0, 11)
    assert not tokens.claim(0, 11)
    clock.shift(12)
    assert read()


@pytest.mark.parametrize("lock", ["renewing_until", "login_blocked_until"])
def test_a_clock_that_is_set_back_does_not_lock_the_door(operator, clock, lock):
    OperatorState.objects.update(**{lock: "2026-11-25T15:00:00Z"})
    assert read()


def test_a_token_endpoint_that_is_down_is_tried_again(operator, settings):
    operator.fail(503, TOKEN)
    with pytest.raises(CovageUnavailable):
        read()
    assert read()


def test_a_changed_secret_key_costs_one_new_login(operator, settings):
    read()
    settings.SECRET_KEY = "another one, as after a restore on another machine"
    assert read()
    assert len(grants(operator)) == 2


def test_a_token_kept_by_another_version_of_the_portal_costs_one_new_login(operator):
    read()
    tokens = DatabaseTokens()
    OperatorState.objects.update(token=_seal().encrypt(b'{"unknown_field": 1}').decode())
    assert tokens.load().access == ""
    assert read()
    assert len(grants(operator)) == 2

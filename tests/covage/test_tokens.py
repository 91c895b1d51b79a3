"""The life of the token, seen from the token endpoint."""

import threading
import time

import pytest

from quotes.covage import CovageAuthFailed, CovageRefused, CovageUnavailable, MemoryTokens, Token
from tests.wire import CLOSE, TOKEN_PATH, Reply

BASKET = "/api/v1/quote/q1/"


@pytest.fixture
def tokens():
    return MemoryTokens()


@pytest.fixture
def operator(wire):
    wire.on("GET", BASKET, Reply(json={"id": "q1"}))
    return wire


def only_with(*accesses):
    """A basket for these access tokens, 401 for any other."""

    def answer(seen):
        good = seen.headers["authorization"] in {f"Bearer {access}" for access in accesses}
        return Reply(json={"id": "q1"}) if good else Reply(401, json={"detail": "Token expired."})

    return answer


def grants(wire):
    return [seen.form["grant_type"] for seen in wire.token_requests]


def expired(refresh="refresh-0", refresh_expires_at=0.0):
    return Token(access="old", expires_at=time.time() - 1, refresh=refresh, refresh_expires_at=refresh_expires_at)


def test_the_password_grant_is_asked_as_documented(operator, client):
    client.get_basket("q1")
    asked = operator.token_requests[0]
    assert asked.form == {
        "grant_type": "password",
        "client_id": "api-client",
        "username": "portal",
        "password": "correct-horse-canary",
    }
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in asked.headers


def test_one_token_serves_many_calls_and_clients(operator, client_for, tokens):
    for _ in range(2):
        client = client_for(tokens=tokens)
        client.get_basket("q1")
        client.get_basket("q1")
    assert grants(operator) == ["password"]


def test_an_expired_token_is_refreshed(operator, client_for, tokens):
    tokens.save(expired())
    client_for(tokens=tokens).get_basket("q1")
    assert operator.token_requests[0].form == {
        "grant_type": "refresh_token",
        "client_id": "api-client",
        "refresh_token": "refresh-0",
    }
    assert (tokens.load().refresh, tokens.load().version) == ("refresh-1", 2)


def test_a_token_is_renewed_before_its_end(operator, client_for, tokens):
    client = client_for(tokens=tokens)
    before = time.time()
    client.get_basket("q1")
    token = tokens.load()
    life = token.expires_at - before
    assert life == pytest.approx(300, abs=5)
    assert 0.7 * life < token.renew_at - before < 0.9 * life


def test_a_token_due_for_renewal_is_used_on_while_the_token_endpoint_is_down(operator, client_for, tokens):
    tokens.save(Token(access="still-good", expires_at=time.time() + 60, refresh="r", renew_at=time.time() - 1))
    operator.on("POST", TOKEN_PATH, Reply(503))
    client_for(tokens=tokens).get_basket("q1")
    assert operator.last.headers["authorization"] == "Bearer still-good"


def test_a_renewal_ahead_of_time_that_fails_is_not_tried_at_every_call(operator, client_for, tokens):
    tokens.save(Token(access="still-good", expires_at=time.time() + 60, refresh="r", renew_at=time.time() - 1))
    operator.on("POST", TOKEN_PATH, Reply(503))
    for _ in range(3):
        client_for(tokens=tokens).get_basket("q1")
    assert (len(operator.token_requests), len(operator.seen)) == (1, 3)


def test_a_store_that_forgets_the_time_of_renewal_still_works(operator, client_for, tokens):
    tokens.save(Token(access="plain", expires_at=time.time() + 60))
    client_for(tokens=tokens).get_basket("q1")
    assert grants(operator) == []


def test_a_refused_refresh_token_leads_to_one_password_grant(operator, client_for, tokens):
    tokens.save(expired())
    operator.on("POST", TOKEN_PATH, Reply(400, json={"error": "invalid_grant"}), operator.grant)
    client_for(tokens=tokens).get_basket("q1")
    assert grants(operator) == ["refresh_token", "password"]


def test_a_lost_answer_to_a_refresh_leads_to_one_password_grant(operator, client_for, tokens):
    tokens.save(expired())
    operator.on("POST", TOKEN_PATH, CLOSE, operator.grant)
    client_for(tokens=tokens).get_basket("q1")
    assert grants(operator) == ["refresh_token", "password"]


def test_a_refresh_token_past_its_end_is_not_tried(operator, client_for, tokens):
    tokens.save(expired(refresh_expires_at=time.time() - 1))
    client_for(tokens=tokens).get_basket("q1")
    assert grants(operator) == ["password"]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_password_is_not_tried_again(operator, client_for, tokens, status):
    operator.on("POST", TOKEN_PATH, Reply(status, json={"error": "invalid_grant"}))
    for _ in range(3):
        with pytest.raises(CovageAuthFailed) as caught:
            client_for(tokens=tokens).get_basket("q1")
        assert 0 < caught.value.retry_after <= 900
    assert grants(operator) == ["password"]
    assert operator.seen == []


def test_a_refused_password_after_a_refused_refresh_stops_both(operator, client_for, tokens):
    tokens.save(expired())
    operator.on("POST", TOKEN_PATH, Reply(400, json={"error": "invalid_grant"}))
    for _ in range(2):
        with pytest.raises(CovageAuthFailed):
            client_for(tokens=tokens).get_basket("q1")
    assert grants(operator) == ["refresh_token", "password"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500),
        Reply(503, headers={"Retry-After": "7"}),
        Reply(404),
        Reply(429),
        Reply(302, headers={"Location": "/login"}),
        Reply(body="<html>"),
        Reply(json={"expires_in": 5}),
        Reply(json=["x"]),
        CLOSE,
    ],
    ids=["500", "503", "404", "429", "302", "html", "no token", "list", "close"],
)
def test_a_token_endpoint_that_fails_means_later_and_blocks_nothing(operator, client_for, tokens, reply):
    operator.on("POST", TOKEN_PATH, reply, operator.grant)
    client = client_for(tokens=tokens)
    with pytest.raises(CovageUnavailable):
        client.confirm_basket("q1")
    assert (operator.seen, tokens.blocked()) == ([], 0)
    assert client.get_basket("q1").id == "q1"


def test_a_write_that_finds_no_token_was_not_sent(operator, client_for):
    with pytest.raises(CovageUnavailable):
        client_for(token_url="http://127.0.0.1:1/token").confirm_basket("q1")
    assert operator.seen == []


def test_401_to_a_read_renews_once_and_repeats_it(operator, client_for, tokens):
    operator.on("GET", BASKET, only_with("access-2"))
    assert client_for(tokens=tokens).get_basket("q1").id == "q1"
    assert grants(operator) == ["password", "refresh_token"]
    assert len(operator.seen) == 2


def test_401_to_a_read_uses_the_token_that_somebody_else_renewed(operator, client_for, tokens):
    def revoked_meanwhile(seen):
        tokens.save(Token(access="from-elsewhere", expires_at=time.time() + 60))
        return Reply(401)

    operator.on("GET", BASKET, revoked_meanwhile, only_with("from-elsewhere"))
    assert client_for(tokens=tokens).get_basket("q1").id == "q1"
    assert grants(operator) == ["password"]


def test_two_401_in_a_row_end_the_read(operator, client_for, tokens):
    operator.on("GET", BASKET, Reply(401))
    with pytest.raises(CovageAuthFailed):
        client_for(tokens=tokens).get_basket("q1")
    assert len(operator.seen) == 2


def test_401_to_a_write_is_not_repeated_but_the_next_finds_a_good_token(operator, client_for, tokens):
    path = "/api/v1/quote_item/l1/accept/"
    operator.on("PATCH", path, Reply(401, json={"detail": "expired"}))
    client = client_for(tokens=tokens)
    with pytest.raises(CovageRefused) as caught:
        client.accept("l1", "2173")
    assert (caught.value.status, len(operator.seen)) == (401, 1)
    assert tokens.load().access == "access-2"


def test_401_to_a_write_stays_the_story_even_when_the_renewal_fails(operator, client_for, tokens):
    operator.on("PATCH", "/api/v1/quote_item/l1/accept/", Reply(401))
    operator.on("POST", TOKEN_PATH, operator.grant, Reply(400, json={"error": "invalid_grant"}))
    with pytest.raises(CovageRefused) as caught:
        client_for(tokens=tokens).accept("l1", "2173")
    assert caught.value.status == 401


def test_twenty_threads_meet_expiry_and_one_renews(operator, client_for, tokens):
    tokens.save(expired())
    together = threading.Barrier(20)
    results = []

    def work():
        client = client_for(tokens=tokens)
        together.wait()
        results.append(client.get_basket("q1").id)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["q1"] * 20
    assert grants(operator) == ["refresh_token"]


def test_who_loses_the_claim_waits_within_its_patience_and_gives_up(operator, client_for, tokens):
    tokens.save(expired())
    assert tokens.claim(1, 60)
    with pytest.raises(CovageUnavailable):
        client_for(tokens=tokens, within=0.3).get_basket("q1")
    assert (operator.token_requests, operator.seen) == ([], [])


def test_a_claim_is_for_one_and_for_the_version_that_the_caller_knew(tokens):
    assert tokens.claim(0, 60)
    assert not tokens.claim(0, 60)
    tokens.save(expired())
    assert not tokens.claim(0, 60)
    assert tokens.claim(1, 0)
    assert tokens.claim(1, 60)


@pytest.mark.parametrize(("life", "seconds"), [("120", 120), (120.5, 120.5), (None, 60), ("soon", 60), (-5, 60)])
def test_the_life_of_a_token_may_come_in_any_form(operator, client_for, tokens, life, seconds):
    operator.on("POST", TOKEN_PATH, Reply(json={"access_token": "a", "expires_in": life}))
    before = time.time()
    client_for(tokens=tokens).get_basket("q1")
    assert tokens.load().expires_at - before == pytest.approx(seconds, abs=5)
    assert tokens.load().refresh == ""

"""What every call carries, what none may carry, and where the secrets go."""

import logging
import uuid

import pytest

from quotes.covage import CovageAuthFailed, CovageRefused, CovageUnclear, Token
from tests.covage.conftest import PASSWORD
from tests.wire import TOKEN_PATH, Reply


def test_every_call_says_who_asks_and_what_it_takes(wire, client_for):
    wire.on("GET", "/api/v1/quote/q1/", Reply(json={"id": "q1"}))
    client_for(user_agent="covage-portal/9").get_basket("q1")
    headers = wire.last.headers
    assert headers["user-agent"] == "covage-portal/9"
    assert headers["accept"] == "application/json"
    assert headers["accept-encoding"] == "identity"
    assert headers["authorization"] == "Bearer access-1"
    assert uuid.UUID(headers["x-request-id"])
    assert uuid.UUID(wire.token_requests[0].headers["x-request-id"])


def test_a_download_takes_any_type(wire, client):
    wire.on("GET", "/api/v1/quote_item/export/t/download/", Reply(body=b"%PDF-1.7"))
    client.download_export("t")
    assert wire.last.headers["accept"] == "*/*"


def test_calls_of_one_client_share_the_beginning_of_their_request_id(wire, client_for):
    client = client_for(request_id="cmd-7\r\nX-Evil: 1")
    wire.on("GET", "/api/v1/quote/q1/", Reply(json={"id": "q1"}))
    assert client.last_request_id == ""
    for number in (1, 2):
        client.get_basket("q1")
        assert wire.last.headers["x-request-id"] == client.last_request_id == f"cmd-7X-Evil1-{number}"


def test_an_error_carries_the_request_id_of_its_call(wire, client):
    with pytest.raises(CovageRefused) as caught:
        client.get_basket("unknown")
    assert caught.value.request_id == wire.last.headers["x-request-id"] == client.last_request_id


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_stays_home(wire, client, status):
    with type(wire)() as stranger:
        stranger.on("GET", "/api/v1/quote/q1/confirm/", Reply(json={"id": "q1"}))
        wire.on("PATCH", "/api/v1/quote/q1/confirm/", Reply(status, headers={"Location": f"{stranger.url}/x/"}))
        with pytest.raises(CovageUnclear):
            client.confirm_basket("q1")
        assert (len(wire.seen), stranger.seen) == (1, [])


def test_a_short_token_changes_no_name_that_holds_it_by_chance(wire, client):
    wire.on("POST", TOKEN_PATH, Reply(json={"access_token": "t6", "expires_in": 300}))
    wire.on("GET", "/api/v1/quote/q1/", Reply(json={"id": "q1", "external_id": "p-kdyq6wvt69"}))
    assert client.get_basket("q1").external_id == "p-kdyq6wvt69"
    wire.on("GET", "/api/v1/quote/q1/", lambda seen: Reply(400, body=f"Headers: {seen.headers}"))
    with pytest.raises(CovageRefused) as caught:
        client.get_basket("q1")
    assert "Headers" in str(vars(caught.value)) and "Bearer t6" not in str(vars(caught.value))


def test_no_secret_is_shown(wire, config_for, client, caplog):
    caplog.set_level(logging.DEBUG)
    token = Token(access="access-canary", expires_at=0, refresh="refresh-canary")
    wire.on("PATCH", "/api/v1/quote/q1/confirm/", lambda seen: Reply(500, body=f"<pre>{seen.headers}</pre>"))
    wire.on("GET", "/api/v1/quote/q1/", lambda seen: Reply(400, body=f"Headers: {seen.headers}"))
    with pytest.raises(CovageUnclear) as unclear:
        client.confirm_basket("q1")
    with pytest.raises(CovageRefused) as refused:
        client.get_basket("q1")
    shown = [repr(config_for()), repr(token), str(token), caplog.text]
    shown += [str(unclear.value), unclear.value.body, str(refused.value), refused.value.body, str(refused.value.errors)]
    for secret in (PASSWORD, "access-canary", "refresh-canary", "access-1", "refresh-1"):
        assert not any(secret in text for text in shown)


def test_a_refused_login_repeats_nothing_of_what_was_sent(wire, client):
    wire.on("POST", TOKEN_PATH, lambda seen: Reply(401, body=f'{{"error": "invalid_grant", "sent": "{seen.body}"}}'))
    with pytest.raises(CovageAuthFailed) as caught:
        client.get_basket("q1")
    assert "invalid_grant" in str(caught.value)
    assert PASSWORD not in str(caught.value) + caught.value.body


def test_the_environment_chooses_no_proxy(wire, client, monkeypatch):
    with type(wire)() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        wire.on("GET", "/api/v1/quote/q1/", Reply(json={"id": "q1"}))
        client.get_basket("q1")
        assert proxy.seen == []


@pytest.mark.parametrize(
    ("line_id", "target"),
    [
        ("a/../../x", None),
        ("..", None),
        (".", None),
        ("", None),
        ("a\\..\\b", None),
        ("a\nb", None),
        ("x" * 201, None),
        ("PO_DC173/7", "/api/v1/quote_item/PO_DC173%2F7/"),
        ("a?b=c#d", "/api/v1/quote_item/a%3Fb%3Dc%23d/"),
        ("é %2e%2e", "/api/v1/quote_item/%C3%A9%20%252e%252e/"),
        ("..x", "/api/v1/quote_item/..x/"),
    ],
)
def test_no_id_leads_to_another_address(wire, client, line_id, target):
    with pytest.raises(CovageRefused):
        client.get_line(line_id)
    assert [seen.target for seen in wire.seen] == ([target] if target else [])

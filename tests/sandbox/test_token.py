"""The token endpoint, as Keycloak behind the real API."""

import pytest
import requests

PASSWORD = {"grant_type": "password", "client_id": "api-client", "username": "sandbox", "password": "sandbox"}


def ask(server, **form):
    return requests.post(server.token_url, data=form, timeout=20)


def works(server, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{server.url}/api/v1/quote/", headers=headers, timeout=20).status_code == 200


def test_the_password_grant_answers_with_the_documented_keys(desk):
    answer = ask(desk, **PASSWORD)
    assert answer.status_code == 200
    assert set(answer.json()) == {
        "access_token", "expires_in", "token_type", "refresh_token", "refresh_expires_in", "scope", "session_state",
    }  # fmt: skip
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 300)
    assert works(desk, answer.json()["access_token"])


def test_a_refresh_gives_a_new_pair_in_the_same_session(desk):
    first = ask(desk, **PASSWORD).json()
    second = ask(desk, grant_type="refresh_token", client_id="api-client", refresh_token=first["refresh_token"]).json()
    assert second["session_state"] == first["session_state"]
    assert second["access_token"] != first["access_token"]
    assert works(desk, second["access_token"])


def test_a_refresh_token_serves_once(desk):
    refresh = {"grant_type": "refresh_token", "client_id": "api-client"}
    refresh["refresh_token"] = ask(desk, **PASSWORD).json()["refresh_token"]
    assert ask(desk, **refresh).status_code == 200
    again = ask(desk, **refresh)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"password": "wrong"}, 401, "invalid_grant"),
        ({"username": "somebody"}, 401, "invalid_grant"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"grant_type": "magic"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "unknown"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_request_is_refused_in_two_keys(desk, change, status, error):
    answer = ask(desk, **PASSWORD | change)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}


def test_only_a_form_is_read(desk):
    answer = requests.post(desk.token_url, json=PASSWORD, timeout=20)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_only_post_is_allowed(desk):
    assert requests.get(desk.token_url, timeout=20).status_code == 405


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer unknown", "Basic c2FuZGJveA==", "Token unknown"])
def test_without_a_good_token_every_call_is_refused(desk, header):
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{desk.url}/api/v1/quote/", headers=headers, timeout=20)
    assert answer.status_code == 401
    assert list(answer.json()) == ["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_token_is_asked_for_before_anything_else(desk):
    assert requests.put(f"{desk.url}/api/v1/quote/", timeout=20).status_code == 401


def test_a_lifetime_is_enforced(started):
    server = started(token_lifetime=0)
    first = server.token()
    assert first["expires_in"] == 0
    assert not works(server, first["access_token"])
    late = ask(server, grant_type="refresh_token", client_id="api-client", refresh_token=first["refresh_token"])
    assert late.json() == {"error": "invalid_grant", "error_description": "Token is not active"}


def test_moving_the_clock_does_not_shorten_a_token(desk):
    token = desk.token()["access_token"]
    desk.move_clock(86400)
    assert works(desk, token)


def test_the_desk_can_revoke_all_tokens(desk):
    first = desk.token()
    desk.revoke_tokens()
    assert not works(desk, first["access_token"])
    form = {"grant_type": "refresh_token", "client_id": "api-client", "refresh_token": first["refresh_token"]}
    assert ask(desk, **form).status_code == 400


def test_the_account_comes_from_the_command_line(started):
    server = started(username="compte", password="secret", client_id="portail")
    answer = ask(server, **PASSWORD | {"username": "compte", "password": "secret", "client_id": "portail"})
    assert answer.status_code == 200
    assert ask(server, **PASSWORD | {"client_id": "portail"}).status_code == 401

"""What every answer carries, whoever made it."""

import pytest
from csp.constants import NONE, SELF

pytestmark = pytest.mark.django_db

ANSWERS = {"/login/": 200, "/healthz": 200, "/nowhere": 404, "/logout/": 405, "/static/css/portal.css": 200}
POLICY = {
    "default-src": {NONE},
    "script-src": {SELF},
    "style-src": {SELF},
    "img-src": {SELF, "data:"},
    "connect-src": {SELF},
    "font-src": {SELF},
    "manifest-src": {SELF},
    "form-action": {SELF},
    "object-src": {NONE},
    "base-uri": {NONE},
    "frame-ancestors": {NONE},
}


@pytest.fixture(params=ANSWERS)
def answer(request, client, admin_client):
    """Asked by somebody who is logged in only where a stranger would be sent to the login."""
    browser = admin_client if request.param in {"/nowhere", "/logout/"} else client
    response = browser.get(request.param)
    assert response.status_code == ANSWERS[request.param]
    return response


def test_the_content_policy_allows_our_own_files_and_nothing_else(answer):
    directives = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    assert {name: set(sources) for name, *sources in directives} == POLICY


def test_the_browser_is_told_to_guess_nothing_and_to_tell_nobody(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_html_differs_for_htmx_and_is_kept_by_nobody_else(answer):
    if answer.headers["Content-Type"].startswith("text/html"):
        assert "HX-Request" in answer.headers["Vary"]
        assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].replace(",", " ").split())


def test_a_foreign_host_gets_the_headers_too(client):
    response = client.get("/login/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.headers["Content-Security-Policy"]

"""The second factor: none in the embedded default; outside it, whoever decides or administers gets nowhere without."""

import base64
import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from tests.pages.browsing import text

pytestmark = pytest.mark.django_db

TWO_FACTOR = "/account/two-factor/"
PASSWORD = "quinze arbres sous la pluie"
PAGES = ("/", "/baskets/", "/lines.csv", "/people/", "/commands/", "/_/sync/jobs")


@pytest.fixture
def grown_up(settings):
    settings.PORTAL_EMBEDDED = False


@pytest.fixture
def with_password(people):
    def given(name: str):
        people[name].set_password(PASSWORD)
        people[name].save()
        return people[name]

    return given


@pytest.fixture
def with_factor(with_password):
    """`with_factor(name)`: that person has an authenticator app and a password; the app's secret."""

    def given(name: str) -> str:
        person, secret = with_password(name), generate_totp_secret()
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
        return secret

    return given


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def entered(name: str) -> Client:
    client = Client()
    client.post("/login/", {"login": name, "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", [TWO_FACTOR, f"{TWO_FACTOR}totp/activate/", f"{TWO_FACTOR}authenticate/"])
def test_the_embedded_default_has_no_such_page(path, as_):
    assert {as_("manager").get(path).status_code, as_("manager").post(path).status_code} == {404}


def test_the_embedded_default_asks_nobody_for_a_code(with_factor):
    with_factor("manager")
    assert entered("manager").get("/baskets/").status_code == 200


@pytest.mark.parametrize("name", ["manager", "admin"])
def test_whoever_decides_or_administers_is_led_to_set_one_up(name, grown_up, as_):
    client = as_(name)
    assert {(client.get(path).status_code, client.get(path)["Location"]) for path in PAGES} == {(302, TWO_FACTOR)}
    assert client.post("/sync/run/").status_code == 403
    page = client.get(TWO_FACTOR)
    assert page.status_code == 200
    assert 'class="msg warn' in text(page)


def test_a_part_of_a_page_is_never_replaced_by_the_setting_up(grown_up, as_):
    response = as_("manager").get("/baskets/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"], response.content) == (204, TWO_FACTOR, b"")
    boosted = as_("manager").get("/baskets/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert boosted.status_code == 302


def test_the_own_account_stays_open_without_one(grown_up, as_):
    client = as_("manager")
    assert {client.get(path).status_code for path in ("/preferences/", "/account/password/", "/healthz")} == {200}
    assert TWO_FACTOR in text(client.get("/preferences/"))
    assert client.post("/logout/").status_code == 303
    assert client.get("/baskets/")["Location"] == "/login/?next=/baskets/"


@pytest.mark.parametrize("name", ["sales", "auditor"])
def test_everybody_else_may_have_one_and_need_not(name, grown_up, as_):
    client = as_(name)
    assert client.get("/baskets/").status_code == 200
    page = client.get(TWO_FACTOR)
    assert page.status_code == 200
    assert 'class="msg warn' not in text(page)


def test_with_one_set_up_everything_is_open(grown_up, as_, with_factor):
    with_factor("manager")
    client = as_("manager")
    assert client.get("/baskets/").status_code == 200
    assert client.post("/sync/run/").status_code == 303


def test_a_new_decider_needs_one_from_the_next_page_on(grown_up, as_, people):
    client = as_("sales")
    assert client.get("/baskets/").status_code == 200
    people["sales"].groups.set(people["manager"].groups.all())
    assert client.get("/baskets/")["Location"] == TWO_FACTOR


def test_the_password_alone_does_not_let_in(grown_up, with_factor):
    with_factor("manager")
    client = entered("manager")
    assert client.get("/baskets/")["Location"] == "/login/?next=/baskets/"
    page = client.get(f"{TWO_FACTOR}authenticate/")
    assert page.status_code == 200
    assert client.post(f"{TWO_FACTOR}authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/baskets/").status_code == 302


def test_password_and_code_let_in(grown_up, with_factor):
    secret = with_factor("manager")
    client = entered("manager")
    client.post(f"{TWO_FACTOR}authenticate/", {"code": code(secret)})
    assert client.get("/baskets/").status_code == 200


def test_who_was_shut_out_between_password_and_code_stays_out(grown_up, with_factor, people):
    secret = with_factor("manager")
    client = entered("manager")
    people["manager"].is_active = False
    people["manager"].save()
    assert client.post(f"{TWO_FACTOR}authenticate/", {"code": code(secret)}).status_code == 302
    assert client.get("/baskets/")["Location"] == "/login/?next=/baskets/"


@pytest.mark.parametrize("path", ["", "webauthn/", "webauthn/add/", "recovery-codes/", "recovery-codes/generate/"])
def test_the_pages_of_who_has_one_look_like_the_rest_and_run_nothing_inline(path, grown_up, as_, with_factor):
    with_factor("sales")
    looks_like_the_rest(confirmed(as_, "sales").get(TWO_FACTOR + path))


def test_setting_an_app_up_shows_its_secret_on_white_for_the_dark_theme(grown_up, as_, with_password):
    page = confirmed(as_, with_password("sales").username).get(f"{TWO_FACTOR}totp/activate/")
    looks_like_the_rest(page)
    [picture] = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text(page))
    assert b'fill="white"' in base64.b64decode(picture)


def test_a_door_is_shown_where_a_password_or_a_code_is_asked(grown_up, as_, with_factor):
    with_factor("sales")
    pages = [
        as_("sales").get("/account/reauthenticate/"),
        as_("sales").get(f"{TWO_FACTOR}reauthenticate/"),
        entered("sales").get(f"{TWO_FACTOR}authenticate/"),
    ]
    assert [page.status_code for page in pages] == [200] * 3
    assert all('class="door"' in text(page) for page in pages)


def test_a_changed_password_leads_back_to_the_preferences(as_, with_password):
    client = as_(with_password("sales").username)
    new = "seize arbres sous la neige"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/", fields)["Location"] == "/preferences/"
    assert client.get("/preferences/").status_code == 200


def confirmed(as_, name: str) -> Client:
    """Who has just given the password again, as these pages ask."""
    client = as_(name)
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": TWO_FACTOR})
    return client


def looks_like_the_rest(page) -> None:
    html = text(page)
    assert page.status_code == 200
    assert 'class="top"' in html
    assert not re.findall(r"\s(?:style|on[a-z]+)=|<style", html)
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", html)
    assert all('type="application/json"' in attributes for attributes in inline)

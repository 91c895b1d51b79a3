"""The login of django-allauth, as far as our settings decide it."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings):
    settings.PORTAL_DEMO_PASSWORD = "a long demo password"
    call_command("create_demo_accounts", verbosity=0)


def log_in(client, password="a long demo password", **fields):
    return client.post("/login/", {"login": "sales", "password": password, **fields})


def test_a_demo_account_logs_in_with_plain_fields(client, people):
    assert log_in(client).headers["Location"] == "/"
    assert client.session["_auth_user_id"]


def test_the_way_back_stays_on_this_site(client, people):
    assert log_in(client, next="/baskets/?page=2").headers["Location"] == "/baskets/?page=2"


@pytest.mark.parametrize(
    "outside", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_way_back_to_another_site_is_ignored(client, people, outside):
    assert log_in(client, next=outside).headers["Location"] == "/"


def test_a_wrong_password_stays_on_the_page(client, people):
    response = log_in(client, password="wrong")
    assert response.status_code == 422
    assert "L’identifiant ou le mot de passe n’est pas le bon." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_one_account_is_used_from_several_places_at_once(client, people, django_user_model):
    other = type(client)()
    log_in(client)
    log_in(other)
    assert client.session["_auth_user_id"] == other.session["_auth_user_id"]


def test_many_failures_stop_the_guessing(client, people):
    for _ in range(6):
        log_in(client, password="wrong")
    log_in(client)
    assert "_auth_user_id" not in client.session


def test_many_logins_that_succeed_are_no_guessing(client, people):
    for _ in range(40):
        assert log_in(type(client)()).status_code == 303


def test_logout_wants_a_post(client, people):
    log_in(client)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client):
    assert client.get("/signup/").status_code in {302, 404}
    assert not User.objects.exists()


def test_the_demo_accounts_may_be_created_again(people):
    before = list(User.objects.order_by("pk").values_list("pk", "username", "password", "groups__name"))
    call_command("create_demo_accounts", verbosity=0)
    assert list(User.objects.order_by("pk").values_list("pk", "username", "password", "groups__name")) == before
    assert [row[1] for row in before] == ["sales", "sales2", "manager", "manager2", "auditor", "admin"]

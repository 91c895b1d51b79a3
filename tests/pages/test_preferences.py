"""A person's own settings: kept, applied on every page, refused when they make no sense."""

import pytest

from quotes.models import Preference
from tests.pages.browsing import rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db

CHOSEN = {"language": "en-gb", "theme": "dark", "page_size": "50", "single_keys": "on"}


def save(client, **changes):
    return client.post("/preferences/", CHOSEN | changes)


def test_preferences_are_kept_and_told(as_, people):
    response = save(as_("auditor"))
    assert (response.status_code, response["Location"]) == (303, "/preferences/")
    kept = Preference.objects.get(user=people["auditor"])
    assert (kept.language, kept.theme, kept.page_size, kept.single_keys) == ("en-gb", "dark", 50, True)


def test_theme_language_and_keys_reach_every_page(as_):
    client = as_("sales")
    save(client, single_keys="")
    html = text(client.get("/", headers={"Accept-Language": "fr"}))
    assert '<html lang="en-gb" data-theme="dark" data-shortcuts="off">' in html


def test_the_rows_of_a_page_are_those_preferred(as_):
    client, basket = as_("sales"), a_basket()
    for _ in range(26):
        a_line(basket)
    assert len(rows(client.get("/lines/"), "line")) == 25
    save(client)
    assert len(rows(client.get("/lines/"), "line")) == 26


def test_the_preferences_of_one_are_not_those_of_another(as_):
    save(as_("sales"))
    assert "data-theme" not in text(as_("sales2").get("/preferences/")).split("<head>")[0]


@pytest.mark.parametrize(("name", "value"), [("theme", "pink"), ("page_size", "7"), ("language", "xx")])
def test_what_makes_no_sense_is_refused_at_its_field(as_, people, name, value):
    response = save(as_("sales"), **{name: value})
    assert response.status_code == 422
    assert f'data-field="{name}"' in text(response)
    assert not Preference.objects.exists()


def test_the_page_shows_what_is_set(as_):
    client = as_("sales")
    save(client)
    html = text(client.get("/preferences/"))
    assert '<option value="dark" selected>' in html
    assert '<option value="50" selected>' in html


def test_a_stranger_is_sent_to_the_login(client):
    assert client.get("/preferences/").headers["Location"] == "/login/?next=/preferences/"

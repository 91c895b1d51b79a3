"""A person's own settings: kept, applied on every page, refused when they make no sense."""

import re

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


def test_each_section_is_saved_by_itself(as_, people):
    client = as_("sales")
    save(client)
    assert client.post("/preferences/", {"section": "lists", "page_size": "100"}).status_code == 303
    assert client.post("/preferences/", {"section": "keys"}).status_code == 303
    kept = Preference.objects.get(user=people["sales"])
    assert (kept.theme, kept.page_size, kept.single_keys) == ("dark", 100, False)


def test_a_refused_section_keeps_what_was_typed_and_leaves_the_others(as_):
    html = text(as_("sales").post("/preferences/", {"section": "lists", "page_size": "7"}))
    assert html.count('id="id_page_size"') == html.count('id="id_theme"') == 1
    assert 'data-field="page_size"' in html


def test_lower_rows_reach_every_list(as_):
    client = as_("sales")
    client.post("/preferences/", {"section": "look", "density": "compact"})
    assert 'data-density="compact"' in text(client.get("/lines/"))


def test_what_one_is_told_of_is_chosen_event_by_event(as_, people):
    client, place = as_("sales"), "/preferences/notices/"
    assert client.post(
        place, {"page": ["price_in", "mentioned"], "mail": ["price_in"], "email": "c@example.org", "digest": "on"}
    )
    kept = Preference.objects.get(user=people["sales"])
    assert kept.notices["price_in"] == ["page", "mail"] and kept.notices["expiring"] == [] and kept.digest
    html = text(client.get(place))
    assert re.findall(r'name="(\w+)" value="(\w+)" checked', html) == [
        ("page", "price_in"),
        ("mail", "price_in"),
        ("page", "mentioned"),
    ]
    refused = client.post(place, {"page": ["nonsense"], "email": "no address"})
    assert (refused.status_code, 'data-field="email"' in text(refused)) == (422, True)

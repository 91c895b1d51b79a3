"""What a person meets when something cannot be done: the right status, a page that helps, the headers of every page."""

import re

import pytest
from django.test import Client

from quotes.models import Command
from tests.cast import nonce
from tests.pages.browsing import text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en-gb"}
POLICY = ("script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")


def assert_guarded(response):
    policy = response["Content-Security-Policy"]
    assert all(part in policy for part in POLICY)
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_an_unknown_address_offers_the_search(as_):
    response = as_("sales").get("/lines/00000000-0000-0000-0000-000000000000/", headers=ENGLISH)
    assert response.status_code == 404
    assert 'action="/search/"' in text(response)
    assert_guarded(response)


def test_a_missing_right_is_told_with_who_has_it(as_):
    line = a_line()
    response = as_("sales").post(f"/lines/{line.pk}/offers/2173/accept/", {"nonce": nonce()}, headers=ENGLISH)
    assert response.status_code == 403
    assert "Offers are accepted by managers." in text(response)
    assert_guarded(response)


def test_a_breakdown_tells_nothing_of_the_inside(as_, settings):
    settings.ROOT_URLCONF = "tests.pages.failing_urls"
    client = as_("sales")
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "canary-trouble" not in text(response)
    assert '<p lang="en">' in text(response)
    assert_guarded(response)


def test_too_much_is_413_and_not_an_unreadable_request(as_):
    response = as_("sales").post("/baskets/new/", {"project_id": "x" * 3_000_000}, headers=ENGLISH)
    assert response.status_code == 413
    assert "larger than the portal takes" in text(response)
    assert_guarded(response)


def test_more_fields_than_anybody_fills_are_400(as_):
    response = as_("sales").post("/baskets/new/", {f"field{n}": "x" for n in range(1100)}, headers=ENGLISH)
    assert response.status_code == 400
    assert_guarded(response)


def test_a_form_of_an_earlier_login_says_that_the_page_was_too_old(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["sales"])
    response = client.post("/baskets/new/", {"external_id": "A"}, headers=ENGLISH)
    assert response.status_code == 403
    assert "This page was too old" in text(response)
    assert not Command.objects.exists()
    assert_guarded(response)


def test_a_conflict_is_a_page_or_the_part_that_stands_in_a_dialog(as_, manager):
    line = a_line()
    about = {"basket": line.basket, "line": line, "actor": manager}
    command = Command.objects.create(kind="update_line", state="done", nonce=nonce(), **about)
    client, address = as_("sales"), f"/commands/{command.pk}/withdraw/"
    page, fragment = client.post(address), client.post(address, headers={"HX-Request": "true"})
    assert (page.status_code, fragment.status_code) == (409, 409)
    assert "<main" in text(page)
    assert "<main" not in text(fragment)
    assert text(fragment).lstrip().startswith('<section class="sheet confirm"')
    assert "Manager Le Goff" in text(page)


def test_a_field_that_somebody_else_changed_is_shown_before_and_now_with_what_was_typed(operator, as_):
    basket_id = operator.world.draft(external_id="A", project_id="OLD")
    basket = a_basket(id=basket_id, external_id="A", project_id="OLD", state="acknowledged")
    client, address = as_("sales"), f"/baskets/{basket.pk}/edit/"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text(client.get(address))))
    operator.world.baskets[basket_id]["project_id"] = "THEIRS"
    response = client.post(address, fields | {"external_id": "A", "project_id": "MINE"})
    assert (response.status_code, response["Portal-Command"]) == (409, str(Command.objects.get().pk))
    assert re.search("<s[^>]*>OLD</s> → <b>THEIRS</b>", text(response))
    assert "<dd>MINE</dd>" in text(response)
    assert not operator.sent("PATCH", "/quote/")


@pytest.mark.parametrize(
    ("body", "spoken"),
    [({"project_id": ["Not this one."]}, '<span lang="en">Not this one.</span>'), ({}, "L’opérateur a refusé.")],
    ids=["with words", "without a word"],
)
def test_only_what_the_operator_said_is_marked_as_english(body, spoken, operator, as_):
    operator.fail(400, "/quote/$", method="POST", body=body)
    fields = {"nonce": nonce(), "external_id": "A", "project_id": "P"}
    response = as_("sales").post("/baskets/new/", fields, headers={"Accept-Language": "fr"})
    assert response.status_code == 422
    assert spoken in text(response)
    assert ('<span lang="en">' in text(response)) == bool(body)


def test_the_operators_words_on_a_page_without_a_form_are_marked_too(operator, as_):
    line = a_line(state="ready")
    operator.fail(400, "/export/pdf/$", method="POST", body={"detail": "No PDF today."})
    response = as_("sales").post(f"/lines/{line.pk}/pdf/", {"nonce": nonce()})
    assert response.status_code == 422
    assert '<span lang="en">No PDF today.</span>' in text(response)

"""One view, two audiences: asked plainly, by htmx, by a boosted link and by the back button."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from quotes.htmx import redirect, wants_fragment

HTMX = {"HX-Request": "true"}
BOOSTED = HTMX | {"HX-Boosted": "true"}
RESTORED = HTMX | {"HX-History-Restore-Request": "true"}


def asked(headers):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize(("headers", "fragment"), [({}, False), (HTMX, True), (BOOSTED, False), (RESTORED, False)])
def test_only_a_plain_htmx_request_gets_a_fragment(headers, fragment):
    assert wants_fragment(asked(headers)) is fragment


def test_a_person_is_sent_on_with_303():
    response = redirect(asked({}), "/baskets/")
    assert (response.status_code, response["Location"]) == (303, "/baskets/")


def test_htmx_is_told_to_load_the_whole_page():
    response = redirect(asked(HTMX), "/baskets/")
    assert (response.status_code, response["HX-Redirect"]) == (204, "/baskets/")


def test_the_command_travels_with_the_answer():
    assert redirect(asked({}), "/", command=SimpleNamespace(pk=7))["Portal-Command"] == "7"

"""The form of a line in a browser: what is typed is kept, what is known is filled in, what is wrong is led to."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from quotes.models import Draft, Line
from quotes.services import trace_files
from tests.kmz_files import make_kmz
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db(transaction=True)
CONTACT = {"name": "Anne Kermadec", "email_address": "anne@example.org", "number": "02 98 00 61 12"}


@pytest.fixture
def place(live_server):
    basket = a_basket(state="acknowledged")
    a_line(basket, state="acknowledged", related_contact_information=[CONTACT])
    return f"{live_server.url}/baskets/{basket.pk}/lines/new/"


@pytest.fixture
def open_as(context, live_server, as_):
    """`open_as("sales", address)`: a new tab of that person."""

    def opened(name, address):
        session = as_(name).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(address)
        return page

    return opened


def test_what_is_typed_is_kept_for_its_owner_and_comes_back_when_asked(open_as, place):
    page = open_as("sales", place)
    page.fill("[name=end_customer_name]", "Half a customer")
    page.fill("[name=note]", "one\ntwo")
    expect(page.locator("[data-draft-note]")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"), timeout=30_000)
    page.close()
    assert "nonce" not in Draft.objects.get().fields
    page = open_as("sales2", place)
    assert page.locator("#draft-bar").count() == 0
    page = open_as("sales", place)
    assert page.input_value("[name=end_customer_name]") == ""
    page.click("#draft-bar a")
    assert page.input_value("[name=end_customer_name]") == "Half a customer"
    assert page.input_value("[name=note]") == "one\ntwo"
    page.click("#draft-bar button")
    page.wait_for_url(place)
    assert page.locator("#draft-bar").count() == 0 and not Draft.objects.exists()


def test_choosing_a_known_contact_brings_the_rest_into_what_is_empty(open_as, place):
    page = open_as("sales", place)
    field = "[name=related_contact_information-0-{}]".format
    page.fill(field("number"), "my own")
    page.fill(field("name"), CONTACT["name"])
    assert page.input_value(field("email_address")) == CONTACT["email_address"]
    assert page.input_value(field("number")) == "my own"
    page.fill("[name=related_contact_information-1-name]", "Nobody known")
    assert page.input_value("[name=related_contact_information-1-email_address]") == ""


def test_the_summary_has_the_focus_and_leads_to_the_field_with_everything_typed(open_as, place):
    page = open_as("sales", place)
    page.fill("[name=end_customer_name]", "Kept")
    page.press("[name=end_customer_name]", "Enter")
    page.wait_for_selector(".errors")
    assert page.evaluate("document.activeElement.closest('.errors') !== null")
    assert page.title().startswith(("Error", "Erreur"))
    page.locator(".errors a").first.press("Enter")
    name = "product_offering_qualification_item_id"
    assert page.evaluate("document.activeElement.name") == name
    assert page.get_attribute(f"[name={name}]", "aria-invalid") == "true"
    assert page.input_value("[name=end_customer_name]") == "Kept"


def test_the_pages_that_only_their_maker_or_a_query_opens_are_accessible(open_as, live_server, place, people):
    basket = Line.objects.get().basket
    old = a_line(basket, state="expired", trace_file="old.kmz")
    Draft.objects.create(user=people["sales"], place=place.removeprefix(live_server.url), fields={"note": ["half"]})
    files = [SimpleUploadedFile(name, data) for name, data in (("a.kmz", make_kmz()), ("b.txt", b"x"))]
    batch = trace_files.prepare(actor=people["sales"], nonce="n", basket=basket, files=files)
    addresses = f"/traces/{batch.pk}/check/", f"/requote/?line={old.pk}"
    for address in (*(live_server.url + path for path in addresses), place, f"{place}?draft=1"):
        page = open_as("sales", address)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360, address
        page.close()

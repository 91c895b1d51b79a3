"""Pages of the basket and the line form: plain forms, statuses, everything typed kept."""

import re

import pytest

from quotes.models import Basket, Command, Line
from tests.cast import QUALIFICATION
from tests.faults import stage
from tests.pages.browsing import fill, of_main_form, text
from tests.pages.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(basket, as_):
    url = f"/baskets/{basket.pk}/lines/new/"
    response = fill(as_("sales"), url, product_offering_qualification_item_id=QUALIFICATION, end_customer_name="Ar Men")
    return Line.objects.get(pk=response["Location"].split("/")[2])


def test_a_new_basket_leads_to_its_page_with_the_command_in_the_header(operator, as_):
    response = fill(as_("sales"), "/baskets/new/", external_id="EXT123")
    basket = Basket.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/baskets/{basket.pk}/")
    assert response["Portal-Command"] == str(Command.objects.get().pk)


def test_the_basket_page_carries_the_marks_of_the_contract(basket, as_):
    html = as_("auditor").get(f"/baskets/{basket.pk}/").content.decode()
    assert (
        f'data-kind="basket" data-id="{basket.pk}" data-remote-id="{basket.remote_id}" data-state="acknowledged"'
        in html
    )
    assert '<span data-value-of="external_id">EXT123</span>' in html
    assert re.search(r'<time[^>]*datetime="[^"]+"[^>]*data-fresh="(fresh|ageing|old)"', html)


def test_the_same_form_twice_gives_the_same_answer_and_sends_nothing(operator, as_):
    client = as_("sales")
    fields = of_main_form(client.get("/baskets/new/").content.decode()) | {"external_id": "A"}
    first, second = client.post("/baskets/new/", fields), client.post("/baskets/new/", fields)
    assert first["Location"] == second["Location"]
    assert first["Portal-Command"] == second["Portal-Command"]
    assert len(operator.sent("POST", "/quote/$")) == 1


def test_an_edit_sent_twice_is_told_twice(basket, operator, as_):
    client, url = as_("sales"), f"/baskets/{basket.pk}/edit/"
    fields = of_main_form(client.get(url).content.decode()) | {"external_id": "EXT123", "project_id": "LOGIS"}
    first, second = client.post(url, fields), client.post(url, fields)
    assert first["Portal-Command"] == second["Portal-Command"]
    assert len(operator.sent("PATCH", "/quote/")) == 1


def test_an_edit_of_a_stale_page_is_not_sent_and_keeps_what_was_typed(basket, operator, as_):
    client, url = as_("sales"), f"/baskets/{basket.pk}/edit/"
    stale = of_main_form(client.get(url).content.decode())
    fill(client, url, external_id="EXT123", project_id="OTHER")
    response = client.post(url, stale | {"external_id": "MINE", "project_id": "FLASH"})
    assert response.status_code == 409
    assert 'value="MINE"' in response.content.decode()
    assert len(operator.sent("PATCH", "/quote/")) == 1


@pytest.mark.parametrize("errors", ["fields", "detail", "details", "html", "nothing"])
def test_a_refusal_of_the_operator_is_422_with_its_words_and_everything_typed(operator, as_, errors):
    operator.shapes.errors = errors
    operator.fail(400, "/quote/$", method="POST", body=operator.shapes.refusal({"project_id": ["Unknown project."]}))
    response = fill(as_("sales"), "/baskets/new/", external_id="KEEP-ME", project_id="NOPE")
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="KEEP-ME"' in html and 'value="NOPE"' in html
    assert "Unknown project." in html or errors == "nothing"
    assert ('data-field="project_id"' in html) == (errors in ("fields", "details"))


def test_a_reference_that_is_too_long_is_an_error_at_its_field_and_nothing_is_sent(operator, as_):
    response = fill(as_("sales"), "/baskets/new/", external_id="x" * 61, project_id="P")
    assert response.status_code == 422
    assert 'data-field="external_id"' in response.content.decode()
    assert not operator.requests


def test_a_form_without_its_nonce_is_refused_politely(operator, as_):
    response = as_("sales").post("/baskets/new/", {"external_id": "A"})
    assert response.status_code == 422
    assert not operator.requests


def test_a_line_sends_only_what_was_filled_in(line, operator):
    assert (line.state, line.end_customer_name) == ("acknowledged", "Ar Men")


def test_arrays_are_repeated_fields_and_contacts_are_numbered(basket, operator, as_):
    fields = {
        "product_offering_qualification_item_id": QUALIFICATION,
        "product_offerings": ["2173", "", "2175"],
        "option_ids": ["", ""],
        "expected_response_date": "30/04/2027",
        "related_contact_information-0-name": "Anne",
        "related_contact_information-0-email_address": "anne@example.org",
        "related_contact_information-1-name": "",
    }
    fill(as_("sales"), f"/baskets/{basket.pk}/lines/new/", **fields)
    [line] = operator.world.lines.values()
    assert line["product_offerings"] == ["2173", "2175"]
    assert line["option_ids"] == []
    assert line["expected_response_date"] == "2027-04-30"
    assert line["related_contact_information"] == [{"name": "Anne", "email_address": "anne@example.org"}]


def test_three_contacts_are_one_too_many(basket, operator, as_):
    fields = {f"related_contact_information-{i}-name": f"N{i}" for i in range(3)}
    fields["product_offering_qualification_item_id"] = QUALIFICATION
    response = fill(as_("sales"), f"/baskets/{basket.pk}/lines/new/", **fields)
    assert response.status_code == 422
    assert 'data-field="related_contact_information"' in response.content.decode()
    assert all(f'value="N{i}"' in response.content.decode() for i in range(3))


def test_a_date_that_does_not_exist_is_an_error_at_its_field(basket, as_, operator):
    fields = {"product_offering_qualification_item_id": QUALIFICATION, "expected_response_date": "31/04/2027"}
    response = fill(as_("sales"), f"/baskets/{basket.pk}/lines/new/", **fields)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'data-field="expected_response_date"' in html and 'value="31/04/2027"' in html


def test_an_unchanged_line_sends_nothing_and_a_changed_one_only_its_field(line, operator, as_):
    client, url = as_("sales"), f"/lines/{line.pk}/edit/"
    operator.world.lines[line.remote_id]["note"] = "two\nlines"
    client.post(f"/lines/{line.pk}/refresh/")
    typed = {
        "product_offering_qualification_item_id": QUALIFICATION,
        "end_customer_name": "Ar Men",
        "note": "two\r\nlines",
    }
    external = {"external_id": operator.world.lines[line.remote_id]["external_id"], "project_id": "FLASH"}
    operator.world.lines[line.remote_id]["project_id"] = "FLASH"
    client.post(f"/lines/{line.pk}/refresh/")
    fill(client, url, **typed, **external)
    assert not operator.sent("PATCH", "/quote_item/")
    fill(client, url, **typed | {"end_customer_name": "Ar Men 2"}, **external)
    assert operator.sent("PATCH", "/quote_item/")[0]["body"] == b'{"end_customer_name": "Ar Men 2"}'


def test_while_it_is_not_known_whether_it_was_confirmed_nothing_else_is_offered(operator, as_, people):
    draft = stage.draft(operator)
    operator.fail("reset", "/confirm/")
    assert stage.confirm(draft, people["sales"]).state == "uncertain"
    html = as_("sales").get(f"/baskets/{draft.pk}/").content.decode()
    for offered in ("confirm/", "edit/", "lines/new/"):
        assert f'{offered}"' not in html.split("<main")[1]
    assert 'data-command-state="uncertain"' in html


def test_pressing_confirm_too_early_lists_every_gap_with_its_line_and_field(line, basket, operator, as_):
    response = fill(as_("sales"), f"/baskets/{basket.pk}/confirm/")
    html = response.content.decode()
    assert response.status_code == 422
    for name in ("site_connection_type", "product_offerings"):
        assert f'<li data-field="{name}" data-id="{line.pk}">' in html
    assert not operator.sent("PATCH", "/confirm/")


def test_the_check_page_marks_every_gap_with_its_line_and_field_before_anything_is_pressed(line, basket, as_):
    html = text(as_("sales").get(f"/baskets/{basket.pk}/confirm/"))
    marks = [f'data-field="{name}" data-id="{line.pk}"' for name in ("site_connection_type", "product_offerings")]
    assert [html.count(mark) for mark in marks] == [1, 1]
    assert html.count("data-field=") == 2


def test_a_long_basket_shows_in_full_what_lacks_something_and_the_rest_as_a_table(operator, as_):
    draft = stage.draft(operator, lines=15)
    last = draft.lines.latest("added_at")
    last.payload["product_offerings"] = []
    last.save()
    html = text(as_("sales").get(f"/baskets/{draft.pk}/confirm/"))
    in_full, in_short = html.split('id="short-t"')
    assert in_full.count('class="sheet" aria-labelledby="l-') == 10
    assert re.search(r'class="sheet" aria-labelledby="l-([^"]+)"', in_full)[1] == str(last.pk)
    assert in_short.count('data-kind="line"') == 5
    aside = text(as_("sales").get(f"/baskets/{draft.pk}/")).split("<aside")[1]
    assert aside.count("/trace/") == 8
    assert "15 " in aside.split("/trace/")[-1]


def test_what_is_not_allowed_now_has_no_form_and_its_forced_post_is_409(line, basket, operator, as_):
    operator.world.lines[line.remote_id] |= {"site_connection_type": "f", "product_offerings": ["1"]}
    operator.world.confirm(basket.remote_id)
    client = as_("sales")
    client.post(f"/baskets/{basket.pk}/refresh/")
    for url in (
        f"/baskets/{basket.pk}/edit/",
        f"/baskets/{basket.pk}/confirm/",
        f"/baskets/{basket.pk}/lines/new/",
        f"/lines/{line.pk}/edit/",
        f"/lines/{line.pk}/delete/",
    ):
        page = client.get(url)
        main = page.content.decode().split("<main")[1].split("</main")[0]
        assert (page.status_code, "<form" in main) == (200, False), url
        assert client.post(url).status_code == 409, url


def test_refresh_with_the_operator_down_keeps_what_is_stored(basket, operator, as_, settings):
    settings.COVAGE_API_URL = "http://127.0.0.1:9"
    response = as_("sales").post(f"/baskets/{basket.pk}/refresh/", follow=True)
    assert response.status_code == 200
    assert "EXT123" in response.content.decode()


@pytest.mark.parametrize("url", ["/baskets/", "/baskets/new/", "/lines/"])
def test_pages_answer_plain_boosted_and_restored_whole_and_htmx_in_part(operator, as_, url):
    client = as_("sales")
    whole = [
        {},
        {"HX-Request": "true", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ]
    for headers in whole:
        response = client.get(url, headers=headers)
        assert b"<html" in response.content
        assert "HX-Request" in response["Vary"]
    if url != "/baskets/new/":
        assert b"<html" not in client.get(url, headers={"HX-Request": "true"}).content


def test_what_the_operator_holds_beyond_our_limits_does_not_stop_an_edit(operator, as_):
    draft = stage.draft(operator, name="x" * 66)
    client, url = as_("sales"), f"/baskets/{draft.pk}/edit/"
    assert fill(client, url, external_id="x" * 66, project_id="NEW").status_code == 303
    assert operator.sent("PATCH", "/quote/")[0]["body"] == b'{"project_id": "NEW"}'
    assert fill(client, url, external_id="y" * 66, project_id="NEW").status_code == 422


def test_blanks_and_line_ends_of_the_operator_are_not_sent_back_as_changes(operator, as_):
    draft = stage.draft(operator)
    line = draft.lines.get()
    operator.world.lines[line.remote_id] |= {
        "end_customer_name": " Ar Men ",
        "note": "one\r\ntwo ",
        "option_ids": [" 7 "],
    }
    client, url = as_("sales"), f"/lines/{line.pk}/edit/"
    client.post(f"/lines/{line.pk}/refresh/")
    page = Page(text(client.get(url)))
    fields = {name: values for name, values in page.fields.items() if any(values)}
    typed = fields | {"end_customer_name": "Ar Men", "note": "one\r\ntwo", "project_id": "NEW"}
    assert fill(client, url, **typed).status_code == 303
    assert operator.sent("PATCH", "/quote_item/")[0]["body"] == b'{"project_id": "NEW"}'


def test_a_contact_with_a_strange_number_is_no_contact(operator, as_):
    draft = stage.draft(operator)
    url = f"/baskets/{draft.pk}/lines/new/"
    typed = {"product_offering_qualification_item_id": "q", "related_contact_information-²-name": "x"}
    assert fill(as_("sales"), url, **typed).status_code == 303


def test_a_very_long_basket_comes_in_pages_and_is_counted_whole(operator, as_):
    draft = stage.draft(operator, lines=201)
    client = as_("sales")
    first, second = (text(client.get(f"/baskets/{draft.pk}/?page={n}")) for n in (1, 2))
    assert [page.split("</main>")[0].count('data-kind="line"') for page in (first, second)] == [200, 1]
    assert all("201 lignes" in page for page in (first, second))
    assert 'rel="next"' in first
    assert 'rel="next"' not in second

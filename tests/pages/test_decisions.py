"""Accept, decline and restore as a person meets them: the confirmation page, the answer, and who was faster."""

import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from quotes import covage
from quotes.models import Command, Line
from quotes.selectors import offers
from quotes.services import decisions
from quotes.sync import watch
from quotes.sync.connection import connect
from tests.cast import COMPLETE, nonce
from tests.pages.browsing import FOUR_WAYS, hidden, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_(as_british):
    return as_british


@pytest.fixture
def line(operator, settings):
    settings.SYNC_SPEED = 1  # or a price would be old within a second
    return priced(operator, "2173", "2175")


def priced(operator, *products) -> Line:
    """A line with an offer a product, read as the watch reads it."""
    world = operator.world
    basket_id = world.draft(external_id="FLASH-1")
    line_id = world.add_line(basket_id, COMPLETE)["id"]
    world.confirm(basket_id)
    world.price(line_id, *products)
    line = a_line(a_basket(id=basket_id), id=line_id, prices=[])
    watch.read_line(connect(), line)
    line.refresh_from_db()
    return line


def aged(line):
    """As if it had been read eleven minutes ago."""
    Line.objects.filter(pk=line.pk).update(read_at=timezone.now() - timedelta(minutes=11))


def address(line, kind, product="2173"):
    return f"/lines/{line.pk}/offers/{quote(product, safe='')}/{kind}/"


def answered(client, line, kind, product="2173", headers=None, **fields):
    """Open the confirmation page and press its button."""
    url = address(line, kind, product)
    return client.post(url, hidden(client.get(url), url) | fields, headers=headers or {})


def sent(operator, kind):
    return operator.sent("PATCH", f"/{kind}/")


@pytest.mark.parametrize("headers", FOUR_WAYS)
@pytest.mark.parametrize("kind", ["accept", "decline"])
def test_the_confirmation_page_is_the_dialog_too(line, as_, kind, headers):
    html = text(as_("manager").get(address(line, kind), headers=headers))
    assert ("<html" in html) is not (headers == HTMX)
    assert "data-dialog-part" in html


def test_accepting_says_what_it_costs_and_what_it_does(line, as_):
    html = text(as_("manager").get(address(line, "accept")))
    for key in ("monthly_price", "fas"):
        assert f'data-price="{key}"' in html
    for words in (line.reference, "Boulangerie Ar Men", "creates an order line", "FTTO 2175", "cannot be undone"):
        assert words in html
    assert hidden(as_("manager").get(address(line, "accept")), address(line, "accept"))["fingerprint"]


def test_the_consequences_are_told_in_french_too(line, as_):
    html = text(as_("manager").get(address(line, "accept"), headers={"Accept-Language": "fr"}))
    assert "Accepter FTTO 2173" in html
    for words in ("crée une ligne de commande", "FTTO 2175", "ne peut pas être annulée"):
        assert words in html, words


def test_what_is_not_recognised_of_a_price_stands_on_the_page_that_accepts_it(as_):
    line = a_line(
        prices=[{"product_id": "2173", "name": "FTTO", "monthly_price": 9, "pop": "QPR-03", "state": "ready"}]
    )
    Line.objects.update(read_at=timezone.now())
    assert "pop QPR-03" in text(as_("manager").get(address(line, "accept")))


def test_an_accept_leads_to_the_line_with_the_ids_of_the_order(line, operator, as_):
    client = as_("manager")
    response = answered(client, line, "accept")
    assert (response.status_code, response["Location"]) == (303, f"/lines/{line.pk}/")
    assert response["Portal-Command"] == str(Command.objects.get().pk)
    html = text(client.get(response["Location"]))
    assert 'data-order-id="PO-1"' in html
    assert 'data-order-item-id="POI-1"' in html


def test_five_clicks_are_one_order_and_one_answer(line, operator, as_):
    client, url = as_("manager"), address(line, "accept")
    fields = hidden(client.get(url), url)
    answers = [client.post(url, fields) for _ in range(5)]
    assert {(a.status_code, a["Location"], a["Portal-Command"]) for a in answers} == {
        (303, f"/lines/{line.pk}/", str(Command.objects.get().pk))
    }
    assert len(sent(operator, "accept")) == 1


def test_a_dialog_is_answered_by_a_redirect_that_htmx_follows(line, as_):
    response = answered(as_("manager"), line, "accept", headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (204, f"/lines/{line.pk}/")
    assert "Portal-Command" in response


@pytest.mark.parametrize("name", ["sales", "auditor", "admin"])
@pytest.mark.parametrize("kind", ["accept", "decline", "restore"])
def test_who_may_not_decide_reads_why_and_is_refused(line, operator, as_, name, kind):
    client = as_(name)
    page = client.get(address(line, kind))
    assert page.status_code == 200
    assert f'action="{address(line, kind)}"' not in text(page)
    assert "Only a manager can decide" in text(page)
    assert client.post(address(line, kind), {"nonce": nonce()}).status_code == 403
    assert not sent(operator, kind)


def test_sales_decline_where_the_setting_lets_them(line, as_, settings):
    settings.PORTAL_SALES_MAY_DECLINE = True
    assert answered(as_("sales"), line, "decline").status_code == 303


def test_a_product_that_is_not_there_is_404_and_a_stranger_is_sent_to_the_login(line, as_, client):
    assert as_("manager").get(address(line, "accept", "none")).status_code == 404
    assert client.get(address(line, "accept"))["Location"].startswith("/login/?next=")


def test_a_price_that_moved_here_meanwhile_shows_what_was_seen_and_what_is(line, operator, as_):
    client, url = as_("manager"), address(line, "accept")
    seen = hidden(client.get(url), url)
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 199.5
    watch.read_line(connect(), line)
    response = client.post(url, seen)
    assert response.status_code == 409
    assert re.search(r"Monthly.*119\.90.*199\.50", text(response), re.S)
    assert "Portal-Command" not in response
    assert not sent(operator, "accept")


def test_a_price_that_moved_at_the_operator_stops_the_accept_and_shows_both(line, operator, as_):
    client, url = as_("manager"), address(line, "accept")
    seen = hidden(client.get(url), url)
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 199.5
    response = client.post(url, seen)
    assert response.status_code == 409
    assert re.search(r"Monthly.*119\.90.*199\.50", text(response), re.S)
    assert "Portal-Command" in response
    assert not sent(operator, "accept")


def test_an_old_price_is_read_again_before_an_accept_is_offered(line, operator, as_):
    aged(line)
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 199.5
    page = as_("manager").get(address(line, "accept"))
    assert "The price changed since you looked" in text(page)
    line.refresh_from_db()
    offer = line.offers.get(product_id="2173")
    assert hidden(page, address(line, "accept"))["fingerprint"] == offer.fingerprint
    assert offer.payload["monthly_price"] == "199.5"


def test_a_fresh_price_is_not_read_again(line, operator, as_):
    before = len(operator.sent("GET", "/quote_item/"))
    as_("manager").get(address(line, "accept"))
    assert len(operator.sent("GET", "/quote_item/")) == before


def test_a_silent_operator_is_said_and_the_form_stays(line, operator, as_):
    aged(line)
    operator.fail(500, "/quote_item/", method="GET", times=9)
    page = as_("manager").get(address(line, "accept"))
    assert "The operator did not answer just now" in text(page)
    assert hidden(page, address(line, "accept"))["fingerprint"]


def test_the_second_manager_is_told_who_was_faster(line, operator, as_):
    slow, url = as_("manager2"), address(line, "accept", "2175")
    fields = hidden(slow.get(url), url)
    answered(as_("manager"), line, "accept")
    response = slow.post(url, fields)
    assert response.status_code == 409
    assert "Manager Le Goff" in text(response)
    assert len(sent(operator, "accept")) == 1
    assert "Manager Le Goff" in text(slow.get(url))


def test_a_conflict_comes_into_the_dialog_as_its_part(line, as_):
    slow, url = as_("manager2"), address(line, "accept", "2175")
    fields = hidden(slow.get(url), url)
    answered(as_("manager"), line, "accept")
    response = slow.post(url, fields, headers=HTMX)
    assert response.status_code == 409
    assert "data-dialog-part" in text(response)
    assert "<html" not in text(response)


def test_a_line_decided_elsewhere_stops_the_accept_with_the_state_it_has(line, operator, as_):
    client, url = as_("manager"), address(line, "accept")
    fields = hidden(client.get(url), url)
    operator.world.accept(line.remote_id, "2175")
    response = client.post(url, fields)
    assert response.status_code == 409
    assert re.search(r"Open.*Declined", text(response), re.S)
    assert len(operator.world.orders) == 1


def test_an_accept_without_the_price_that_was_seen_is_not_sent(line, operator, as_):
    response = as_("manager").post(address(line, "accept"), {"nonce": nonce()})
    assert response.status_code == 422
    assert not sent(operator, "accept")


def test_an_accept_whose_answer_is_lost_leads_to_the_page_that_tells(line, operator, as_):
    operator.fail("reset", "/accept/", after=True)
    client = as_("manager")
    response = answered(client, line, "accept")
    assert (response.status_code, response["Location"]) == (303, f"/lines/{line.pk}/")
    assert 'data-command-state="uncertain"' in text(client.get(response["Location"]))
    assert "under way" not in text(client.get(address(line, "accept")))
    assert 'name="nonce"' not in text(client.get(address(line, "decline", "2175"))).split("<main")[1]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refusal_by_the_operator_is_told_in_its_words_with_a_new_form(line, operator, as_, headers):
    operator.fail(400, "/decline/", body={"comment": ["Please say why."]})
    client, url = as_("manager"), address(line, "decline")
    fields = hidden(client.get(url), url) | {"comment": "no"}
    response = client.post(url, fields, headers=headers)
    assert response.status_code == 422
    assert re.search(r'data-field="comment".*Please say why\.', text(response), re.S)
    assert ">\nno</textarea>" in text(response)
    assert hidden(response, url)["nonce"] != fields["nonce"]


def test_a_decline_carries_its_comment_and_can_be_taken_back(line, operator, as_):
    client = as_("manager")
    assert answered(client, line, "decline", comment="Too dear").status_code == 303
    assert json.loads(sent(operator, "decline")[0]["body"]) == {"product_id": "2173", "comment": "Too dear"}
    assert f'href="{address(line, "restore")}"' in text(client.get(f"/lines/{line.pk}/"))
    assert answered(client, line, "restore").status_code == 303
    assert line.offers.get(product_id="2173").state == "ready"


def test_the_reason_of_a_decline_stays_here_and_is_told_with_its_comment(line, operator, as_):
    client = as_("manager")
    answered(client, line, "decline", comment="Over the budget", motive="too_expensive")
    assert json.loads(sent(operator, "decline")[0]["body"]) == {"product_id": "2173", "comment": "Over the budget"}
    command = Command.objects.get(kind="decline")
    assert (command.motive, command.params) == ("too_expensive", {"product_id": "2173", "comment": "Over the budget"})
    for place in (f"/lines/{line.pk}/", "/activity/"):
        assert "Offer declined: Too expensive, “Over the budget”" in text(client.get(place))
    assert "Manager Le Goff, Too expensive, “Over the budget”" in text(client.get(f"/lines/{line.pk}/"))
    assert "Too expensive" in text(client.get(f"/commands/{command.pk}/"))


def test_a_reason_that_is_none_of_ours_is_refused(line, operator, as_):
    response = answered(as_("manager"), line, "decline", motive="whatever")
    assert response.status_code == 422
    assert 'data-field="motive"' in text(response)
    assert not sent(operator, "decline")


def test_a_decline_is_undone_on_the_line_by_one_button(line, operator, as_):
    client = as_("manager")
    answered(client, line, "decline")
    html = text(client.get(f"/lines/{line.pk}/"))
    form = next(f for f in re.findall(r"<form.*?</form>", html, re.S) if "Undo the decline" in f)
    assert (
        client.post(address(line, "restore"), dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))).status_code
        == 303
    )
    assert len(sent(operator, "restore_price")) == 1
    assert "Undo the decline" not in text(client.get(f"/lines/{line.pk}/"))
    assert "Undo the decline" not in text(as_("manager2").get(f"/lines/{line.pk}/"))


def test_a_comment_that_is_too_long_stays_on_the_page(line, operator, as_):
    response = answered(as_("manager"), line, "decline", comment="x" * 2001)
    assert response.status_code == 422
    assert "x" * 2001 in text(response)
    assert not sent(operator, "decline")


def test_state_comes_before_the_form(line, as_):
    client = as_("manager")
    answered(client, line, "accept")
    assert client.post(address(line, "decline"), {"nonce": nonce(), "comment": "x" * 2001}).status_code == 409


def test_what_is_not_possible_now_is_a_page_without_a_form(line, as_):
    page = as_("manager").get(address(line, "restore"))
    assert page.status_code == 200
    assert f'action="{address(line, "restore")}"' not in text(page)
    assert "does not allow it now" in text(page)


def test_from_the_queue_a_decision_leads_back_to_it(line, as_):
    client = as_("manager")
    url = address(line, "decline")
    page = client.get(url, {"next": "/review/?sort=site"})
    assert client.post(url, hidden(page, url))["Location"] == "/review/?sort=site"


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/review/\r\nX: y", "review/"])
def test_another_address_to_come_back_to_is_ignored(line, as_, elsewhere):
    response = answered(as_("manager"), line, "decline", next=elsewhere)
    assert response["Location"] == f"/lines/{line.pk}/"


@pytest.mark.parametrize("product", ["A/B 1", "FTTO-1G:x.y", "é%?#", "x/accept", "/lead", "2173;v=1", "<b>"])
def test_a_product_id_may_hold_any_printable_text(operator, as_, product):
    line = priced(operator, product, "2175")
    client = as_("manager")
    html = client.get(f"/lines/{line.pk}/").content.decode()
    assert f'href="{address(line, "accept", product)}"' in html
    assert answered(client, line, "accept", product).status_code == 303
    assert operator.world.orders == [(line.remote_id, product)]


def test_an_offer_that_names_no_product_cannot_be_decided(as_):
    line = a_line(product_offerings=[], prices=[{"monthly_price": 12.5}])
    html = text(as_("manager").get(f"/lines/{line.pk}/"))
    assert 'data-price="monthly_price"' in html
    assert "/accept/" not in html


def test_the_price_of_a_fingerprint_is_found_again_in_the_history(line, operator):
    offer = line.offers.get(product_id="2173")
    seen = offer.fingerprint
    operator.world.lines[line.remote_id]["offers"][0]["monthly"] = 150.0
    watch.read_line(connect(), line)
    offer.refresh_from_db()
    assert covage.fingerprint(offers.as_seen(offer, seen)) == seen
    assert offers.as_seen(offer, "of no price") is None


def test_the_newest_decision_on_an_offer_is_told_by_its_command(line, manager):
    offer = line.offers.get(product_id="2173")
    declined = decisions.decline(actor=manager, nonce=nonce(), offer=offer)
    assert decisions.last_on(offer) == declined
    assert decisions.last_on(line.offers.get(product_id="2175")) is None

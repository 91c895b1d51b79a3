"""The line page: its marks, the offers as received, what may be decided, and what is under way."""

import re
from datetime import datetime

import pytest
from django.utils import timezone

from quotes.covage import Line as Documented
from quotes.models import Command, ExportJob
from quotes.sync import store
from quotes.sync.asked import Asked
from quotes.views.polling import ACT, WATCH
from tests.cast import nonce
from tests.pages.browsing import FOUR_WAYS, hidden, main, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db

TWO = [
    {"product_id": "2173", "name": "FTTO 100", "monthly_price": 119.9, "fas": 950, "commitment": 36, "state": "ready"},
    {"product_id": "2175", "name": "FTTO 200", "monthly_price": 149.9, "fas": 950, "commitment": 36, "state": "ready"},
]
SHAPES = {
    "flat": (TWO, {"monthly_price", "fas"}),
    "nested": (
        [{"product": {"id": "2173"}, "price": {"recurring": {"value": "119,90", "unit": "EUR"}, "one_off": 950}}],
        {"price.recurring.value", "price.one_off"},
    ),
    "keyed": ({"2173": {"monthly": 119.9, "zone": "Z2"}}, {"monthly"}),
    "several of a kind": (
        [{"product_id": "2173", "price_36_months": 99.9, "price_60_months": 89.9}],
        {"price_36_months", "price_60_months"},
    ),
    "many": (
        [{"product_id": "2173", **{f"fee_{n}": 10 + n / 10 for n in range(30)}}],
        {f"fee_{n}" for n in range(30)},
    ),
}


@pytest.fixture
def manager(as_british):
    return as_british("manager")


def page(client, line, **headers):
    return client.get(f"/lines/{line.pk}/", headers=headers)


def offers(html: str) -> dict[str, str]:
    """Product id to the HTML of its one element."""
    return dict(re.findall(r'<tr data-product-id="([^"]*)"(.*?)</tr>', html, re.S))


def amounts(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<data[^>]* value="([^"]+)" data-price="([^"]+)"', html)


def a_command(line, user, **fields):
    about = {"kind": "accept", "line": line, "basket": line.basket, "product_id": "2173", "nonce": nonce()}
    return Command.objects.create(**about | {"actor": user, "sent_at": timezone.now(), "attempts": 1} | fields)


@pytest.mark.parametrize("headers", FOUR_WAYS)
def test_htmx_gets_the_part_and_everybody_else_the_page(reader, headers):
    response = page(reader, a_line(), **headers)
    is_part = headers == {"HX-Request": "true"}
    assert response.status_code == 200
    assert ("<html" in text(response)) is not is_part
    assert "2173" in offers(text(response))


def test_a_stranger_is_sent_to_the_login(client, db):
    line = a_line()
    assert page(client, line)["Location"] == f"/login/?next=/lines/{line.pk}/"


def test_a_line_that_is_not_ours_is_404(reader):
    assert reader.get("/lines/123e4567-e89b-12d3-a456-426614174001/").status_code == 404


def test_the_page_names_its_line_state_and_age(reader):
    line = a_line()
    marks = main(page(reader, line))
    assert marks == {"kind": "line", "id": str(line.pk), "remote-id": line.remote_id, "state": "ready"}
    assert re.search(r'<time[^>]*datetime="[^"]+"[^>]*data-fresh="fresh"', text(page(reader, line)))


@pytest.mark.parametrize("shape", SHAPES)
def test_each_amount_stands_once_in_its_offer_under_the_operators_key(reader, shape):
    prices, keys = SHAPES[shape]
    found = offers(text(page(reader, a_line(prices=prices))))
    assert set(found) >= {"2173"}
    named = [key for _value, key in amounts(found["2173"])]
    assert sorted(named) == sorted(keys)


def test_an_amount_keeps_the_digits_that_were_received(reader):
    found = offers(text(page(reader, a_line(prices=SHAPES["nested"][0]))))
    assert ("119.90", "price.recurring.value") in amounts(found["2173"])


def test_no_currency_is_printed_that_was_not_received(reader):
    assert "€" not in text(page(reader, a_line(prices=TWO)))
    assert "€" in text(page(reader, a_line(prices=[TWO[0] | {"currency": "EUR"}])))


def test_tax_is_called_unsaid_only_while_nothing_says_it(reader):
    unsaid = "with or without tax is not said"
    assert unsaid in text(page(reader, a_line(prices=TWO)))
    for word in ({"monthly_ht": 99.9}, {"comment": "Prix HT"}, {"taxIncludedAmount": 120.0}):
        assert unsaid not in text(page(reader, a_line(prices=[TWO[0] | word])))


def test_the_cheapest_is_named_in_words_and_the_others_by_their_distance(reader):
    found = offers(text(page(reader, a_line(prices=TWO))))
    assert "cheapest per month" in found["2173"]
    assert "+\xa030.00 (25%)" in found["2175"]
    assert "cheapest in total" in found["2173"]


def test_totals_over_different_times_are_not_compared(reader):
    found = offers(text(page(reader, a_line(prices=[TWO[0], TWO[1] | {"commitment": 60}]))))
    assert "cheapest in total" not in "".join(found.values())
    assert "over 60 months" in found["2175"]


def test_a_declined_offer_stays_last_with_its_state(reader):
    html = text(page(reader, a_line(prices=[TWO[0] | {"state": "refused"}, TWO[1]])))
    assert list(offers(html)) == ["2175", "2173"]
    assert 'data-state="refused"' in offers(html)["2173"]


def test_what_an_offer_does_not_give_is_said(reader):
    found = offers(text(page(reader, a_line(prices=[TWO[0] | {"gtr": "4 h"}, TWO[1]]))))
    assert "not given" in found["2175"]


def test_every_documented_field_has_its_place(reader):
    html = text(page(reader, a_line(option_ids=["x"], note="Behind the mill")))
    missing = {name for name in Documented.model_fields if f'data-value-of="{name}"' not in html}
    assert missing <= {"basket_id"}
    assert '<span data-value-of="note">Behind the mill</span>' in html


def test_what_nobody_documented_is_shown_as_it_came(reader):
    html = text(page(reader, a_line(zone={"code": "Z2", "deep": [1]}, prices=[TWO[0] | {"pop": "QPR-03"}])))
    assert 'data-value-of="zone"' in html
    assert "QPR-03" in html


def test_contacts_are_read_under_other_names_too(reader):
    people = [{"first_name": "Yann", "last_name": "Kerdoncuff", "email": "y@k.example", "extension": "12"}]
    html = text(page(reader, a_line(related_contact_information=people, manager_regional="Solène Abgrall")))
    for words in ("Yann Kerdoncuff", "y@k.example", "extension", "Solène Abgrall"):
        assert words in html


def test_only_who_may_decide_is_offered_to(as_, manager, reader):
    line = a_line(prices=TWO)
    accept = f'href="/lines/{line.pk}/offers/2173/accept/"'
    assert accept in text(page(manager, line))
    assert accept not in text(page(reader, line))
    assert "A manager decides" in text(page(reader, line))


def test_an_unknown_state_is_shown_as_received_and_offers_no_write(manager):
    line = a_line(a_basket(state="acknowledged"), state="on_hold", prices=TWO)
    html = text(page(manager, line))
    assert 'data-state="on_hold"' in html
    assert not re.search(r'href="[^"]*/(accept|decline|restore|edit|delete|trace)/"', html)


def test_a_draft_is_offered_to_be_written(manager):
    line = a_line(a_basket(state="acknowledged"), state="acknowledged", prices=[])
    html = text(page(manager, line))
    for way in ("edit", "delete", "trace"):
        assert f'href="/lines/{line.pk}/{way}/"' in html


def test_an_orphan_says_so_and_can_be_found_a_basket(manager):
    line = store.line(Documented.read({"id": "lost", "state": "ready"}), Asked.now())
    html = text(page(manager, line))
    assert "Basket unknown" in html
    assert f'action="/lines/{line.pk}/find-basket/"' in html


def test_a_line_gone_at_the_operator_keeps_its_page(manager):
    line = a_line()
    store.deleted(line)
    response = page(manager, line)
    line.refresh_from_db()
    assert datetime.fromisoformat(main(response)["gone"]) == line.gone_at
    assert "/accept/" not in text(response)


def test_a_line_that_was_never_created_says_why_and_leads_to_a_new_one(manager, people):
    basket = a_basket(state="acknowledged")
    line = store.new_line(basket=basket, external_id="E", fields={"end_customer_name": "Ar Men"})
    store.void(line)
    a_command(line, people["manager"], kind="add_line", state="not_applied", product_id="", params={"note": "typed"})
    html = text(page(manager, line))
    assert "never created at the operator" in html
    assert f'href="/baskets/{basket.pk}/lines/new/"' in html
    assert '<span data-value-of="note">typed</span>' in html


def test_a_done_accept_shows_the_ids_of_the_order(reader, people):
    line = a_line(state="accepted")
    ids = {"product_order_id": "PO-1", "product_order_item_id": "I-1"}
    a_command(line, people["manager"], state="done", result=ids)
    html = text(page(reader, line))
    assert 'data-order-id="PO-1"' in html
    assert 'data-order-item-id="I-1"' in html


def test_lost_order_ids_are_a_gap_with_the_way_to_get_them(reader, people):
    line = a_line(state="accepted")
    a_command(line, people["manager"], state="done", gap="order_ids")
    html = text(page(reader, line))
    assert 'data-command-state="done" data-gap="order_ids"' in html
    assert f"ask the operator with reference {line.reference}" in html


@pytest.mark.parametrize("state", ["sending", "uncertain", "needs_person"])
def test_while_an_accept_is_not_known_nothing_can_be_decided(manager, people, state):
    line = a_line(prices=TWO)
    a_command(line, people["manager2"], state=state)
    html = text(page(manager, line))
    assert f'data-command-state="{state}"' in html
    assert not re.search(r'href="[^"]*/(accept|decline)/"', html)
    assert "Being checked" in offers(html)["2173"]
    assert "On hold" in offers(html)["2175"]


def test_an_unknown_accept_tells_what_cannot_happen(manager, people):
    line = a_line(prices=TWO)
    command = a_command(line, people["manager"], state="uncertain", reason="no_answer")
    html = text(page(manager, line))
    assert "It was sent once and will not be sent again" in html
    assert command.pk.hex in html


def test_a_write_that_had_no_effect_is_told_until_the_next_one(manager, people):
    line = a_line(prices=TWO)
    a_command(line, people["manager"], state="not_applied", settled_at=timezone.now())
    assert 'data-command-state="not_applied"' in text(page(manager, line))
    a_command(line, people["manager"], kind="decline", state="done", settled_at=timezone.now())
    assert 'data-command-state="not_applied"' not in text(page(manager, line))


def polled(html: str) -> re.Match | None:
    return re.search(r'id="line-news" data-poll hx-get="([^"]+)" hx-trigger="load delay:(\d+)s, poll"', html)


def test_a_page_that_waits_asks_again_and_says_when_something_moved(manager):
    line = a_line()
    href, seconds = polled(text(page(manager, line))).groups()
    assert int(seconds) == WATCH[0][0]
    assert polled(text(manager.get(href, headers={"HX-Request": "true"})))
    a_line(line.basket, id=line.remote_id, note="Moved")
    news = text(manager.get(href, headers={"HX-Request": "true"}))
    assert "hx-get" not in news
    assert f'The line changed:</b> <a href="/lines/{line.pk}/">' in news


def test_a_command_on_its_way_is_asked_for_sooner_and_its_end_is_news(manager, people):
    line = a_line()
    command = a_command(line, people["manager"], state="sending")
    href, seconds = polled(text(page(manager, line))).groups()
    assert int(seconds) == ACT[0][0]
    Command.objects.filter(pk=command.pk).update(state="uncertain")
    assert "The line changed" in text(manager.get(href))


def test_asking_ends_by_itself(manager, people):
    line = a_line()
    a_command(line, people["manager"], state="sending")
    href = polled(text(page(manager, line)))[1]
    count = 0
    while href:
        found = polled(text(manager.get(href.replace("&amp;", "&"))))
        href, count = found and found[1], count + 1
    assert count == sum(times for _seconds, times in ACT)


def test_a_settled_line_does_not_ask(manager):
    assert not polled(text(page(manager, a_line(state="expired"))))


def test_the_page_asks_the_database_as_often_for_many_offers_as_for_one(manager, django_assert_max_num_queries):
    one, many = a_line(), a_line(prices=[TWO[0] | {"product_id": str(n)} for n in range(20)])
    for line in (one, many):  # the first look wakes the watch
        page(manager, line)
    with django_assert_max_num_queries(100) as of_one:
        page(manager, one)
    with django_assert_max_num_queries(len(of_one)):
        page(manager, many)


def started(client, line, of="", **fields):
    """Press the button of a PDF on the line page."""
    action = f"/lines/{line.pk}/{of}pdf/"
    return client.post(action, hidden(page(client, line), action) | fields)


@pytest.fixture
def priced(operator):
    basket_id = operator.world.draft()
    line_id = operator.world.add_line(basket_id, {"product_offering_qualification_item_id": "q"})["id"]
    return a_line(a_basket(id=basket_id), id=line_id, prices=TWO)


@pytest.mark.parametrize("of", ["", "offers/2173/"])
def test_a_pdf_is_asked_for_once_and_leads_to_its_export(priced, operator, manager, of):
    response = started(manager, priced, of)
    job = ExportJob.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/exports/{job.pk}/")
    assert response["Portal-Command"] == str(job.command_id)


def test_the_same_button_twice_is_one_export(priced, operator, manager):
    action = f"/lines/{priced.pk}/pdf/"
    fields = hidden(page(manager, priced), action)
    first, second = manager.post(action, fields), manager.post(action, fields)
    assert first["Location"] == second["Location"]
    assert len(operator.sent("POST", "/export/pdf/")) == 1


def test_a_pdf_that_the_operator_refuses_is_told_on_the_line(priced, operator, manager):
    operator.fail(400, "/export/pdf/", body={"detail": "Not yet answered."})
    response = started(manager, priced)
    assert response.status_code == 422
    assert "Not yet answered." in text(response)
    assert "Portal-Command" in response


def test_a_pdf_is_started_by_post_only_and_of_an_offer_that_exists(priced, manager, reader):
    assert manager.get(f"/lines/{priced.pk}/pdf/").status_code == 405
    assert manager.post(f"/lines/{priced.pk}/offers/none/pdf/", {"nonce": nonce()}).status_code == 404
    assert reader.post(f"/lines/{priced.pk}/pdf/", {"nonce": nonce()}).status_code == 403
    assert manager.post(f"/lines/{priced.pk}/pdf/").status_code == 422


def test_a_file_in_the_making_is_followed_and_then_offered(reader, people):
    line = a_line()
    job = ExportJob.objects.create(kind="line_pdf", state="running", actor=people["manager"], line=line)
    asking = r'id="line-documents" data-poll hx-get="/_/lines/[^"]+" hx-trigger="load delay:1s'
    assert re.search(asking, text(page(reader, line)))
    ExportJob.objects.filter(pk=job.pk).update(state="ready", size=5, ready_at=timezone.now())
    html = text(reader.get(f"/_/lines/{line.pk}/documents?n=1"))
    assert "hx-get" not in html
    assert f'href="/exports/{job.pk}/file"' in html

"""The journal as pages: the list, one action, taking it back, and settling what readings could not."""

import re

import pytest

from quotes.models import Command, Event
from quotes.services import decisions, lines, reconciler
from tests.cast import nonce
from tests.pages.browsing import FOUR_WAYS, hidden, main, rows, text
from tests.pages.mirrors import a_line

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ENGLISH = {"Accept-Language": "en-gb"}


@pytest.fixture
def line(operator):
    """A priced line, at the operator and here."""
    basket_id = operator.world.draft(external_id="A")
    fields = {"product_offering_qualification_item_id": "q", "end_customer_name": "Ar Men"}
    fields |= {"site_connection_type": "fibre", "product_offerings": ["2173"]}
    line_id = operator.world.add_line(basket_id, fields)["id"]
    operator.world.confirm(basket_id)
    operator.world.price(line_id, "2173", "2175")
    prices = operator.shapes.priced(operator.world.lines[line_id]["offers"])
    line = a_line(id=line_id, prices=prices)
    type(line.basket).objects.filter(pk=line.basket_id).update(remote_id=basket_id)
    return line


def accept(line, actor) -> Command:
    offer = line.offers.get(product_id="2173")
    return decisions.accept(actor=actor, nonce=nonce(), offer=offer, fingerprint=offer.fingerprint)


@pytest.fixture
def recorded(operator, line, manager) -> Command:
    operator.fail(503, "/quote_item/", method="GET", times=99)
    return accept(line, manager)


@pytest.fixture
def uncertain(operator, line, manager) -> Command:
    operator.fail("reset", "/accept/")
    return accept(line, manager)


@pytest.fixture
def parked(operator, uncertain) -> Command:
    """The operator shows neither before nor after."""
    operator.world.lines[uncertain.line.remote_id]["state"] = "expired"
    return reconciler.reconcile(uncertain.pk)


@pytest.fixture
def gap(operator, line, manager) -> Command:
    operator.fail("reset", "/accept/", after=True)
    return reconciler.reconcile(accept(line, manager).pk)


def settle(client, command, **fields):
    return client.post(f"/commands/{command.pk}/resolve/", {"outcome": "happened", "note": "I rang them", **fields})


def test_the_page_of_an_action_carries_the_marks_of_the_contract(uncertain, as_):
    marks = main(as_("auditor").get(f"/commands/{uncertain.pk}/"))
    assert marks == {
        "kind": "command", "id": str(uncertain.pk), "remote-id": "", "state": "uncertain",
        "command-state": "uncertain",
    }  # fmt: skip


def test_a_gap_and_the_order_ids_are_marked(gap, line, operator, manager, as_):
    assert main(as_("sales").get(f"/commands/{gap.pk}/"))["gap"] == "order_ids"
    settle(as_("manager"), gap, product_order_id="PO-9", product_order_item_id="POI-9")
    page = as_("sales").get(f"/commands/{gap.pk}/")
    assert "gap" not in main(page)
    assert 'data-order-id="PO-9"' in text(page)
    assert 'data-order-item-id="POI-9"' in text(page)


def test_the_page_tells_what_was_sent_by_whom_and_the_request_to_quote(uncertain, as_):
    page = text(as_("auditor").get(f"/commands/{uncertain.pk}/"))
    assert '<span data-value-of="product_id">2173</span>' in page
    assert "Manager Le Goff" in page
    assert f'data-copy="{uncertain.pk.hex}"' in page
    assert f'href="/lines/{uncertain.line_id}/"' in page


def test_the_request_to_quote_is_what_the_operator_was_sent(uncertain, operator):
    assert operator.sent("PATCH", "/accept/")[0]["headers"]["X-Request-ID"].startswith(uncertain.pk.hex)


def test_the_words_of_a_refusal_stand_beside_its_status(operator, line, manager, as_):
    operator.fail(422, "/decline/", body={"comment": ["Trop court <b>"]})
    offer = line.offers.get(product_id="2173")
    command = decisions.decline(actor=manager, nonce=nonce(), offer=offer, comment="no")
    page = as_("sales").get(f"/commands/{command.pk}/")
    assert main(page)["command-state"] == "refused"
    assert "Trop court &lt;b&gt;" in page.content.decode()
    assert "HTTP 422" in text(page)


def test_an_edit_shows_the_value_that_it_replaces(manager, as_):
    line = a_line(note="avant")
    about = {"basket": line.basket, "line": line, "actor": manager, "nonce": nonce()}
    command = Command.objects.create(kind="update_line", params={"note": "après"}, before={"note": "avant"}, **about)
    page = text(as_("sales").get(f"/commands/{command.pk}/"))
    assert re.search(r"<s[^>]*>avant</s> → <span[^>]*>après</span>", page)


def test_a_pending_action_asks_again_until_it_moved_and_then_comes_anew(uncertain, operator, as_):
    client, address = as_("sales"), f"/commands/{uncertain.pk}/"
    assert f'hx-get="{address}?seen=uncertain&n=1" hx-trigger="load delay:2s' in text(client.get(address))
    still = client.get(f"{address}?seen=uncertain&n=6", headers=HTMX)
    assert (still.status_code, "delay:5s" in text(still)) == (200, True)
    assert "hx-get" not in text(client.get(f"{address}?seen=uncertain&n=37", headers=HTMX))
    operator.world.lines[uncertain.line.remote_id]["state"] = "expired"
    reconciler.reconcile(uncertain.pk)
    moved = client.get(f"{address}?seen=uncertain&n=7", headers=HTMX)
    assert (moved.status_code, moved["HX-Redirect"]) == (204, address)
    assert "hx-get" not in text(client.get(address)).split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("headers", FOUR_WAYS)
def test_the_list_is_a_page_or_its_fragment(headers, uncertain, as_):
    response = as_("auditor").get("/commands/", headers=headers)
    assert ("<main" in text(response)) is (headers != HTMX)
    [row] = rows(response, "command")
    assert (row["id"], row["command-state"]) == (str(uncertain.pk), "uncertain")


def test_the_list_is_filtered_by_state_kind_basket_and_line(uncertain, as_):
    other = a_line()
    client, basket = as_("sales"), uncertain.basket_id
    for query, found in [
        ("state=uncertain", 1), ("state=done", 0), ("state=done&state=uncertain", 1), ("state=frozen", 0),
        ("kind=accept", 1), ("kind=decline", 0), (f"basket={basket}", 1), (f"basket={other.basket_id}", 0),
        (f"line={uncertain.line_id}", 1), (f"line={other.pk}", 0),
    ]:  # fmt: skip
        assert len(rows(client.get(f"/commands/?{query}"), "command")) == found, query


@pytest.mark.parametrize("query", ["basket=nonsense", "line=1", "kind=%00"])
def test_an_unreadable_filter_is_told_at_its_field_and_shows_no_row(query, uncertain, as_):
    response = as_("sales").get(f"/commands/?{query}")
    assert response.status_code == 422
    assert not rows(response, "command")
    assert f'data-field="{query.split("=")[0]}"' in text(response)


def test_the_list_asks_the_database_as_often_for_many_actions_as_for_one(manager, as_, django_assert_max_num_queries):
    for _ in range(12):
        line = a_line()
        about = {"basket": line.basket, "line": line, "actor": manager, "nonce": nonce()}
        Command.objects.create(kind="update_line", state="done", **about)
    client = as_("manager")
    with django_assert_max_num_queries(8):
        client.get("/commands/")


def test_what_was_not_sent_yet_is_taken_back(recorded, operator, as_):
    client, address = as_("sales2"), f"/commands/{recorded.pk}/withdraw/"
    assert f'action="{address}"' in text(client.get(f"/commands/{recorded.pk}/"))
    response = client.post(address)
    assert (response.status_code, response["Location"]) == (303, f"/commands/{recorded.pk}/")
    assert main(client.get(f"/commands/{recorded.pk}/"))["command-state"] == "withdrawn"
    assert Event.objects.get(kind="command_withdrawn").actor.username == "sales2"
    assert client.post(address).status_code == 409
    assert client.get(address).status_code == 405
    assert not operator.sent("PATCH", "/accept/")


def test_what_was_sent_is_not_taken_back(uncertain, as_):
    page = text(as_("manager").get(f"/commands/{uncertain.pk}/"))
    assert "/withdraw/" not in page
    assert as_("manager").post(f"/commands/{uncertain.pk}/withdraw/").status_code == 409
    assert as_("auditor").post(f"/commands/{uncertain.pk}/withdraw/").status_code == 403


def test_who_must_settle_it_sees_what_the_operator_shows(parked, as_):
    lines.refresh(parked.line)
    html = as_("manager").get(f"/commands/{parked.pk}/", headers={"Accept-Language": "en-gb"}).content.decode()
    shown = html.split('id="shown-t"')[1].split("</section>")[0]
    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", shown)[0] == ("Line", "Expired")
    assert 'value="not_happened"' in html


def test_a_person_says_that_it_happened_with_the_order_ids(parked, as_):
    assert parked.state == "needs_person"
    response = settle(as_("manager2"), parked, product_order_id="PO-7", product_order_item_id="POI-7")
    parked.refresh_from_db()
    assert (response.status_code, response["Location"]) == (303, f"/commands/{parked.pk}/")
    assert (parked.state, parked.reason, parked.gap) == ("done", "by_person", "")
    assert parked.result == {"product_order_id": "PO-7", "product_order_item_id": "POI-7"}
    told = Event.objects.get(kind="resolved")
    assert (told.actor.username, told.data["note"], told.data["outcome"]) == ("manager2", "I rang them", "happened")


def test_without_the_order_ids_the_gap_stays_open_until_somebody_knows_them(parked, as_):
    settle(as_("admin"), parked)
    parked.refresh_from_db()
    assert (parked.state, parked.gap) == ("done", "order_ids")
    settle(as_("manager"), parked, product_order_id="PO-7", product_order_item_id="POI-7")
    parked.refresh_from_db()
    assert (parked.gap, parked.result["product_order_id"]) == ("", "PO-7")
    assert Event.objects.filter(kind="resolved").count() == 2


def test_a_person_says_that_it_did_not_happen_and_the_line_may_be_decided_again(parked, operator, as_, manager):
    assert settle(as_("manager"), parked, outcome="not_happened").status_code == 303
    parked.refresh_from_db()
    assert (parked.state, parked.reason) == ("not_applied", "by_person")
    operator.world.lines[parked.line.remote_id]["state"] = "ready"
    type(parked.line).objects.filter(pk=parked.line_id).update(state="ready")
    parked.line.offers.update(state="ready")
    assert accept(type(parked.line).objects.get(), manager).state == "done"


def test_only_one_of_two_people_settles_it(parked, as_):
    assert settle(as_("manager"), parked).status_code == 303
    second = settle(as_("manager2"), parked, outcome="not_happened")
    parked.refresh_from_db()
    assert (second.status_code, parked.state) == (409, "done")
    assert Event.objects.filter(kind="resolved").count() == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"note": ""}, "note"), ({"outcome": ""}, "outcome"), ({"outcome": "perhaps"}, "outcome")],
)
def test_settling_wants_an_outcome_and_a_reason(fields, name, parked, as_):
    response = settle(as_("manager"), parked, **{"note": "typed before", **fields})
    parked.refresh_from_db()
    assert (response.status_code, parked.state) == (422, "needs_person")
    assert f'data-field="{name}"' in text(response)
    assert ("typed before" in text(response)) is (name != "note")


def test_the_ids_of_a_gap_are_wanted_both(gap, as_):
    response = settle(as_("manager"), gap, product_order_id="PO-1")
    gap.refresh_from_db()
    assert (response.status_code, gap.gap) == (422, "order_ids")
    assert 'data-field="product_order_item_id"' in text(response)


def test_an_order_that_is_known_cannot_be_undone_nor_its_ids_replaced(operator, line, manager, gap, as_):
    assert settle(as_("manager"), gap, outcome="not_happened").status_code == 409
    settle(as_("manager"), gap, product_order_id="PO-1", product_order_item_id="POI-1")
    again = settle(as_("manager2"), gap, product_order_id="PO-2", product_order_item_id="POI-2")
    gap.refresh_from_db()
    assert (again.status_code, gap.state) == (409, "done")
    assert gap.result == {"product_order_id": "PO-1", "product_order_item_id": "POI-1"}


def test_settling_is_for_managers_and_administrators(parked, as_):
    assert settle(as_("sales"), parked).status_code == 403
    assert settle(as_("auditor"), parked).status_code == 403
    assert "/resolve/" not in text(as_("sales").get(f"/commands/{parked.pk}/"))
    assert as_("manager").get(f"/commands/{parked.pk}/resolve/").status_code == 405


def test_what_is_still_being_read_is_not_settled_by_hand(uncertain, as_):
    assert "/resolve/" not in text(as_("manager").get(f"/commands/{uncertain.pk}/"))
    assert settle(as_("manager"), uncertain).status_code == 409


def test_the_form_of_the_page_is_enough_to_settle_a_gap(gap, as_):
    client, address = as_("manager"), f"/commands/{gap.pk}/resolve/"
    fields = hidden(client.get(f"/commands/{gap.pk}/"), address)
    ids = {"product_order_id": "PO-1", "product_order_item_id": "POI-1", "note": "by mail"}
    assert client.post(address, fields | ids).status_code == 303


@pytest.mark.parametrize("state", ["recorded", "uncertain", "parked", "gap"])
def test_an_open_action_says_what_comes_next_and_what_not_to_do(state, request, as_):
    command = request.getfixturevalue(state)
    page = text(as_("sales").get(f"/commands/{command.pk}/", headers=ENGLISH))
    assert "What comes next" in page
    assert "What not to do" in page

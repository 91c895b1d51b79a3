"""The history as a page and as a file: filtered, never edited."""

import pytest
import time_machine

from quotes.models import Command, Event
from quotes.services import baskets, comments, lines
from quotes.templatetags.history import event_words
from tests.cast import COMPLETE, nonce
from tests.pages.browsing import FOUR_WAYS, csv_rows, rows, text
from tests.pages.mirrors import PRICES, a_basket, a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    """What is found and priced by the synchronisation."""
    return a_line(reference="QO_1")


@pytest.fixture
def declined(line, manager) -> Command:
    about = {"basket": line.basket, "line": line, "actor": manager}
    command = Command.objects.create(kind="decline", state="done", nonce=nonce(), **about)
    Event.add("command_done", command=command, command_kind="decline", **about)
    return command


def found(client, query="") -> int:
    return len(rows(client.get(f"/activity/?{query}"), "event"))


@pytest.mark.parametrize("headers", FOUR_WAYS)
def test_the_history_is_a_page_or_its_fragment(headers, declined, as_):
    response = as_("auditor").get("/activity/", headers=headers)
    assert ("<main" in text(response)) is (headers != {"HX-Request": "true"})
    assert len(rows(response, "event")) == Event.objects.count()
    assert f'href="/commands/{declined.pk}/"' in text(response)


def test_it_is_filtered_by_kind_person_basket_and_line(declined, line, as_):
    elsewhere = a_basket()
    client = as_("sales")
    for query, count in [
        ("kind=commands", 1), ("kind=prices", 1), ("kind=found", 3), ("kind=command_done", 1), ("kind=odd", 0),
        ("person=manager", 1), ("person=Le+Goff", 1), ("person=nobody", 0), ("person=synchronisation", 4),
        (f"basket={line.basket_id}", 4), (f"basket={elsewhere.pk}", 1), (f"line={line.pk}", 3),
    ]:  # fmt: skip
        assert found(client, query) == count, query


def test_dates_bound_it_and_a_bare_date_is_its_first_moment_in_paris(as_):
    for moment in ("2026-04-22T21:59:00Z", "2026-04-22T22:01:00Z"):  # midnight in Paris lies between
        with time_machine.travel(moment, tick=False):
            a_basket()
    client = as_("sales")
    assert (found(client, "from=2026-04-23"), found(client, "to=23/04/2026"), found(client)) == (1, 1, 2)


@pytest.mark.parametrize("query", ["from=tomorrow", "to=2026-13-01", "basket=x", "line=x", "person=%00"])
def test_an_unreadable_filter_shows_nothing_and_makes_no_file(query, declined, as_):
    page, file = as_("sales").get(f"/activity/?{query}"), as_("sales").get(f"/activity.csv?{query}")
    assert (page.status_code, file.status_code) == (422, 422)
    assert not rows(page, "event")
    assert f'data-field="{query.split("=")[0]}"' in text(page)
    assert "Content-Disposition" not in file


def test_a_changed_price_is_shown_before_and_after(as_):
    line = a_line(id="l-9", reference="QO_9")
    a_line(line.basket, id="l-9", reference="QO_9", prices=[{**PRICES[0], "monthly_price": 129.9}])
    page = text(as_("sales").get("/activity/?kind=prices"))
    assert "119,90" in page
    assert "129,90" in page


def test_an_edit_is_shown_before_and_after(line, manager, as_):
    about = {"basket": line.basket, "line": line, "actor": manager}
    values = {"params": {"note": "après"}, "before": {"note": "avant"}}
    command = Command.objects.create(kind="update_line", nonce=nonce(), **values, **about)
    Event.add("command_recorded", command=command, command_kind="update_line", **about)
    assert "<s>avant</s> → après" in text(as_("sales").get("/activity/"))


def test_the_history_asks_the_database_as_often_for_many_events_as_for_one(
    declined, as_, django_assert_max_num_queries
):
    for number in range(12):
        a_line(reference=f"QO_2{number}")
    client = as_("manager")
    with django_assert_max_num_queries(8):
        client.get("/activity/")


def test_the_file_says_who_did_what_on_what_and_defuses_names(line, declined, as_):
    Event.add("resolved", actor=declined.actor, line=line, command=declined, outcome="happened", note="x")
    type(line.basket).objects.filter(pk=line.basket_id).update(external_id="=1+1")
    response = as_("auditor").get("/activity.csv?kind=commands", headers={"Accept-Language": "en-gb"})
    head, row = csv_rows(response)
    told = dict(zip(head, row, strict=True))
    assert (told["kind"], told["what"], told["person"]) == ("command_done", "Offer declined", "Manager Le Goff")
    assert (told["basket"], told["line"], told["command_id"]) == ("'=1+1", "QO_1", str(declined.pk))
    assert response["Content-Disposition"].startswith('attachment; filename="activity-')
    assert csv_rows(as_("auditor").get("/activity.csv?format=fr"), ";")[0] == head


def test_nothing_there_can_be_posted(declined, as_):
    assert as_("admin").post("/activity/").status_code == 405
    assert '<form method="post"' not in text(as_("admin").get("/activity/")).split("<main")[1]


def test_each_of_ten_actions_is_there_with_its_person_and_its_result(operator, sales, manager, as_):
    at = operator.world
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="TEN", project_id="").basket
    line = lines.add(actor=sales, nonce=nonce(), basket=basket, fields=COMPLETE).line
    baskets.update(actor=sales, nonce=nonce(), basket=basket, changes={"project_id": "P"}, before={"project_id": ""})
    lines.update(actor=sales, nonce=nonce(), line=line, changes={"note": "n"}, before={"note": ""})
    comments.add(actor=manager, nonce=nonce(), about=line, text="looks good")
    comments.write_note(actor=sales, about=line, text="kept here", seen=comments.digest(""))
    baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    at.price(line.remote_id, "2173", "2174")
    lines.refresh(line)
    seen = {offer.product_id: offer.fingerprint for offer in line.offers.all()}
    for kind, product in (("decline", "2173"), ("restore", "2173"), ("accept", "2174")):
        as_("manager").post(
            f"/lines/{line.pk}/offers/{product}/{kind}/", {"nonce": nonce(), "fingerprint": seen[product]}
        )
    done = "create_basket add_line update_basket update_line confirm_basket decline restore accept".split()
    told = {event.data["command_kind"]: event for event in Event.objects.filter(kind="command_done")}
    assert sorted(told) == sorted(done)
    answer = as_("auditor").get("/activity/?page_size=100")
    page, shown = text(answer), rows(answer, "event")
    for event in [*told.values(), *Event.objects.filter(kind__in=("commented", "note_changed"))]:
        assert str(event.pk) in {row["id"] for row in shown}
        assert event.actor_name in page
        assert event_words(event) in page

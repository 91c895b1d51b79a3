"""How people arrange the lists: saved views and chosen columns, without ever losing filter, sort or page."""

import re
from urllib.parse import urlencode

import pytest
from django.utils.translation import override

from quotes.forms.columns import COLUMNS
from quotes.models import SavedView
from tests.pages.browsing import rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
QUERY = "state=ready&sort=-validity_date&columns=reference%2Cone_off"


def save(client, name="Brest", query=QUERY, noun="lines", **fields):
    return client.post(f"/views/new/?{urlencode({'list': noun, 'query': query})}", {"name": name, **fields})


def tabs(client, path="/lines/") -> dict[str, str]:
    """What stands in the tabs and their menu, to where it leads."""
    links = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>([^<]*)', tab_bar(client, path))
    return {label.strip(): href for href, label in links}


def tab_bar(client, path) -> str:
    return re.search(r'<nav class="tabs".*?</nav>', text(client.get(path)), re.S)[0]


def heads(response, noun="lines") -> list[str]:
    """The names of the columns that a list shows; the pages of these tests are French."""
    head = re.search(r"<thead>.*?</thead>", text(response), re.S)[0]
    with override("fr"):
        names = {str(column.label): column.name for column in COLUMNS[noun]}
    return [names[label.strip()] for label in re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', head)]


def test_a_saved_view_is_a_tab_that_leads_to_the_same_rows_in_the_same_order(as_):
    late, early = a_line(validity_date="2026-06-02"), a_line(validity_date="2026-06-01")
    a_line(state="expired")
    client = as_("sales")
    answer = save(client, query=f"{QUERY}&page=3&project_id=&next=//evil")
    assert (answer.status_code, answer["Location"]) == (303, f"/lines/?{QUERY}")
    assert tabs(client)["Brest"] == f"?{QUERY}"
    assert [row["id"] for row in rows(client.get(answer["Location"]), "line")] == [str(late.pk), str(early.pk)]


def test_the_view_that_is_open_is_the_marked_one_alone(as_):
    client = as_("sales")
    a_line()
    save(client)
    bar = tab_bar(client, f"/lines/?{QUERY}&page=1")
    assert re.findall(r'aria-current="page">([^<]+)', bar) == ["Brest"]


def test_a_colleague_sees_a_shared_view_with_its_owner_and_no_private_one(as_):
    save(as_("sales"), "Mine")
    save(as_("sales"), "Ours", query=f"q=b&{QUERY}", is_shared="on")
    html = text(as_("manager").get("/lines/"))
    assert "Ours <span>Sales Le Goff</span>" in html
    assert "Mine" not in tabs(as_("manager"))
    change = f'href="/views/{SavedView.objects.get(name="Ours").pk}/"'
    assert [change in text(as_(who).get(f"/lines/?{QUERY}&q=b")) for who in ("manager", "sales")] == [False, True]
    assert as_("manager").get(f"/views/{SavedView.objects.get(name='Mine').pk}/").status_code == 404


def test_a_view_is_renamed_unshared_and_deleted_by_its_owner_alone(as_):
    save(as_("sales"), is_shared="on")
    view = SavedView.objects.get()
    place = f"/views/{view.pk}/"
    assert as_("manager").post(place, {"name": "Taken over"}).status_code == 403
    assert as_("manager").post(f"{place}delete/").status_code == 403
    assert as_("sales").post(place, {"name": "Finistère"}).status_code == 303
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Finistère", False)
    assert as_("sales").post(f"{place}delete/")["Location"] == "/lines/"
    assert not SavedView.objects.exists()


def test_a_name_is_used_once_and_the_form_keeps_what_was_typed(as_):
    save(as_("sales"))
    answer = save(as_("sales"), is_shared="on")
    assert (answer.status_code, SavedView.objects.count()) == (422, 1)
    assert 'data-field="name"' in text(answer)
    assert 'value="Brest"' in text(answer)
    assert save(as_("sales2")).status_code == 303


def test_an_auditor_saves_for_themselves_and_shares_nothing(as_):
    assert save(as_("auditor"), "Mine").status_code == 303
    assert save(as_("auditor"), "Ours", is_shared="on").status_code == 403


def test_views_that_do_not_fit_side_by_side_stay_in_the_menu(as_):
    client = as_("sales")
    for n in range(9):
        save(client, f"View {n}", query=f"q=v{n}", noun="baskets")
    found = tabs(client, "/baskets/")
    assert {f"View {n}": f"?q=v{n}" for n in range(9)}.items() <= found.items()
    assert "?" in found.values()


def test_chosen_columns_are_shown_and_the_filter_sort_and_page_stay(as_):
    basket = a_basket()
    for _ in range(30):
        a_line(basket, business_sector="Health")
    client, query = as_("sales"), "state=ready&sort=reference&page=2&columns=state"
    before = [row["id"] for row in rows(client.get(f"/lines/?{query}"), "line")]
    answer = client.post(f"/lines/columns/?{query}", {"columns": ["reference", "business_sector"]})
    assert answer["Location"] == "/lines/?state=ready&sort=reference&page=2"
    page = client.get(answer["Location"])
    assert heads(page) == ["end_customer_name", "reference", "business_sector"]
    assert [row["id"] for row in rows(page, "line")] == before
    assert heads(as_("manager").get("/lines/"))[1:3] == ["end_customer_name", "basket"]


def test_columns_in_the_address_go_before_those_of_the_person(as_):
    a_line()
    client = as_("sales")
    client.post("/lines/columns/", {"columns": ["state"]})
    assert heads(client.get("/lines/?columns=one_off,nonsense,person")) == ["end_customer_name", "one_off", "person"]
    assert 'href="/lines.csv?columns=one_off%2Cperson"' in text(client.get("/lines/?columns=one_off,person"))


def test_no_column_chosen_brings_the_usual_ones_back(as_):
    a_basket()
    client = as_("sales")
    usual = heads(client.get("/baskets/"), "baskets")
    client.post("/baskets/columns/", {"columns": ["project_id"]})
    assert heads(client.get("/baskets/"), "baskets") == ["external_id", "project_id"]
    client.post("/baskets/columns/", {})
    assert heads(client.get("/baskets/"), "baskets") == usual
    assert client.post("/baskets/columns/", {"columns": ["password"]}).status_code == 422


@pytest.mark.parametrize("noun", ["lines", "baskets"])
def test_every_column_can_be_shown_at_once_and_asks_nothing_more(as_, noun, django_assert_max_num_queries):
    for _ in range(3):
        a_line(business_sector="Health", expected_response_date="2026-04-23", quote_date="2026-04-20T10:00:00Z")
    client, names = as_("sales"), ",".join(column.name for column in COLUMNS[noun])
    save(client, noun=noun)
    client.get("/")  # where the message about it is told
    with django_assert_max_num_queries(8):
        page = client.get(f"/{noun}/?columns={names}")
    assert len(heads(page, noun)) == len(COLUMNS[noun])
    cells = re.findall(r"<tr data-kind.*?</tr>", text(page), re.S)[0]
    assert len(re.findall(r'<t[dh](?! class="pick")', cells)) == len(COLUMNS[noun])

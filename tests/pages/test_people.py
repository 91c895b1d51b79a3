"""The administrators' pages: who may come in, and as what; what they change holds at once and stands in the history."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from quotes.models import Event
from quotes.services.permissions import ROLES, rights
from quotes.services.words import ROLES as NAMED
from tests.pages.browsing import hidden, main, rows, text

pytestmark = pytest.mark.django_db

GOOD = "quinze arbres sous la pluie"
NEW = {"username": "yann", "first_name": "Yann", "last_name": "Tanguy", "role": "sales"}
KEPT = {"first_name": "Sales2", "last_name": "Le Goff", "role": "sales", "is_active": "on"}


@pytest.fixture
def admin(as_):
    return as_("admin")


@pytest.fixture
def sales2(people):
    return people["sales2"]


def save(client, person, **fields):
    url = f"/people/{person.pk}/"
    sent = KEPT | {"first_name": person.first_name} | fields
    return client.post(url, hidden(client.get(url), url) | {name: v for name, v in sent.items() if v is not None})


def set_password(client, person, first=GOOD, second=GOOD):
    return client.post(f"/people/{person.pk}/password/", {"new_password1": first, "new_password2": second})


def add(client, **fields):
    return client.post("/people/new/", NEW | {"password1": GOOD, "password2": GOOD} | fields)


def is_in(client) -> bool:
    return client.get("/baskets/").status_code == 200


def told() -> list:
    return list(Event.objects.filter(kind__startswith="person_").order_by("id"))


def test_every_role_has_a_name_on_the_pages():
    assert set(NAMED) == set(ROLES)


def test_the_list_shows_everybody_with_role_and_last_login(admin, people):
    User.objects.filter(username="sales").update(is_active=False)
    page = admin.get("/people/")
    found = {row["id"]: row["state"] for row in rows(page, "person")}
    assert found == {str(p.pk): "inactive" if p.username == "sales" else "active" for p in people.values()}
    assert rows(page, "person")[-1]["id"] == str(people["sales"].pk)
    assert "Administrat" in text(page)


def test_the_list_takes_no_more_queries_for_more_people(admin, people, django_assert_max_num_queries):
    User.objects.bulk_create(User(username=f"p{n}") for n in range(20))
    with django_assert_max_num_queries(8):
        admin.get("/people/")


def test_the_way_there_is_shown_to_administrators_only(as_):
    assert 'href="/people/"' in text(as_("admin").get("/"))
    assert 'href="/people/"' not in text(as_("manager").get("/"))


@pytest.mark.parametrize("name", ["sales", "manager", "auditor"])
def test_nobody_else_learns_which_accounts_there_are(name, as_, sales2):
    client = as_(name)
    paths = ["/people/", "/people/new/", f"/people/{sales2.pk}/", "/people/999999/", f"/people/{sales2.pk}/password/"]
    assert {client.get(path).status_code for path in paths} == {403}
    assert {client.post(path).status_code for path in paths} == {403}


@pytest.mark.parametrize("pk", ["999999", "9" * 30])
def test_a_person_who_does_not_exist_is_not_found(pk, admin):
    assert admin.get(f"/people/{pk}/").status_code == 404


def test_a_new_person_can_log_in_with_the_rights_of_the_role(admin):
    response = add(admin, role="manager")
    yann = User.objects.get(username="yann")
    assert (response.status_code, response["Location"]) == (303, f"/people/{yann.pk}/")
    client = Client()
    client.post("/login/", {"login": "yann", "password": GOOD})
    assert is_in(client)
    assert "accept" in rights(yann)


def test_a_new_person_is_told_in_the_history_without_the_password(admin, people):
    add(admin)
    [event] = told()
    assert (event.kind, event.actor) == ("person_added", people["admin"])
    assert event.data["after"] == {"name": "Yann Tanguy", "role": "sales", "active": True}
    assert GOOD not in str(event.data)
    assert "Yann Tanguy" in text(admin.get("/activity/?kind=people"))


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("username", {"username": ""}),
        ("username", {"username": "SALES"}),
        ("username", {"username": "with space"}),
        ("username", {"username": "y" * 151}),
        ("role", {"role": ""}),
        ("role", {"role": "superuser"}),
        ("password2", {"password2": "something else entirely"}),
        ("password2", {"password1": "too short", "password2": "too short"}),
        (
            "password2",
            {"username": "yann.tanguy.2026", "password1": "yann.tanguy.2026", "password2": "yann.tanguy.2026"},
        ),
        ("first_name", {"first_name": "nul\0"}),
    ],
)
def test_what_does_not_do_is_said_at_its_field_and_nobody_is_added(field, changed, admin):
    before = User.objects.count()
    response = add(admin, **changed)
    assert response.status_code == 422
    assert f'data-field="{field}"' in text(response)
    assert 'value="Tanguy"' in text(response)
    assert User.objects.count() == before
    assert not told()


def test_an_empty_form_is_refused_as_a_form(admin):
    assert admin.post("/people/new/").status_code == 422


def test_a_change_is_kept_and_told_as_it_was_and_is(admin, people, sales2):
    response = save(admin, sales2, last_name="Kerdoncuff", role="manager")
    assert (response.status_code, response["Location"]) == (303, f"/people/{sales2.pk}/")
    [event] = told()
    assert (event.kind, event.actor, event.data["person"]) == ("person_changed", people["admin"], sales2.pk)
    assert event.data["before"] == {"name": "Sales2 Le Goff", "role": "sales", "active": True}
    assert event.data["after"] == {"name": "Sales2 Kerdoncuff", "role": "manager", "active": True}
    assert "Sales2 Kerdoncuff" in text(admin.get(f"/people/{sales2.pk}/"))


def test_saving_without_a_change_tells_nothing(admin, sales2):
    assert save(admin, sales2).status_code == 303
    assert not told()


def test_a_stale_page_does_not_take_back_what_another_administrator_saved(admin, sales2):
    url = f"/people/{sales2.pk}/"
    stale = hidden(admin.get(url), url)
    save(admin, sales2, role="auditor")
    response = admin.post(url, stale | KEPT | {"last_name": "Mine"})
    assert response.status_code == 409
    assert 'value="Mine"' in text(response)
    assert rights(User.objects.get(pk=sales2.pk)) == frozenset()


def test_a_lost_role_is_lost_at_the_next_press(admin, as_, people):
    manager = as_("manager2")
    assert manager.post("/sync/run/").status_code == 303
    save(admin, people["manager2"], role="auditor")
    assert manager.post("/sync/run/").status_code == 403
    assert is_in(manager)


def test_who_may_no_longer_log_in_is_out_at_once(admin, as_, sales2):
    client = as_("sales2")
    assert is_in(client)
    save(admin, sales2, is_active=None)
    assert client.get("/baskets/")["Location"] == "/login/?next=/baskets/"
    assert main(admin.get(f"/people/{sales2.pk}/"))["state"] == "inactive"


def test_who_may_no_longer_log_in_cannot_come_in_again(admin, sales2):
    set_password(admin, sales2)
    save(admin, sales2, is_active=None)
    client = Client()
    assert client.post("/login/", {"login": "sales2", "password": GOOD}).status_code == 422
    assert not is_in(client)


def test_a_new_password_ends_the_sessions_and_lets_in(admin, as_, people, sales2):
    old = as_("sales2")
    assert is_in(old)
    assert set_password(admin, sales2).status_code == 303
    assert not is_in(old)
    new = Client()
    new.post("/login/", {"login": "sales2", "password": GOOD})
    assert is_in(new)
    [event] = told()
    assert (event.kind, event.actor, event.data["person"]) == ("person_password", people["admin"], sales2.pk)
    assert GOOD not in str(event.data)


@pytest.mark.parametrize(("first", "second"), [(GOOD, "another one entirely"), ("too short", "too short"), ("", "")])
def test_a_password_that_does_not_do_changes_nothing(first, second, admin, as_, sales2):
    client = as_("sales2")
    assert set_password(admin, sales2, first, second).status_code == 422
    assert is_in(client)
    assert not told()


def test_an_own_password_is_changed_where_the_old_one_is_asked(admin, people):
    assert (
        "<form" not in text(admin.get(f"/people/{people['admin'].pk}/password/")).split("<main")[1].split("</main")[0]
    )
    assert set_password(admin, people["admin"]).status_code == 409
    assert is_in(admin)


def test_nobody_shuts_oneself_out(admin, people):
    User.objects.create_superuser("root", password=GOOD)
    response = save(admin, people["admin"], role="admin", is_active=None)
    assert response.status_code == 422
    assert 'data-field="is_active"' in text(response)
    assert is_in(admin)
    assert not told()


def test_the_last_administrator_keeps_the_role(admin, people):
    User.objects.create_superuser("root", password=GOOD, is_active=False)
    response = save(admin, people["admin"], role="sales")
    assert response.status_code == 422
    assert 'data-field="role"' in text(response)
    assert "people" in rights(User.objects.get(username="admin"))
    assert not told()


def test_one_of_two_administrators_may_give_the_role_away(admin, people):
    save(admin, people["manager2"], role="admin")
    assert save(admin, people["admin"], role="sales").status_code == 303
    assert admin.get("/people/").status_code == 403


def test_a_superuser_is_an_administrator_until_another_role_is_given(admin):
    root = User.objects.create_superuser("root", password=GOOD, first_name="Root", last_name="Le Goff")
    assert 'value="admin" selected' in text(admin.get(f"/people/{root.pk}/"))
    assert save(admin, root, role="auditor").status_code == 303
    assert rights(User.objects.get(pk=root.pk)) == frozenset()


def test_somebody_without_a_role_is_not_given_one_by_accident(admin):
    nobody = User.objects.create(username="nobody", first_name="No", last_name="Body")
    url = f"/people/{nobody.pk}/"
    assert "selected" not in text(admin.get(url)).split("<main")[1].replace('value="" selected', "")
    response = admin.post(url, hidden(admin.get(url), url) | {"first_name": "No", "role": "", "is_active": "on"})
    assert response.status_code == 422
    assert not nobody.groups.exists()

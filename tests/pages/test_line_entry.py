"""Lines typed at speed: a duplicate, the recovery copy of a form, what is said before the operator is asked."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from quotes.models import Draft, Line
from quotes.services import drafts
from tests.cast import QUALIFICATION
from tests.pages.browsing import fill, of_main_form, text

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Anne Kermadec", "email_address": "anne@example.org"}
TYPED = {
    "product_offering_qualification_item_id": QUALIFICATION,
    "external_id": "MINE-1",
    "end_customer_name": "Ar Men",
    "business_code": "BC-9",
    "note": "by the yard",
    "product_offerings": ["2173", "2175"],
    "related_contact_information-0-name": CONTACT["name"],
    "related_contact_information-0-email_address": CONTACT["email_address"],
}


@pytest.fixture
def line(basket, as_):
    response = fill(as_("sales"), f"/baskets/{basket.pk}/lines/new/", **TYPED)
    return Line.objects.get(pk=response["Location"].split("/")[2])


def test_a_duplicate_carries_everything_but_what_belongs_to_one_line_only(line, basket, as_, operator):
    address = f"/baskets/{basket.pk}/lines/new/?copy={line.pk}"
    client = as_("sales2")
    assert f'href="{address}"' in text(client.get(f"/lines/{line.pk}/"))
    assert f'href="{address}"' in text(client.get(f"/baskets/{basket.pk}/"))
    html = text(client.get(address))
    assert 'value="BC-9"' in html and "by the yard" in html and 'value="2175"' in html
    assert f'value="{CONTACT["email_address"]}"' in html
    assert QUALIFICATION not in html and 'value="MINE-1"' not in html


def test_a_line_of_another_basket_is_copied_too_and_nothing_is_for_an_unreadable_id(line, as_, operator):
    response = fill(as_("sales"), "/baskets/new/", external_id="OTHER")
    address = f"{response['Location']}lines/new/"
    assert 'value="Ar Men"' in text(as_("sales").get(f"{address}?copy={line.pk}"))
    assert as_("sales").get(f"{address}?copy=%00x").status_code == 200


def test_a_wrong_address_is_marked_in_its_own_field_of_its_own_contact(basket, as_, operator):
    wrong = "related_contact_information-1-email_address"
    response = fill(as_("sales"), f"/baskets/{basket.pk}/lines/new/", **TYPED | {wrong: "nobody"})
    assert response.status_code == 422
    html = text(response)
    assert html.count('aria-invalid="true"') == 1
    assert f'name="{wrong}" value="nobody" type="email" autocomplete="off" aria-invalid="true"' in html
    assert f'href="#id_{wrong}"' in html


def post_copy(client, place, **fields):
    return client.post("/_/drafts/", fields | {"place": place})


def test_a_recovery_copy_is_offered_again_to_its_owner_alone(basket, as_, operator):
    place, client = f"/baskets/{basket.pk}/lines/new/", as_("sales")
    said = post_copy(
        client, place, end_customer_name="Half a cust", option_ids=["GTR", "VLAN"], nonce="n", note="é\n<b>"
    )
    assert said.status_code == 200 and said["Content-Type"].startswith("text/plain")
    assert 'href="?draft=1"' in text(client.get(place)) and "Half a cust" not in text(client.get(place))
    resumed = text(client.get(f"{place}?draft=1"))
    assert (
        'value="Half a cust"' in resumed
        and 'value="VLAN"' in resumed
        and "é\n&lt;b&gt;" in client.get(f"{place}?draft=1").content.decode()
    )
    for path in (place, f"{place}?draft=1"):
        assert "Half a cust" not in text(as_("sales2").get(path)) and 'href="?draft=1"' not in text(
            as_("sales2").get(path)
        )


def test_saving_deletes_the_copy_and_a_late_one_of_the_same_page_is_not_kept(basket, as_, operator):
    place, client = f"/baskets/{basket.pk}/lines/new/", as_("sales")
    fields = of_main_form(client.get(place).content.decode()) | TYPED
    post_copy(client, place, **fields)
    assert client.post(place, fields).status_code == 303
    post_copy(client, place, **fields)
    assert not Draft.objects.exists()


def test_a_line_without_its_qualification_id_is_kept_here_as_a_copy_without_any_script(basket, as_, operator):
    place, client = f"/baskets/{basket.pk}/lines/new/", as_("sales")
    assert fill(client, place, end_customer_name="No id yet").status_code == 422
    assert not operator.sent("POST", "/quote_item/$")
    assert f"{place}?draft=1" in text(client.get(f"/baskets/{basket.pk}/"))
    assert 'value="No id yet"' in text(client.get(f"{place}?draft=1"))
    assert client.post("/_/drafts/discard/", {"place": place})["Location"] == place
    assert "draft=1" not in text(client.get(place))


def test_a_resumed_edit_still_notices_that_the_line_moved(line, as_, operator):
    place, client = f"/lines/{line.pk}/edit/", as_("sales")
    seen = of_main_form(client.get(place).content.decode())["seen"]
    post_copy(client, place, **TYPED | {"seen": seen, "note": "mine"})
    operator.world.lines[line.remote_id]["note"] = "theirs"
    client.post(f"/lines/{line.pk}/refresh/")
    fields = of_main_form(client.get(f"{place}?draft=1").content.decode()) | TYPED | {"note": "mine"}
    assert fields["seen"] == seen
    assert client.post(place, fields).status_code == 409


def test_a_copy_holds_no_secret_is_not_huge_and_is_of_a_page_of_ours(as_, operator):
    client = as_("sales")
    post_copy(client, "/baskets/new/", external_id="E", nonce="n1", password="hush", csrfmiddlewaretoken="t")
    assert Draft.objects.get().fields == {"external_id": ["E"]}
    assert post_copy(client, "/baskets/new/", external_id="x" * 70_000).status_code == 413
    assert post_copy(client, "https://example.org/").status_code == 404
    assert client.post("/_/drafts/discard/", {"place": "//example.org"}).status_code == 404
    assert post_copy(as_("auditor"), "/baskets/new/", external_id="E").status_code == 403


def test_copies_go_after_thirty_days(as_, people):
    for days, place in ((31, "/baskets/new/"), (29, "/lines/")):
        Draft.objects.create(user=people["sales"], place=place)
        Draft.objects.filter(place=place).update(saved_at=timezone.now() - timedelta(days=days))
    drafts.expire_old()
    assert [draft.place for draft in Draft.objects.all()] == ["/lines/"]


def test_a_contact_of_a_past_line_is_offered_with_the_rest_of_it(line, basket, as_):
    cache.clear()
    html = text(as_("sales2").get(f"/baskets/{basket.pk}/lines/new/"))
    assert f'<option value="{CONTACT["name"]}" data-email_address="{CONTACT["email_address"]}">' in html


def test_a_reference_that_is_taken_is_told_while_it_is_typed_and_stands_in_nobodys_way(basket, as_, operator):
    client = as_("sales")
    ask = "/_/baskets/named?external_id="
    assert f'href="/baskets/{basket.pk}/"' in text(client.get(f"{ask}ext123"))
    assert "href" not in text(client.get(f"{ask}ext123&but={basket.pk}"))
    assert "href" not in text(client.get(ask)) and "href" not in text(client.get(f"{ask}%00"))
    assert fill(client, "/baskets/new/", external_id="EXT123").status_code == 303


def test_lines_of_a_note_stay_lines_on_the_page(basket, as_):
    response = fill(as_("sales"), f"/baskets/{basket.pk}/lines/new/", **TYPED | {"note": "one\r\ntwo"})
    assert '<span data-value-of="note">one\ntwo</span>' in text(as_("sales").get(response["Location"]))


def test_who_is_logged_out_while_typing_comes_back_to_the_form_and_its_copy(basket, as_, operator):
    place, client = f"/baskets/{basket.pk}/lines/new/", as_("sales")
    fields = of_main_form(client.get(place).content.decode()) | TYPED
    post_copy(client, place, **fields)
    client.logout()
    assert post_copy(client, place, **fields | {"note": "too late"}).status_code == 302
    answer = client.post(place, fields)
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={place}")
    assert 'href="?draft=1"' in text(as_("sales").get(place))
    assert "by the yard" in text(as_("sales").get(f"{place}?draft=1"))

"""Lines typed at speed: a duplicate, the recovery copy of a form, what is said before the operator is asked."""

import pytest

from quotes.models import Basket, Line
from tests.cast import QUALIFICATION
from tests.pages.browsing import text
from tests.pages.test_basket_pages import fill

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
def basket(operator, as_):
    response = fill(as_("sales"), "/baskets/new/", external_id="EXT123", project_id="FLASH")
    return Basket.objects.get(pk=response["Location"].split("/")[2])


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

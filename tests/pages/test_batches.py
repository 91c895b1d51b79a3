"""Pages of the batches: how far, what failed and why, stop and go on."""

import pytest

from quotes.models import Event
from quotes.services import baskets, batches
from tests.cast import nonce
from tests.pages.browsing import FOUR_WAYS, text
from tests.services.test_batches import outcomes, rows, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(operator, sales):
    basket = baskets.create(actor=sales, nonce=nonce(), external_id="A").basket
    return batches.make(
        actor=sales,
        kind="import",
        nonce=nonce(),
        basket=basket,
        name="sites.xlsx",
        items=[
            *rows(1),
            {"state": "invalid", "fields": {"end_customer_name": "Dupont"}, "errors": {"": ["incomplete"]}},
        ],
    )


@pytest.mark.parametrize("way", FOUR_WAYS)
def test_the_page_tells_how_far_it_is_and_what_was_not_done(batch, as_, way):
    page = as_("auditor").get(f"/batches/{batch.pk}/", headers=way)
    assert "0 sur 2 faites" in text(page)
    assert "encore quelque chose" in text(page)
    assert ("<main" in text(page)) == (way != {"HX-Request": "true"})


def test_the_list_asks_the_database_no_more_for_more_batches(batch, as_, django_assert_max_num_queries, sales):
    for _ in range(4):
        batches.make(actor=sales, kind="pdf", nonce=nonce(), items=[{}])
    client = as_("auditor")
    with django_assert_max_num_queries(8):
        page = client.get("/batches/")
    assert text(page).count('data-kind="batch"') == 5


def test_stop_and_go_on_are_forms_of_those_who_may_write(batch, as_):
    assert as_("auditor").post(f"/batches/{batch.pk}/stop/").status_code == 403
    client = as_("sales2")
    assert client.post(f"/batches/{batch.pk}/stop/").status_code == 303
    assert client.post(f"/batches/{batch.pk}/stop/").status_code == 409
    assert "Reprendre" in text(client.get(f"/batches/{batch.pk}/"))
    assert client.post(f"/batches/{batch.pk}/resume/").status_code == 303
    assert Event.objects.filter(kind="batch_stopped", actor__username="sales2").exists()


def test_an_asking_page_becomes_the_whole_page_when_the_state_moved(batch, as_):
    client = as_("sales")
    batch.items.filter(position=1).delete()
    run()
    assert outcomes(batch) == ["invalid"]
    answer = client.get(f"/batches/{batch.pk}/?seen=running&n=1", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/batches/{batch.pk}/"


def test_only_what_was_not_done_can_be_shown(batch, as_):
    page = text(as_("sales").get(f"/batches/{batch.pk}/?show=failed"))
    assert "Dupont" in page
    assert page.count('data-kind="batch-item"') == 1

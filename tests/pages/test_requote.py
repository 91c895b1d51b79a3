"""The page that asks lines again: what it lists, what it starts, and what it refuses."""

import pytest

from quotes.models import Batch, Line
from tests.pages.browsing import of_main_form, rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(people):
    basket = a_basket(state="finalized")
    states = ("expired", "unable_to_provide", "accepted")
    return [a_line(basket, state=state, trace_file="old.kmz" if state == "expired" else "") for state in states]


def address(lines) -> str:
    return "/requote/?" + "&".join(f"line={line.pk}" for line in lines)


def test_the_page_shows_what_travels_and_what_stays_away(failed, as_, django_assert_max_num_queries):
    client = as_("sales")
    with django_assert_max_num_queries(14):
        page = client.get(address(failed))
    assert [row["id"] for row in rows(page, "line")] == [str(line.pk) for line in failed[:2]]
    assert f'name="trace" value="{failed[0].pk}" checked' in text(page)
    assert f'name="trace" value="{failed[1].pk}"' not in text(page)
    assert 'value="FLASH-1-2"' in text(page) and 'value="FLASH"' in text(page)
    assert f'href="/lines/{failed[2].pk}/"' in text(page)


def test_sending_it_starts_one_batch_however_often(failed, as_):
    client = as_("sales")
    fields = of_main_form(client.get(address(failed[:2])).content.decode())
    fields |= {"line": [str(line.pk) for line in failed[:2]], "external_id": "NEXT", "project_id": ""}
    first, second = client.post("/requote/", fields), client.post("/requote/", fields)
    batch = Batch.objects.get()
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"] == f"/batches/{batch.pk}/"
    assert [(item.fields["act"], item.line_id) for item in batch.items.all()] == [
        ("basket", None), ("line", failed[0].pk), ("line", failed[1].pk),
    ]  # fmt: skip
    assert client.get(first["Location"]).status_code == 200


def test_it_is_refused_to_who_may_not_and_for_a_line_that_moved(failed, as_):
    fields = {"line": [str(failed[0].pk)], "nonce": "n1"}
    assert as_("auditor").post("/requote/", fields).status_code == 403
    assert "<form" not in text(as_("auditor").get(address(failed))).split("<main")[1].split("</main")[0]
    Line.objects.filter(pk=failed[0].pk).update(state="ready")
    assert as_("sales").post("/requote/", fields).status_code == 409
    assert not Batch.objects.exists()


def test_what_is_typed_wrongly_comes_back_with_the_choices(failed, as_):
    fields = {"line": [str(line.pk) for line in failed[:2]], "external_id": "x" * 61, "nonce": "n2"}
    page = as_("sales").post("/requote/", fields)
    assert page.status_code == 422
    assert 'data-field="external_id"' in text(page) and "x" * 61 in text(page)
    assert f'name="trace" value="{failed[0].pk}">' in text(page)


@pytest.mark.parametrize("query", ["", "?line=", "?line=%00", "?line=none&line=7"])
def test_no_line_at_all_is_told_in_words(query, as_):
    assert as_("sales").get(f"/requote/{query}").status_code == 200


def test_the_pages_of_basket_and_line_lead_here(failed, as_):
    assert (
        f"{address(failed[:2])}".replace("&", "&amp;")
        in as_("sales").get(f"/baskets/{failed[0].basket_id}/").content.decode()
    )
    assert f'href="{address(failed[:1])}"' in text(as_("sales").get(f"/lines/{failed[0].pk}/"))
    assert "/requote/" not in text(as_("sales").get(f"/lines/{failed[2].pk}/"))
    assert "/requote/" not in text(as_("auditor").get(f"/lines/{failed[0].pk}/"))

"""Many lines at once, as pages: what is chosen, the check page, and the batch it makes."""

import io
import re
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from quotes.models import Batch, Command, ExportJob, Line
from tests.cast import nonce
from tests.pages.browsing import csv_rows, hidden, rows, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
CHECK = "/batches/new/"


def check(client, kind, *lines, **query):
    return client.get(CHECK, {"kind": kind, "line": [str(line.pk) for line in lines], **query})


def send(client, page, **typed):
    return client.post(CHECK, hidden(page, CHECK) | typed)


def shown(page) -> list[str]:
    form = re.search(rf'<form method="post" action="{CHECK}".*?</form>', text(page), re.S)
    return re.findall(r'<li data-kind="line" data-id="([^"]+)"', form[0]) if form else []


def test_the_rows_of_a_list_can_be_ticked_without_a_script(as_):
    lines = [a_line(), a_line()]
    html = text(as_("sales").get("/lines/"))
    form = re.search(r'<form class="choosing".*?</form>', html, re.S)[0]
    assert set(re.findall(r'name="line" value="([^"]+)"', form)) == {str(line.pk) for line in lines}
    assert re.findall(r'<option value="(\w+)"', form) == ["pdf", "zip", "csv", "requote"]
    assert "formaction" not in form


def test_one_row_is_not_chosen_from_and_an_auditor_only_gets_the_csv(as_):
    a_line()
    assert 'class="choosing"' not in text(as_("sales").get("/lines/"))
    a_line()
    html = text(as_("auditor").get("/lines/"))
    assert re.findall(r'<option value="(\w+)"', re.search(r'<form class="choosing".*?</form>', html, re.S)[0]) == [
        "csv"
    ]


def test_all_that_match_are_those_of_the_filter_and_not_of_the_page(as_):
    basket = a_basket()
    wanted = {str(a_line(basket, project_id="P").pk) for _ in range(27)}
    a_line(basket, project_id="Q")
    client = as_("sales")
    html = text(client.get("/lines/?project_id=P&page=2&columns=state"))
    query = re.search(r'name="query" value="([^"]*)"', html)[1]
    page = client.get(CHECK, {"kind": "pdf", "rows": "all", "query": query, "line": str(Line.objects.last().pk)})
    assert set(shown(page)) == wanted


@pytest.mark.parametrize(
    "query", ["", "line=", "line=nonsense", "rows=all&query=validity_date_lt%3Dlast%20tuesday", "kind=wrong"]
)
def test_nothing_chosen_is_never_everything(as_, query):
    a_line()
    page = as_("sales").get(f"{CHECK}?{query}")
    assert (page.status_code, shown(page)) == (422, [])


def test_the_check_page_of_pdfs_lists_what_is_asked_and_what_is_left_out(as_):
    priced, draft = a_line(), a_line(state="acknowledged")
    page = check(as_("sales"), "pdf", priced, draft)
    assert shown(page) == [str(priced.pk)]
    assert f'href="/lines/{draft.pk}/"' in text(page)
    answer = send(as_("sales"), page)
    batch = Batch.objects.get()
    assert (answer.status_code, answer["Location"], batch.kind) == (303, f"/batches/{batch.pk}/", "pdf")
    assert [item.line for item in batch.items.all()] == [priced]
    assert send(as_("sales"), page)["Location"] == answer["Location"]
    assert Batch.objects.count() == 1


def test_declining_many_lists_each_open_offer_with_its_price_and_keeps_it(as_, sales):
    open_line, accepted, held = a_line(), a_line(state="accepted"), a_line()
    Command.objects.create(kind="restore", state="uncertain", nonce=nonce(), actor=sales, line=held, basket=held.basket)
    client = as_("manager")
    page = check(client, "decline", open_line, accepted, held)
    assert shown(page) == [str(open_line.pk)]
    assert "119,90" in text(page)
    send(client, page, comment="too dear")
    item = Batch.objects.get().items.get()
    assert item.batch.detail == {"comment": "too dear", "motive": ""}
    assert (item.line, item.product_id) == (open_line, "2173")
    assert item.fields == {"fingerprint": open_line.offers.get().fingerprint}


def test_who_may_not_decline_gets_no_form_and_is_refused(as_):
    line = a_line()
    page = check(as_("sales"), "decline", line)
    assert (page.status_code, shown(page)) == (200, [])
    assert as_("sales").post(CHECK, {"kind": "decline", "nonce": nonce()}).status_code == 403
    assert as_("auditor").post(CHECK, {"kind": "pdf"}).status_code == 403


@pytest.mark.parametrize("chosen", ["", "12", "12:", "x:y", "12:abc"])
def test_a_form_that_names_no_offer_is_answered_again(as_, chosen):
    a_line()
    answer = as_("manager").post(CHECK, {"kind": "decline", "nonce": nonce(), "chosen": chosen, "comment": "kept"})
    assert (answer.status_code, Batch.objects.count()) == (422, 0)


def test_what_was_typed_is_kept_when_it_is_refused(as_):
    client = as_("manager")
    page = check(client, "decline", a_line())
    answer = send(client, page, comment="x" * 2001)
    assert answer.status_code == 422
    assert "x" * 2001 in text(answer)
    assert 'data-field="comment"' in text(answer)


def test_the_csv_of_chosen_lines_holds_those_alone(as_):
    one, _other = a_line(), a_line()
    answer = check(as_("auditor"), "csv", one)
    assert answer.status_code == 302
    table = csv_rows(as_("auditor").get(answer["Location"]))
    assert [row[1] for row in table[1:]] == [one.reference]
    assert csv_rows(as_("auditor").get("/lines.csv?line=nonsense"))[1:] == []


def test_asking_again_is_another_page_that_shows_the_same_lines(as_):
    basket = a_basket()
    lines = [a_line(basket, state="expired") for _ in range(3)]
    client = as_("sales")
    answer = check(client, "requote", *lines[:2])
    assert len(answer["Location"]) < 150
    html = text(client.get(answer["Location"]))
    assert [str(line.pk) in html for line in lines] == [True, True, False]


def test_a_list_of_chosen_lines_says_how_many_in_one_chip(as_):
    lines = [a_line() for _ in range(3)]
    page = as_("sales").get("/lines/", {"line": [line.pk for line in lines[:2]]})
    assert len(rows(page, "line")) == 2
    assert re.findall(r'<a class="chip" href="([^"]+)"', text(page)) == ["?#results-t"]


def test_the_zip_waits_for_the_files_and_then_has_them(as_, sales):
    line = a_line()
    send(as_("sales"), check(as_("sales"), "zip", line))
    batch = Batch.objects.get()
    place, client = f"/batches/{batch.pk}/files.zip", as_("auditor")
    assert client.get(place).status_code == 409
    command = Command.objects.create(kind="export_line_pdf", state="done", nonce=nonce(), actor=sales, line=line)
    job = ExportJob.objects.create(kind="line_pdf", state="running", actor=sales, line=line, command=command)
    batch.items.update(state="done", command=command)
    Batch.objects.update(state="done")
    assert client.get(place).status_code == 409
    assert "data-poll" in text(client.get(f"/_/batches/{batch.pk}/files"))
    job.file.save("x", ContentFile(b"%PDF-1.4 body"), save=False)
    job.state, job.ready_at = "ready", timezone.now()
    job.save()
    assert f'href="{place}"' in text(client.get(f"/batches/{batch.pk}/"))
    answer = client.get(place)
    assert answer["Content-Disposition"].startswith('attachment; filename="lines-')
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.read(f"{line.reference}.pdf") == b"%PDF-1.4 body"


def test_the_queue_as_a_list_can_be_chosen_from_and_means_the_queue(as_):
    basket = a_basket()
    ready = [a_line(basket) for _ in range(26)]
    a_line(basket, state="confirmed")
    client = as_("manager")
    html = text(client.get("/review/?view=list"))
    assert len(re.findall(r'name="line" value="', html)) == 25
    page = client.get(
        CHECK, {"kind": "decline", "rows": "all", "query": re.search(r'name="query" value="([^"]*)"', html)[1]}
    )
    assert set(shown(page)) == {str(line.pk) for line in ready}
    assert 'name="query"' not in text(client.get(f"/review/?view=list&basket={basket.pk}"))


def test_the_lines_of_a_basket_can_be_chosen_once_it_is_confirmed(as_):
    draft, priced = a_basket(state="acknowledged"), a_basket()
    for basket, state in ((draft, "acknowledged"), (priced, "ready")):
        a_line(basket, state=state), a_line(basket, state=state)
    client = as_("manager")
    assert 'class="choosing"' not in text(client.get(f"/baskets/{draft.pk}/"))
    assert 'class="choosing"' in text(client.get(f"/baskets/{priced.pk}/"))


def test_the_check_page_of_a_thousand_lines_asks_as_little_as_that_of_one(as_, django_assert_max_num_queries):
    basket = a_basket()
    lines = [a_line(basket) for _ in range(40)]
    client = as_("manager")
    with django_assert_max_num_queries(12):
        check(client, "decline", *lines)

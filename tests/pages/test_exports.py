"""Exports: asked for by forms, followed live, downloaded from what is kept here."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quotes.models import Event, ExportJob
from quotes.services import exports
from quotes.sync.connection import connect
from tests.cast import nonce
from tests.operator.server import CSV, PDF
from tests.pages.browsing import FOUR_WAYS, hidden, main, rows, text
from tests.pages.mirrors import a_line
from tests.pictures.test_paint import a_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(operator):
    """A line that the operator knows too."""
    basket_id = operator.world.draft(external_id="A")
    line_id = operator.world.add_line(basket_id, {"product_offering_qualification_item_id": "q"})["id"]
    line = a_line(id=line_id)
    type(line.basket).objects.filter(pk=line.basket_id).update(remote_id=basket_id)
    return line


@pytest.fixture
def job(line, sales) -> ExportJob:
    return exports.line_pdf(actor=sales, nonce=nonce(), line=line).export


@pytest.fixture
def csv_job(operator, sales) -> ExportJob:
    return exports.csv(actor=sales, nonce=nonce(), filters={"state": "ready"}).export


def look(job: ExportJob, operator, times: int = 2) -> ExportJob:
    """What the beat does, until the operator has finished."""
    for _ in range(times):
        job.refresh_from_db()
        if job.state == "running":
            exports.poll(connect(), job)
    job.refresh_from_db()
    return job


def test_the_operators_csv_is_asked_for_with_what_was_filled_in(operator, as_):
    client = as_("sales")
    page = client.get("/lines/export/?state=ready&project_id=FLASH")
    assert 'value="FLASH"' in text(page)
    assert '<option value="ready" selected>' in text(page)
    fields = hidden(page, "/lines/export/") | {"state": "ready", "project_id": "FLASH", "reference": " "}
    response = client.post("/lines/export/", fields)
    job = ExportJob.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/exports/{job.pk}/")
    assert response["Portal-Command"] == str(job.command_id)
    assert json.loads(operator.sent("POST", "/export/csv/")[0]["body"]) == {"project_id": "FLASH", "state": "ready"}


def test_a_state_that_nobody_documented_is_offered_and_sent_as_it_came(operator, as_):
    client = as_("sales")
    page = client.get("/lines/export/?state=on_hold")
    assert '<option value="on_hold" selected>on_hold</option>' in text(page)
    client.post("/lines/export/", hidden(page, "/lines/export/") | {"state": "on_hold"})
    assert ExportJob.objects.get().filters == {"state": "on_hold"}


def test_the_same_form_twice_is_one_export(operator, as_):
    client = as_("sales")
    fields = hidden(client.get("/lines/export/"), "/lines/export/")
    first, second = client.post("/lines/export/", fields), client.post("/lines/export/", fields)
    assert first["Location"] == second["Location"]
    assert first["Portal-Command"] == second["Portal-Command"]
    assert len(operator.sent("POST", "/export/csv/")) == 1


def test_a_refusal_of_the_operator_comes_back_at_the_field(operator, as_):
    operator.fail(400, "/export/csv/", body={"state": ["Unknown state."]})
    client = as_("sales")
    fields = hidden(client.get("/lines/export/"), "/lines/export/") | {"state": "odd", "project_id": "FLASH"}
    response = client.post("/lines/export/", fields)
    assert response.status_code == 422
    assert "Unknown state." in text(response)
    assert 'data-field="state"' in text(response)
    assert 'value="FLASH"' in text(response)


def test_the_portals_own_formats_lead_to_its_csv(as_):
    client = as_("sales")
    fields = hidden(client.get("/lines/export/"), "/lines/export/") | {"format": "fr", "state": "ready"}
    response = client.post("/lines/export/", fields)
    assert (response.status_code, response["Location"]) == (303, "/lines.csv?state=ready&format=fr")
    assert not ExportJob.objects.exists()


def test_an_auditor_gets_the_portals_csv_by_a_form_that_only_reads(as_):
    page = text(as_("auditor").get("/lines/export/"))
    assert 'method="get" action="/lines.csv"' in page
    assert 'value="operator"' not in page
    assert as_("auditor").post("/lines/export/", {"nonce": nonce()}).status_code == 403


@pytest.mark.parametrize("headers", FOUR_WAYS)
def test_the_list_is_a_page_or_its_fragment(headers, job, as_):
    response = as_("auditor").get("/exports/", headers=headers)
    is_fragment = headers == {"HX-Request": "true"}
    assert ("<main" in text(response)) is not is_fragment
    assert "HX-Request" in response["Vary"]
    [row] = rows(response, "export")
    assert (row["id"], row["state"], row["remote-id"]) == (str(job.pk), "running", job.task_id)


def test_the_list_of_mine_leaves_out_the_exports_of_others(job, as_):
    assert rows(as_("sales").get("/exports/?mine=1"), "export")
    assert not rows(as_("sales2").get("/exports/?mine=1"), "export")


def test_the_list_asks_the_database_as_often_for_many_exports_as_for_one(
    line, manager, as_, django_assert_max_num_queries
):
    for number in range(12):
        about = {"line": line, "product_id": "2173"} if number % 2 else {}
        kind = "offer_pdf" if about else "csv"
        ExportJob.objects.create(kind=kind, state="failed", actor=manager, reason="failed_there", **about)
    client = as_("manager")
    client.get("/exports/")
    with django_assert_max_num_queries(8):
        client.get("/exports/")


def test_a_running_row_asks_again_with_growing_delay_and_ends_by_itself(job, operator, as_):
    client, address = as_("sales"), f"/_/exports/{job.pk}/row"
    assert "delay:1s" in text(client.get(address))
    assert "delay:10s" in text(client.get(f"{address}?n=25"))
    assert "hx-get" not in text(client.get(f"{address}?n=55"))
    look(job, operator)
    assert "hx-get" not in text(client.get(address))
    assert f"/exports/{job.pk}/file" in text(client.get(address))


def test_a_page_that_is_watched_comes_anew_when_the_export_ended(job, operator, as_):
    client, headers = as_("sales"), {"HX-Request": "true"}
    page = client.get(f"/exports/{job.pk}/")
    assert main(page) == {"kind": "export", "id": str(job.pk), "remote-id": job.task_id, "state": "running"}
    assert f'hx-get="/exports/{job.pk}/?n=1' in text(page)
    assert client.get(f"/exports/{job.pk}/?n=1", headers=headers).status_code == 200
    look(job, operator)
    ended = client.get(f"/exports/{job.pk}/?n=2", headers=headers)
    assert (ended.status_code, ended["HX-Redirect"]) == (204, f"/exports/{job.pk}/")
    assert main(client.get(f"/exports/{job.pk}/"))["state"] == "ready"


def test_there_is_no_file_before_the_end(job, as_):
    response = as_("sales").get(f"/exports/{job.pk}/file")
    assert (response.status_code, main(response)["state"]) == (409, "running")
    assert "Content-Disposition" not in response


def test_the_pdf_of_a_line_is_named_by_its_reference(job, operator, line, as_):
    look(job, operator)
    response = as_("auditor").get(f"/exports/{job.pk}/file")
    assert (response.status_code, response.content, response["Content-Type"]) == (200, PDF, "application/pdf")
    assert response["Content-Disposition"].startswith(f'attachment; filename="{line.reference}.pdf"')


def test_the_pdf_of_an_offer_is_named_by_reference_and_product(line, operator, sales, as_):
    job = exports.offer_pdf(actor=sales, nonce=nonce(), line=line, product_id="2173").export
    ExportJob.objects.filter(pk=job.pk).update(product_id='21/73";x')
    look(job, operator)
    header = as_("sales").get(f"/exports/{job.pk}/file")["Content-Disposition"]
    assert header.startswith(f'attachment; filename="{line.reference}-21_73__x.pdf"; ')


def test_the_operators_csv_is_defused_unless_the_original_is_asked_for(csv_job, operator, as_):
    look(csv_job, operator)
    client = as_("sales")
    safe = client.get(f"/exports/{csv_job.pk}/file")
    assert safe.content.decode() == "\ufeffreference,end_customer_name\r\nQO_1,'=1+1\r\n"
    assert safe["Content-Disposition"].startswith(f'attachment; filename="lines-{timezone.localdate():%Y-%m-%d}.csv"')
    assert client.get(f"/exports/{csv_job.pk}/file?original=1").content == CSV


def test_a_file_that_is_not_what_was_asked_is_a_failure_and_gone(csv_job, operator, as_):
    operator.fail(200, "/download/", body=PDF, headers={"Content-Type": "application/pdf"})
    assert look(csv_job, operator).state == "failed"
    page = as_("sales").get(f"/exports/{csv_job.pk}/", headers={"Accept-Language": "en-gb"})
    assert main(page)["state"] == "failed"
    assert "not the file that was asked" in text(page)
    assert as_("sales").get(f"/exports/{csv_job.pk}/file").status_code == 410


def test_a_failed_export_is_asked_for_again_once_by_one_form(csv_job, operator, as_):
    ExportJob.objects.filter(pk=csv_job.pk).update(state="failed", reason="failed_there")
    client, address = as_("sales2"), f"/exports/{csv_job.pk}/again/"
    fields = hidden(client.get("/exports/"), address)
    first, second = client.post(address, fields), client.post(address, fields)
    new = ExportJob.objects.exclude(pk=csv_job.pk).get()
    assert (first.status_code, first["Location"]) == (303, f"/exports/{new.pk}/")
    assert second["Location"] == first["Location"]
    assert (new.filters, new.actor.username) == (csv_job.filters, "sales2")


def test_an_export_that_runs_is_not_asked_for_again(csv_job, as_):
    page = as_("sales").get(f"/exports/{csv_job.pk}/")
    assert "/again/" not in text(page)
    assert as_("sales").post(f"/exports/{csv_job.pk}/again/", {"nonce": nonce()}).status_code == 409
    assert as_("sales").get(f"/exports/{csv_job.pk}/again/").status_code == 405


def test_asking_again_without_a_nonce_tells_why_and_sends_nothing(csv_job, operator, as_):
    ExportJob.objects.filter(pk=csv_job.pk).update(state="failed")
    response = as_("sales").post(f"/exports/{csv_job.pk}/again/")
    assert response.status_code == 422
    assert 'data-field=""' in text(response)
    assert len(operator.sent("POST", "/export/csv/")) == 1


def test_a_file_is_removed_after_its_time_and_its_page_stays(job, operator, as_, settings):
    look(job, operator)
    kept = ExportJob.objects.get(pk=job.pk)
    path = kept.file.path
    exports.expire_old()
    assert ExportJob.objects.get(pk=job.pk).state == "ready"
    settings.SYNC = settings.SYNC | {"export_keep": 60}
    ExportJob.objects.filter(pk=job.pk).update(ready_at=timezone.now() - timedelta(seconds=61))
    exports.expire_old()
    page = as_("sales").get(f"/exports/{job.pk}/")
    assert (main(page)["state"], page.status_code) == ("expired", 200)
    assert as_("sales").get(f"/exports/{job.pk}/file").status_code == 410
    assert Event.objects.filter(kind="export_expired").count() == 1
    with pytest.raises(FileNotFoundError):
        open(path)


def test_a_file_that_was_left_behind_by_an_interruption_goes_the_next_time(job, operator):
    look(job, operator)
    ExportJob.objects.filter(pk=job.pk).update(state="expired")
    path = ExportJob.objects.get(pk=job.pk).file.path
    exports.expire_old()
    assert not ExportJob.objects.get(pk=job.pk).file
    with pytest.raises(FileNotFoundError):
        open(path)


def test_a_file_says_until_when_it_is_kept(job, operator, as_, settings):
    settings.SYNC = settings.SYNC | {"export_keep": 30 * 86400}
    look(job, operator)
    until = timezone.localdate() + timedelta(days=30)
    assert f'<time datetime="{until}">' in text(as_("sales").get("/exports/"))
    assert f'<time datetime="{until}">' in text(as_("sales").get(f"/exports/{job.pk}/"))


def test_a_finished_pdf_is_shown_as_pictures_beside_its_download(job, operator, line, as_, settings):
    operator.fail(200, "/download/", body=a_pdf(5), headers={"Content-Type": "application/pdf"})
    look(job, operator)
    client = as_("auditor")
    page = client.get(f"/exports/{job.pk}/", headers={"Accept-Language": "en-gb"})
    assert re.findall(rf'src="/exports/{job.pk}/pages/(\d)\.png"', text(page)) == ["1", "2", "3", "4"]
    assert "the first 4 of 5" in text(page)
    picture = client.get(f"/exports/{job.pk}/pages/1.png")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    assert client.get(f"/exports/{job.pk}/pages/5.png").status_code == 404
    assert f"/exports/{job.pk}/pages/1.png" in text(client.get(f"/lines/{line.pk}/"))
    settings.SYNC = settings.SYNC | {"export_keep": 60}
    ExportJob.objects.filter(pk=job.pk).update(ready_at=timezone.now() - timedelta(seconds=61))
    exports.expire_old()
    assert client.get(f"/exports/{job.pk}/pages/1.png").status_code == 404
    assert not ExportJob.objects.get(pk=job.pk).file.storage.exists(f"exports/{job.pk}.1.png")


def test_a_pdf_that_cannot_be_painted_is_still_a_file(job, operator, as_):
    assert look(job, operator).state == "ready"
    page = text(as_("sales").get(f"/exports/{job.pk}/"))
    assert "/pages/" not in page and f"/exports/{job.pk}/file" in page


def test_the_same_file_asked_for_by_another_while_it_is_made_is_one_task(job, operator, line, as_):
    client, english = as_("manager"), {"Accept-Language": "en-gb"}
    response = client.post(f"/lines/{line.pk}/pdf/", {"nonce": nonce()}, headers=english)
    assert (response.status_code, response["Location"]) == (303, f"/exports/{job.pk}/")
    assert response["Portal-Command"] == str(job.command_id)
    assert "is being made already" in text(client.get(response["Location"], headers=english))
    assert len(operator.sent("POST", "/export/pdf/")) == 1
    look(job, operator)
    assert client.post(f"/lines/{line.pk}/pdf/", {"nonce": nonce()})["Location"] != f"/exports/{job.pk}/"


def test_only_the_same_filters_are_the_same_csv(csv_job, operator, manager):
    same = exports.csv(actor=manager, nonce=nonce(), filters={"state": "ready"})
    other = exports.csv(actor=manager, nonce=nonce(), filters={"state": "expired"})
    assert same.export == csv_job
    assert other.export != csv_job
    assert len(operator.sent("POST", "/export/csv/")) == 2


def test_the_bar_counts_what_runs_and_what_is_ready_until_its_owner_saw_it(job, operator, as_, settings):
    settings.SYNC = settings.SYNC | {"export_limit": 1800}  # pages are looked at in between
    mine, another = as_("sales"), as_("sales2")
    assert 'data-exports-running="1"' in text(mine.get("/"))
    assert "data-exports-" not in text(another.get("/"))
    assert look(job, operator).state == "ready"
    assert 'data-exports-ready="1"' in text(mine.get("/baskets/"))
    another.get(f"/exports/{job.pk}/file")
    assert 'data-exports-ready="1"' in text(as_("sales").get("/"))  # another browser, another day
    assert "data-exports-" not in text(mine.get("/exports/"))
    assert "data-exports-" not in text(mine.get("/"))


def test_a_download_counts_as_seen(job, operator, as_):
    look(job, operator)
    as_("sales").get(f"/exports/{job.pk}/file")
    assert "data-exports-" not in text(as_("sales").get("/"))


def test_a_kept_file_says_whether_the_line_is_still_the_same(job, operator, line, as_):
    look(job, operator)
    address, english = f"/lines/{line.pk}/", {"Accept-Language": "en-gb"}
    assert "the line has not changed since" in text(as_("sales").get(address, headers=english))
    a_line(line.basket, id=line.remote_id, end_customer_name="Another name")
    assert "the line has not changed since" not in text(as_("sales").get(address, headers=english))


def test_every_place_with_a_csv_offers_each_kind_by_its_name(as_):
    a_line()
    client = as_("sales")
    for address in ("/lines/?state=ready", "/lines/export/?state=ready"):
        page = text(client.get(address))
        for target in ("/lines.csv?state=ready&format=fr", "/lines.csv?state=ready"):
            assert f'href="{target}"' in page, (address, target)
    assert 'href="/lines/export/?state=ready"' in text(client.get("/lines/?state=ready"))

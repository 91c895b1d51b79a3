"""Exports: started, watched, fetched."""

import csv
import io

import pytest
from pypdf import PdfReader

from tests.sandbox.operator_api import line_path


@pytest.fixture
def slow(api):
    """Exports that take a minute, as the clock of the sandbox counts."""
    api.server.set_delays(export=60)
    return api


def start(api, path: str, body=None) -> str:
    answer = api.post(path, body)
    assert (answer.status_code, list(answer.json())) == (202, ["task_id"])
    return f"quote_item/export/{answer.json()['task_id']}/"


def rows(api, **filters) -> list[dict]:
    answer = api.get(start(api, "quote_item/export/csv/", filters) + "download/")
    assert answer.headers["Content-Type"] == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def text(api, path: str) -> str:
    answer = api.get(path + "download/")
    assert answer.headers["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_a_running_export_has_no_dates_and_no_file(slow):
    export = start(slow, "quote_item/export/csv/")
    status = slow.get(export + "status/").json()
    task_id = export.split("/")[2]
    assert status == {"task_id": task_id, "success": False, "started": None, "stopped": None}
    early = slow.get(export + "download/")
    assert (early.status_code, list(early.json())) == (409, ["detail"])


def test_a_finished_export_says_so_and_stays_the_same(slow):
    export = start(slow, "quote_item/export/csv/")
    slow.server.move_clock(61)
    status = slow.get(export + "status/").json()
    assert (status["success"], status["started"] < status["stopped"]) == (True, True)
    assert slow.get(export + "download/").content == slow.get(export + "download/").content != b""


def test_a_failed_export_stops_without_success(slow):
    export = start(slow, "quote_item/export/csv/")
    slow.server.fail_export(export.split("/")[2])
    status = slow.get(export + "status/").json()
    assert (status["success"], status["stopped"] is not None) == (False, True)
    assert slow.get(export + "download/").status_code == 404


def test_the_letter_of_a_line_tells_all_offers_in_french(api):
    basket, line = api.priced(end_customer_name="Crêperie & <Fils>")
    letter = text(api, start(api, f"{line_path(basket, line)}export/pdf/"))
    for words in (line["reference"], "Crêperie & <Fils>", "FTTO 100 Mb/s", "FTTO 1 Gb/s", "Frais d'accès", "€"):
        assert words in letter


def test_the_letter_of_an_offer_tells_that_one_only(api):
    basket, line = api.priced()
    letter = text(api, start(api, f"{line_path(basket, line)}price/2188/export/pdf/"))
    assert "FTTO 1 Gb/s" in letter
    assert "FTTO 100 Mb/s" not in letter


def test_the_letter_of_an_impossible_line_says_so(api):
    basket, line = api.priced(note="[unable]")
    assert "ne peut pas être raccordé" in text(api, start(api, f"{line_path(basket, line)}export/pdf/"))


def test_an_offer_that_was_not_made_has_no_letter(api):
    basket, line = api.priced()
    assert api.post(f"{line_path(basket, line)}price/9999/export/pdf/").status_code == 404


def test_a_line_without_answer_has_no_letter(api):
    basket, line = api.draft()
    answer = api.post(f"{line_path(basket, line)}export/pdf/")
    assert (answer.status_code, list(answer.json())) == (409, ["detail"])
    assert api.post(f"{line_path(basket, line)}price/2173/export/pdf/").status_code == 409


def test_a_letter_takes_no_field(api):
    basket, line = api.priced()
    answer = api.post(f"{line_path(basket, line)}export/pdf/", {"lang": "fr"})
    assert answer.json() == {"lang": ["Unexpected field."]}


def test_the_sheet_has_every_line_with_the_listed_names(api):
    basket = api.basket()
    api.line(basket, end_customer_name='École "A", annexe', option_ids=["x"])
    api.line(basket, end_customer_name="=1+1")
    sheet = rows(api)
    assert [row["end_customer_name"] for row in sheet] == ['École "A", annexe', "=1+1"]
    listed = api.get("quote_item/").json()["results"][0]
    assert set(sheet[0]) == set(listed)


def test_an_empty_sheet_still_has_its_head(api):
    export = start(api, "quote_item/export/csv/", {"state": "accepted"})
    assert api.get(export + "download/").text.startswith("id,end_customer_name,")


@pytest.mark.parametrize("name", ["customer_order_name", "end_customer_name", "business_sector", "project_id"])
def test_the_sheet_filters_as_the_list_does(api, name):
    basket = api.basket()
    wanted = api.line(basket, **{name: "Santé"})
    api.line(basket, **{name: "Industrie"})
    assert [row["id"] for row in rows(api, **{name: "SANTÉ"})] == [wanted["id"]]


def test_the_sheet_filters_by_reference_and_state(api):
    _, draft = api.draft()
    api.confirmed()
    assert [row["id"] for row in rows(api, state="acknowledged")] == [draft["id"]]
    assert [row["id"] for row in rows(api, reference=draft["reference"], state="acknowledged")] == [draft["id"]]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"colour": "blue"}, {"colour": ["Unexpected field."]}),
        ({"state": 3}, {"state": ["Not a valid string."]}),
    ],
)
def test_a_wrong_filter_is_refused(api, body, errors):
    answer = api.post("quote_item/export/csv/", body)
    assert (answer.status_code, answer.json()) == (400, errors)

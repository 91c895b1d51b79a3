"""A spreadsheet in the browser: with script and without, by keyboard, from the file to the batch page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from quotes.models import Batch
from tests.browser.test_every_page import AXE
from tests.faults import stage
from tests.faults.sheets import a_sheet, go_on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def basket(operator, people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return stage.draft(operator, lines=0)


def a_file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_a_refused_table_keeps_the_chosen_file_and_leads_to_its_error(at_desk, basket):
    sales = at_desk("sales")
    sales.go(f"/baskets/{basket.pk}/import/")
    sales.page.set_input_files("#id_file", a_file("sites.xls", b"<html><table></table></html>"))
    sales.page.locator("#import-form button.primary").press("Enter")
    sales.page.wait_for_selector(".errors h2:focus")
    assert sales.page.evaluate("document.querySelector('#id_file').files.length") == 1
    assert sales.page.title().startswith("Error")
    assert Axe().run(sales.page, options=AXE).response["violations"] == []


@pytest.mark.parametrize("scripted", [True, False])
def test_from_the_file_to_the_last_line(at_desk, basket, operator, scripted):
    sales = at_desk("sales", java_script_enabled=scripted)
    data, bad = a_sheet(12, bad=2)
    sales.go(f"/baskets/{basket.pk}/import/")
    sales.page.set_input_files("#id_file", a_file("sites.xlsx", data))
    sales.press()
    assert sales.path.endswith("/columns/")
    sales.page.locator("#map button.primary").click()
    sales.page.wait_for_url("**/check/")
    wrong = sales.page.locator("#cells input[id^=cell-]")
    assert wrong.count() == len(bad) == 2
    for number in range(2):
        wrong.nth(number).fill({"expected_response_date": "30/04/2026"}.get(_target(wrong.nth(number)), "Q-1"))
    with sales.page.expect_navigation():
        sales.page.locator("#cells button.btn").click()
    assert not operator.sent("POST", "/quote_item/$")
    sales.page.locator("form[action$='/start/'] button.primary").click()
    sales.page.wait_for_url("**/batches/**")
    go_on()
    assert Batch.objects.get().state == "done"
    assert len(operator.sent("POST", "/quote_item/$")) == 12
    assert not sales.complaints


def _target(cell) -> str:
    return cell.get_attribute("name").split("-", 2)[2]

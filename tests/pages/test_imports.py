"""A spreadsheet on its way into a draft basket: nothing surprises, nothing is sent before the start, nothing twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quotes.models import Batch, BatchItem, Command, Line
from quotes.services import importing, lines
from quotes.spreadsheets import read_table
from quotes.views.import_facts import Checked
from tests.cast import COMPLETE, QUALIFICATION, nonce
from tests.faults import stage
from tests.faults.sheets import go_on
from tests.pages.browsing import FOUR_WAYS, csv_rows, hidden, main, text
from tests.spreadsheets.files import workbook

pytestmark = pytest.mark.django_db
HEAD = ["Client final", "Id qualification", "Votre référence", "Réponse souhaitée", "Offre 1", "Offre 2", "E-mail"]


@pytest.fixture
def as_(as_british):
    return as_british


@pytest.fixture
def basket(operator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return stage.draft(operator, lines=0)


def a_row(number: int, **changes) -> list:
    row = {
        "customer": f"École {number}",
        "id": QUALIFICATION,
        "ref": f"ECO-{number:04}",
        "day": "30/04/2026",
        "offer": "2173",
        "more": "2175",
        "mail": f"a{number}@example.org",
    }
    return [*(row | changes).values()]


def upload(client, basket, data, name="sites.xlsx", query=""):
    address = f"/baskets/{basket.pk}/import/"
    fields = hidden(client.get(address), address)
    return client.post(address + query, fields | {"file": SimpleUploadedFile(name, data)})


def columns_of(page) -> dict[str, str]:
    """The selects as the page shows them, with what is chosen."""
    found = re.findall(r'<select name="(column-\d+)".*?</select>', text(page), re.S)
    html = text(page)
    chosen = {}
    for name in found:
        select = re.search(rf'<select name="{name}".*?</select>', html, re.S)[0]
        chosen[name] = next(iter(re.findall(r'<option value="([^"]*)" selected', select)), "")
    return chosen


def mapped(client, basket, data, name="sites.xlsx", **fields):
    """Upload, and take the columns as they are guessed: the batch, and the answer of the second step."""
    response = upload(client, basket, data, name)
    assert response.status_code == 303, text(response)
    address = response["Location"]
    page = client.get(address)
    form = columns_of(page) | {"header": hidden(page, address)["header"]} | fields
    response = client.post(address, form)
    return Batch.objects.latest("created_at"), response


def checked(client, basket, *rows, head=HEAD, **fields):
    batch, response = mapped(client, basket, workbook(head, *rows), **fields)
    assert response["Location"] == f"/imports/{batch.pk}/check/"
    return batch, client.get(response["Location"])


def start(client, batch):
    return client.post(f"/imports/{batch.pk}/start/")


def cell(row: int, target: str) -> str:
    return f"cell-{row}-{target}"


def sent(operator) -> int:
    return len(operator.sent("POST", "/quote_item/$"))


# --- the way


def test_good_lines_are_created_with_all_that_the_table_holds(operator, basket, as_):
    client = as_("sales")
    batch, page = checked(client, basket, a_row(1), a_row(2, offer="2173; 2174 | 2176", more=""))
    assert "Create the 2 lines that are ready" in text(page)
    assert not sent(operator)
    assert start(client, batch)["Location"] == f"/batches/{batch.pk}/"
    go_on()
    batch.refresh_from_db()
    assert (batch.state, sent(operator), basket.lines.count()) == ("done", 2, 2)
    first, second = (item.command.params for item in batch.items.select_related("command"))
    assert first == {
        "end_customer_name": "École 1",
        "product_offering_qualification_item_id": QUALIFICATION,
        "external_id": "ECO-0001",
        "expected_response_date": "2026-04-30",
        "product_offerings": ["2173", "2175"],
        "related_contact_information": [{"email_address": "a1@example.org"}],
    }
    assert second["product_offerings"] == ["2173", "2174", "2176"]


def test_cells_pasted_from_a_spreadsheet_do_as_well(operator, basket, as_):
    client = as_("sales")
    address = f"/baskets/{basket.pk}/import/"
    pasted = f"Client\tQualification id\nÉcole\t{QUALIFICATION}\n"
    response = client.post(address, hidden(client.get(address), address) | {"text": pasted})
    page = client.get(response["Location"])
    assert list(columns_of(page).values()) == ["end_customer_name", "product_offering_qualification_item_id"]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["fr", "en-gb"])
def test_the_model_is_known_column_by_column_in_every_language(operator, basket, as_, ending, language):
    client = as_("sales")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    response = client.get(f"/baskets/{basket.pk}/import/model.{ending}")
    assert f".{ending}" in response["Content-Disposition"]
    head = read_table(response.content).rows[0]
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-gb"  # a French model comes back from an English page
    page = client.get(upload(client, basket, workbook(head, ["x"] * len(head)))["Location"])
    chosen = columns_of(page).values()
    assert len(chosen) == len(set(chosen)) == 23 and "" not in chosen


def test_headings_may_stand_further_down_and_the_person_may_say_where(operator, basket, as_):
    client = as_("sales")
    data = workbook(["Écoles de Rennes"], [], HEAD, a_row(1))
    address = upload(client, basket, data)["Location"]
    assert hidden(client.get(address), address)["header"] == "3"
    page = client.get(address + "?header=0")
    assert (hidden(page, address)["header"], set(columns_of(page).values())) == ("0", {""})


def test_a_column_may_be_taken_once_and_the_qualification_id_is_needed(operator, basket, as_):
    client = as_("sales")
    address = upload(client, basket, workbook(HEAD, a_row(1)))["Location"]
    form = columns_of(client.get(address)) | {"header": "1", "column-1": "end_customer_name"}
    response = client.post(address, form)
    assert response.status_code == 422
    assert "End customer is taken from the column “Client final” already." in text(response)
    assert "Say which column holds the qualification id" in text(response)
    assert columns_of(response)["column-1"] == "end_customer_name"


def test_the_order_of_day_and_month_is_asked_only_when_nothing_tells(operator, basket, as_):
    client = as_("sales")
    told = workbook(HEAD, a_row(1, day="03/04/2026"), a_row(2, day="30/04/2026"))
    assert "month_first" not in text(client.get(upload(client, basket, told)["Location"]))
    unclear = workbook(HEAD, a_row(1, day="03/04/2026"))
    batch, response = mapped(client, basket, unclear)
    assert response.status_code == 422
    assert "Say which comes first" in text(response)
    client.post(f"/imports/{batch.pk}/columns/", columns_of(response) | {"header": "1", "month_first": "1"})
    start(client, batch)
    assert batch.items.get().fields["expected_response_date"] == "2026-03-04"


def test_dates_that_can_only_be_american_are_read_so(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1, day="04/30/2026"), a_row(2, day="04/05/2026"))
    start(client, batch)
    days = [item.fields["expected_response_date"] for item in batch.items.all()]
    assert days == ["2026-04-30", "2026-04-05"]


def test_a_table_with_the_same_headings_is_read_as_the_last_time(operator, basket, as_):
    client = as_("sales")
    mapped(client, basket, workbook(["Client final", "xyz"], ["A", QUALIFICATION]), **{
        "column-1": "product_offering_qualification_item_id"})  # fmt: skip
    page = client.get(upload(client, basket, workbook(["Client final", "xyz"], ["B", QUALIFICATION]))["Location"])
    assert columns_of(page)["column-1"] == "product_offering_qualification_item_id"


# --- mistakes


def test_every_wrong_cell_is_told_at_once_grouped_by_what_repairs_it(operator, basket, as_):
    rows = [
        a_row(1),
        a_row(2, day="31/04/2026"),
        a_row(3, day="fin avril", mail="nobody"),
        a_row(4, id=""),
        a_row(5, ref="x" * 61),
    ]
    _batch, page = checked(as_("sales"), basket, *rows)
    html = text(page)
    assert re.findall(r'<h2 id="g-([\w-]+)">', html) == [
        "product_offering_qualification_item_id-cell_required",
        "external_id-cell_long",
        "expected_response_date-cell_date",
        "related_contact_information-0-email_address-cell_email",
    ]
    names = re.findall(r'<input id="(cell-[\w-]+)"', html)
    assert {(n.split("-")[1], n.split("-")[2]) for n in names} == {
        ("3", "expected_response_date"), ("4", "expected_response_date"), ("4", "related_contact_information"),
        ("5", "product_offering_qualification_item_id"), ("6", "external_id"),
    }  # fmt: skip
    assert "Create the line that is ready" in html
    assert not Command.objects.exists() and not sent(operator)


def test_cells_are_repaired_in_place_and_what_is_still_wrong_keeps_what_was_typed(operator, basket, as_):
    client = as_("sales")
    batch, page = checked(client, basket, a_row(1, day="fin avril"), a_row(2, day="04/2026"))
    address = f"/imports/{batch.pk}/check/"
    form = {cell(2, "expected_response_date"): "29/04/2026", cell(3, "expected_response_date"): "31/04/2026"}
    response = client.post(address, form)
    assert response.status_code == 422
    assert 'value="31/04/2026"' in text(response) and "04/2026" in text(response)
    assert f'data-field="{cell(3, "expected_response_date")}"' in text(response)
    assert cell(2, "expected_response_date") not in text(response)
    later = client.get(address)  # leaving keeps it
    assert 'value="31/04/2026"' in text(later)
    response = client.post(address, {cell(3, "expected_response_date"): "30/04/2026"})
    assert (response.status_code, response["Location"]) == (303, address)
    start(client, batch)
    days = [item.fields["expected_response_date"] for item in batch.items.all()]
    assert days == ["2026-04-29", "2026-04-30"]


def test_lines_with_a_mistake_are_not_sent_and_come_back_with_the_reason(operator, basket, as_):
    client = as_("sales")
    batch, page = checked(client, basket, a_row(1), a_row(2, day="fin avril", customer="=1+1"))
    before = read_table(client.get(f"/imports/{batch.pk}/rejected.xlsx").content)
    start(client, batch)
    go_on()
    assert sent(operator) == 1
    after = read_table(client.get(f"/imports/{batch.pk}/rejected.xlsx").content)
    assert before.rows == after.rows
    assert after.rows[0] == [*HEAD, "Reason"]
    assert after.rows[1][:4] == ["=1+1", QUALIFICATION, "ECO-0002", "fin avril"]
    assert after.rows[1][-1].startswith("Answer wanted by: This date does not exist")
    assert batch.items.get(position=3).errors == {"expected_response_date": ["cell_date"]}
    assert "Answer wanted by: This date does not exist" in text(client.get(f"/batches/{batch.pk}/"))
    repaired = workbook(after.rows[0], [*after.rows[1][:3], "30/04/2026", *after.rows[1][4:]])
    again, response = mapped(client, basket, repaired)
    start(client, again)
    go_on()
    assert sent(operator) == 2


def test_what_the_operator_refuses_is_among_the_rejected_with_its_words(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1), a_row(2))
    operator.fail(422, "/quote_item/$", method="POST", body=b'{"end_customer_name": ["Trop vague."]}', times=1)
    start(client, batch)
    go_on()
    assert [item.outcome for item in batch.items.select_related("command")] == ["refused", "done"]
    rows = read_table(client.get(f"/imports/{batch.pk}/rejected.xlsx").content).rows
    assert [row[2] for row in rows] == ["Votre référence", "ECO-0001"]
    assert rows[1][-1] == "Trop vague."


def test_warnings_are_told_apart_and_do_not_stop(operator, basket, as_):
    rows = [a_row(1), a_row(2, customer="École 1"), a_row(3, offer="", more="")]
    _batch, page = checked(as_("sales"), basket, *(row + ["x"] for row in rows), head=[*HEAD, "Interne"])
    html = text(page)
    assert "3 lines without “Connection type”, needed to confirm" in html
    assert "1 line without “Offers requested”, needed to confirm" in html
    assert "The same customer with the same qualification id" in html and "Rows 2, 3" in html
    assert "Columns left out: Interne" in html
    assert "Create the 3 lines" in html


# --- twice


def test_a_second_run_of_the_same_file_creates_nothing_twice(operator, basket, as_):
    client = as_("sales")
    rows = [a_row(1), a_row(2), a_row(3, ref="")]
    batch, _page = checked(client, basket, *rows)
    start(client, batch)
    go_on()
    assert sent(operator) == 3
    again, page = checked(client, basket, *rows)
    assert "Made before: 3 lines are left out" in text(page)
    assert start(client, again).status_code == 422
    again.refresh_from_db()
    assert (again.state, again.items.count()) == ("draft", 0)
    go_on()
    assert sent(operator) == 3


def test_a_large_file_that_was_imported_before_can_still_be_answered_in_one_form(operator, basket, as_):
    """Django takes a thousand fields a form."""
    client = as_("sales")
    rows = [a_row(n) for n in range(990)]
    batch, _page = checked(client, basket, *rows)
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, position=w.number, key=importing.key_of(batch, w.fields)) for w in Checked(batch).wishes
    )
    again, page = checked(client, basket, *rows, *(a_row(n, day="x") for n in range(1000, 1010)))
    html = page.content.decode()
    names = re.findall(r'<input[^>]* name="([^"]+)"', html[html.index('id="cells"') :])
    assert 200 < len(names) < 400
    address = f"/imports/{again.pk}/check/"
    form = {"offered": hidden(page, address)["offered"], "anyway": range(2, 202)}
    assert client.post(address, form).status_code == 303
    assert len(Checked(Batch.objects.get(pk=again.pk)).ready) == 200


def test_two_imports_checked_side_by_side_make_each_line_once(operator, basket, as_):
    client, other = as_("sales"), as_("sales2")
    first, _page = checked(client, basket, a_row(1), a_row(2))
    second, _page = checked(other, basket, a_row(2), a_row(3))
    start(client, first)
    start(other, second)
    go_on()
    assert sent(operator) == basket.lines.count() == 3
    assert [item.reason for item in second.items.all()] == ["imported", ""]


def test_a_reference_that_is_in_the_basket_or_twice_in_the_file_is_made_once_unless_wanted(operator, basket, as_):
    client = as_("sales")
    lines.add(actor=basket_owner(), nonce=nonce(), basket=basket, fields=COMPLETE | {"external_id": "eco-0001"})
    batch, page = checked(client, basket, a_row(1), a_row(2), a_row(2, customer="Other"))
    html = text(page)
    assert "A line with this reference is in the basket already." in html
    assert "The same line stands further up in the file." in html
    address = f"/imports/{batch.pk}/check/"
    client.post(address, {"offered": "2,4", "anyway": ["4"]})
    page = client.get(address)
    assert "Wanted once more." in text(page)
    assert hidden(page, address)["offered"] == "2,4"
    start(client, batch)
    states = {item.position: (item.state, item.reason) for item in batch.items.all()}
    assert states == {2: ("skipped", "in_basket"), 3: ("waiting", ""), 4: ("waiting", "")}


def basket_owner():
    from django.contrib.auth.models import User

    return User.objects.get(username="manager")


def test_a_line_that_was_deleted_may_be_imported_again(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1))
    start(client, batch)
    go_on()
    lines.delete(actor=basket_owner(), nonce=nonce(), line=basket.lines.get())
    assert Line.objects.get().is_gone
    _again, page = checked(client, basket, a_row(1))
    assert "Create the line that is ready" in text(page)


# --- forms, rights, states


def test_the_same_form_twice_is_one_import_and_one_start(operator, basket, as_):
    client = as_("sales")
    address = f"/baskets/{basket.pk}/import/"
    fields = hidden(client.get(address), address)
    data = workbook(HEAD, a_row(1))
    places = {client.post(address, fields | {"file": SimpleUploadedFile("a.xlsx", data)})["Location"] for _ in "12"}
    assert len(places) == Batch.objects.count() == 1
    batch, _page = checked(client, basket, a_row(1))
    assert start(client, batch)["Location"] == start(client, batch)["Location"]
    assert BatchItem.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is nothing in it."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "This is an old .xls file"),
        (b"<html><table></table></html>", "This is a web page or an XML document"),
        (b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MiB."),
    ],
)
def test_a_file_that_is_no_table_is_refused_at_its_field(operator, basket, as_, data, words):
    response = upload(as_("sales"), basket, data)
    assert response.status_code == 422
    assert re.search(r'data-field="file".*' + re.escape(words), text(response), re.S)
    assert not Batch.objects.exists()


@pytest.mark.parametrize("headers", FOUR_WAYS)
def test_the_first_page_stands_alone_and_gives_htmx_its_form(operator, basket, as_, headers):
    response = as_("sales").get(f"/baskets/{basket.pk}/import/", headers=headers)
    assert response.status_code == 200
    assert ("<html" in text(response)) is not (headers == {"HX-Request": "true"})
    assert 'type="file" name="file"' in text(response)


def test_pasted_text_is_kept_when_it_is_refused(operator, basket, as_):
    client = as_("sales")
    address = f"/baskets/{basket.pk}/import/"
    response = client.post(address, hidden(client.get(address), address) | {"text": "<html>kept"})
    assert response.status_code == 422
    assert "<html>kept" in text(response)


def test_more_than_a_thousand_lines_are_refused(operator, basket, as_):
    _batch, response = mapped(as_("sales"), basket, workbook(HEAD, *(a_row(n) for n in range(1001))))
    assert response.status_code == 422
    assert "There are more than 1000 lines." in text(response)


def test_an_upload_in_place_of_another_replaces_it(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1, day="x"))
    kept = batch.file.path
    upload(client, basket, workbook(HEAD, a_row(1)), query=f"?instead={batch.pk}")
    assert Batch.objects.exclude(pk=batch.pk).count() == Batch.objects.count() == 1
    from pathlib import Path

    assert not Path(kept).exists()


def test_a_draft_waits_on_the_basket_page_until_it_is_discarded(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1))
    here = f"/baskets/{basket.pk}/"
    assert f'href="/imports/{batch.pk}/check/"' in text(client.get(here))
    assert client.post(f"/imports/{batch.pk}/discard/")["Location"] == here
    assert f"/imports/{batch.pk}/" not in text(client.get(here))
    assert not Batch.objects.exists()


STEPS = ["columns/", "check/", "start/", "discard/"]


@pytest.mark.parametrize("name", ["auditor", "sales2", "admin"])
def test_only_its_maker_moves_an_import_and_everybody_reads_it(operator, basket, as_, name):
    batch, _page = checked(as_("sales"), basket, a_row(1, day="x"))
    other = as_(name)
    assert {other.post(f"/imports/{batch.pk}/{step}").status_code for step in STEPS} == {403}
    page = other.get(f"/imports/{batch.pk}/check/")
    assert page.status_code == 200 and main(page)["id"] == str(batch.pk)
    assert "/start/" not in text(page) and "<input id=" not in text(page)
    assert other.get(f"/imports/{batch.pk}/rejected.xlsx").status_code == 200
    assert Batch.objects.get().state == "draft"


def test_an_auditor_uploads_nothing(operator, basket, as_):
    client, address = as_("auditor"), f"/baskets/{basket.pk}/import/"
    page = client.get(address)
    assert page.status_code == 200 and 'type="file"' not in text(page)
    assert client.post(address).status_code == 403


def test_a_confirmed_basket_takes_no_import_and_one_prepared_before_does_not_start(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1))
    type(basket).objects.filter(pk=basket.pk).update(state="confirmed")
    assert client.post(f"/baskets/{basket.pk}/import/").status_code == 409
    assert start(client, batch).status_code == 409
    assert 'type="file"' not in text(client.get(f"/baskets/{basket.pk}/import/"))
    assert not batch.items.exists()


def test_a_started_import_is_on_its_batch_page_whatever_old_page_is_sent(operator, basket, as_):
    client = as_("sales")
    batch, _page = checked(client, basket, a_row(1))
    start(client, batch)
    for step in ("columns/", "check/"):
        assert client.post(f"/imports/{batch.pk}/{step}")["Location"] == f"/batches/{batch.pk}/"
        assert client.get(f"/imports/{batch.pk}/{step}")["Location"] == f"/batches/{batch.pk}/"
    assert client.post(f"/imports/{batch.pk}/discard/").status_code == 409


# --- much and hostile


def test_hostile_cells_are_text_on_every_page_and_in_the_file(operator, basket, as_):
    client = as_("sales")
    hostile = "<b onclick=x>" + "x" * 200 + "🥐 مرحبا"
    rows = [
        a_row(1, customer=hostile, day="<script>alert(1)</script>"),
        a_row(2, customer="=HYPERLINK(1)", ref="y" * 32000),
        a_row(3, customer="é" * 300, day="🥐"),
    ]
    batch, page = checked(client, basket, *rows, head=[HEAD[0], *HEAD[1:6], "E-mail <i>"])
    for html in (page.content.decode(), client.get(f"/imports/{batch.pk}/columns/").content.decode()):
        assert "<script>alert" not in html and "<b onclick" not in html and "<i>" not in html
        assert len(html) < 200_000
    rows = read_table(client.get(f"/imports/{batch.pk}/rejected.xlsx").content).rows
    assert rows[2][0] == "=HYPERLINK(1)" and len(rows[2][2]) == 32000


def test_a_nul_in_a_cell_is_told_and_can_be_typed_anew(operator, basket, as_):
    client = as_("sales")
    data = f"Client;Qualification id;Note\nA\0B;{QUALIFICATION};{'x' * 100}\n".encode()
    batch, response = mapped(client, basket, data, name="a.csv")
    page = client.get(response["Location"])
    assert "The cell holds characters that cannot be read." in text(page)
    client.post(response["Location"], {cell(2, "end_customer_name"): "A B"})
    start(client, batch)
    assert batch.items.get().fields["end_customer_name"] == "A B"


def test_the_check_of_many_lines_asks_the_database_as_often_as_that_of_few(
    operator, basket, as_, django_assert_max_num_queries
):
    client = as_("sales")
    for count in (2, 300):
        batch, _page = checked(client, basket, *(a_row(n, day="x" if n % 7 else "") for n in range(count)))
        with django_assert_max_num_queries(12):
            client.get(f"/imports/{batch.pk}/check/")


def test_the_model_as_csv_opens_in_a_french_spreadsheet(operator, basket, as_):
    client = as_("sales")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    rows = csv_rows(client.get(f"/baskets/{basket.pk}/import/model.csv"), ";")
    assert len(rows) == 1 and len(rows[0]) == 23

"""The portal's own CSV of the filtered mirror, and what a spreadsheet would make of it."""

import pytest

from quotes.selectors.sheets import LINE_NAMES
from quotes.services.spreadsheet import neutral, rewritten
from tests.pages.browsing import csv_rows, text
from tests.pages.mirrors import a_line

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1x", "－1x", "＠x", "  =1+1"]


def column(response, name, delimiter=","):
    head, *rows = csv_rows(response, delimiter)
    return [row[head.index(name)] for row in rows]


def test_the_first_row_names_the_fields_of_the_specification(as_):
    a_line(site_connection_type="Fibre dédiée", business_sector="Santé", option_ids=["gtr_4h", "gtr_8h"])
    head, row = csv_rows(as_("auditor").get("/lines.csv"))
    told = dict(zip(head, row, strict=True))
    assert head == list(LINE_NAMES)
    assert (told["site_connection_type"], told["business_sector"]) == ("Fibre dédiée", "Santé")
    assert (told["product_offerings"], told["option_ids"]) == ("2173", "gtr_4h | gtr_8h")


def test_the_file_is_an_attachment_with_both_names(as_):
    response = as_("sales").get("/lines.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="lines-')
    assert "filename*=UTF-8''lines-" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"


def test_it_holds_the_lines_of_the_list_with_the_same_filters_in_the_same_order(as_):
    for name, state in (("Ar Men", "ready"), ("École Zola", "ready"), ("Ar Bed", "expired")):
        a_line(end_customer_name=name, state=state)
    client = as_("sales")
    query = "?state=ready&end_customer_name=ar&sort=end_customer_name"
    assert column(client.get(f"/lines.csv{query}"), "end_customer_name") == ["Ar Men"]
    everything = column(client.get("/lines.csv?sort=end_customer_name"), "end_customer_name")
    assert everything == ["Ar Bed", "Ar Men", "École Zola"]


def test_all_pages_come_in_one_file(as_):
    for number in range(30):
        a_line(end_customer_name=f"Client {number}")
    assert len(csv_rows(as_("sales").get("/lines.csv?page_size=25"))) == 31


def test_an_unreadable_filter_gives_a_page_and_no_file(as_):
    a_line()
    response = as_("sales").get("/lines.csv", {"q": "\0"})
    assert response.status_code == 422
    assert "Content-Disposition" not in response
    assert 'data-field="q"' in text(response)


def test_the_french_form_has_semicolons_and_decimal_commas_in_numbers_only(as_):
    a_line(latitude="47.990", longitude=-4.1, note="version 1.5")
    response = as_("sales").get("/lines.csv?format=fr")
    head, row = csv_rows(response, ";")
    told = dict(zip(head, row, strict=True))
    assert (told["latitude"], told["longitude"], told["note"]) == ("47,990", "-4,1", "version 1.5")
    assert "monthly_price=119,9" in told["prices"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(cell, as_):
    a_line(note=cell)
    assert column(as_("sales").get("/lines.csv"), "note") == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["-12.5", "+33612345678", "-3,40", "0", "", "a=b", "1-2", "c'est =1"])
def test_plain_numbers_and_texts_stay_as_they_are(cell):
    assert neutral(cell) == cell


def test_the_query_count_does_not_grow_with_the_lines(as_, django_assert_max_num_queries):
    for _ in range(12):
        a_line()
    client = as_("sales")
    with django_assert_max_num_queries(5):
        csv_rows(client.get("/lines.csv"))


def test_a_line_that_the_operator_does_not_know_yet_is_told_from_what_was_typed(as_):
    line = a_line()
    type(line).objects.filter(pk=line.pk).update(remote_id=None, payload={}, wished_external_id="KERD-02")
    response = as_("sales").get("/lines.csv")
    head, row = csv_rows(response)
    told = dict(zip(head, row, strict=True))
    assert (told["id"], told["external_id"], told["end_customer_name"]) == ("", "KERD-02", "Boulangerie Ar Men")


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        (b"a;b\r\n=1+1;-3\r\n", "a;b\r\n'=1+1;-3\r\n"),
        (b'a,b\n"x\n=y",\'z\n', 'a,b\r\n"x\n=y",\'z\r\n'),
        ("nom\nÉcole\n".encode("cp1252"), "nom\r\nÉcole\r\n"),
        (b"\xef\xbb\xbfa\tb\n@x\ty\0\n", "a\tb\r\n'@x\ty\r\n"),
        (b'a,b\n"unended,=1\n', 'a,b\r\n"unended,=1\n"\r\n'),
    ],
)
def test_a_received_file_keeps_its_delimiter_and_loses_its_formulas(received, kept):
    assert rewritten(received) == f"\ufeff{kept}"


def test_a_cell_larger_than_any_limit_goes_through():
    assert len(rewritten(b"a\n" + b"x" * 300_000)) > 300_000

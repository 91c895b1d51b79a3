"""Excel workbooks: what a person sees in a cell is what is read, and hostile archives are refused in time."""

import io
import zipfile
from datetime import date, datetime

import pytest

from quotes.spreadsheets import ROWS, SheetError, read_table
from quotes.spreadsheets.writing import write_workbook
from tests.spreadsheets.files import rewritten, sheet, workbook


def read(*rows, prepare=None):
    return read_table(workbook(*rows, prepare=prepare))


def refusal(data: bytes) -> str:
    with pytest.raises(SheetError) as caught:
        read_table(data)
    return caught.value.code


def test_numbers_and_dates_are_read_as_they_are_meant():
    row = [1.0e3, 12.5, 0.1 + 0.2, date(2026, 4, 30), datetime(2026, 4, 30, 14, 5), True, "01", None]
    assert read(row).rows == [["1000", "12.5", "0.3", "2026-04-30", "2026-04-30 14:05", "TRUE", "01"]]


@pytest.mark.parametrize(
    ("number", "shown_as", "text"),
    [(1234, "00000", "01234"), (298765432, '0#" "##" "##" "##" "##', "0298765432"), (1234, "#,##0", "1234")],
)
def test_leading_zeros_that_only_the_format_shows_are_kept(number, shown_as, text):
    def prepare(book):
        book.active["A1"].number_format = shown_as

    assert read([number], prepare=prepare).rows == [[text]]


def test_a_long_number_that_lost_digits_is_not_trusted():
    table = read(["id"], [12345678901234567890])
    assert table.broken == {(2, 0): "rounded"}


def test_a_formula_is_its_result_and_without_one_it_is_not_blank():
    cells = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A9</f></c><c r="C1" t="e"><v>#REF!</v></c></row>'
    table = read_table(rewritten(workbook(["x"]), sheet=sheet(cells)))
    assert table.cell(1, 0) == "2"
    assert table.broken == {(1, 1): "formula", (1, 2): "error"}


def test_merged_cells_give_their_text_once():
    table = read(["Site", "", "x"], prepare=lambda book: book.active.merge_cells("A1:B1"))
    assert table.rows == [["Site", "", "x"]]


def test_the_first_visible_sheet_is_read_and_the_others_are_named():
    def prepare(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Sites").append(["seen"])
        book.create_sheet("Notes")

    table = read(["secret"], prepare=prepare)
    assert (table.rows, table.sheet, table.unread) == ([["seen"]], "Sites", ("Notes",))


def test_a_size_that_the_file_only_claims_costs_nothing():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert read_table(rewritten(workbook(["x"]), sheet=sheet(cells))).rows == [["1"]]


@pytest.mark.parametrize("text", ["=1+1", "’s", "'s-Hertogenbosch", "+33 1", "é🥐مرحبا", "a;b", "l1\nl2", "x" * 32767])
def test_what_is_written_comes_back_the_same(text):
    assert read_table(write_workbook([("S", [["head"], [text]])])).rows == [["head"], [text]]


def test_what_is_written_runs_nothing_and_keeps_typed_zeros():
    data = write_workbook([("S", [["head"], ["=cmd|' /c calc'!A0"], ["@SUM(1)"], ["a\x00\x0bb"]])])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "'=cmd|" in xml and "'@SUM" in xml and ">ab<" in xml
    assert "<col " in xml  # the columns take text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old_excel"),
        (b"%PDF-1.7 ...", "not_sheet"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (workbook(["x"])[:-200], "damaged"),
        (b"a;b\n" * 3_000_000, "too_large"),
        (rewritten(workbook(["x"]), mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (workbook(), "no_rows"),
        (workbook(*[["x"]] * (ROWS + 21)), "too_many_rows"),
        (workbook(["x"] * 101), "too_many_columns"),
        (rewritten(workbook(["x"]), sheet=sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_by_name(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize("fill", [b" " * 70_000_000, b"<c/>" * 2_100_000, b"a" * 30_000_000])
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_parsed(fill):
    assert refusal(rewritten(workbook(["x"]), sheet=sheet(fill.decode()))) == "unpacked"


def test_entities_are_not_expanded():
    book = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(rewritten(workbook(["x"]), sheet=book)) == "damaged"


def test_an_archive_without_a_workbook_is_no_spreadsheet():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(target.getvalue()) == "not_sheet"

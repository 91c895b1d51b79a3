"""CSV and what is pasted: delimiter, encoding and quotes are found out, hostile bytes are told by cell."""

import pytest

from quotes.spreadsheets import SheetError, neutral, original, read_table


@pytest.mark.parametrize(
    "text",
    ["nom;ville, pays\nA;Brest, F\n", "nom\tville, pays\nA\tBrest, F", 'nom,"ville, pays"\r\nA,"Brest, F"\r\n',
     "sep=;\nnom;ville, pays\nA;Brest, F"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiter_and_encoding_are_found_out(text, encoding):
    assert read_table(text.encode(encoding)).rows == [["nom", "ville, pays"], ["A", "Brest, F"]]


def test_accents_of_both_encodings_are_read():
    assert read_table("Hôpital;é".encode("cp1252")).rows == read_table("Hôpital;é".encode()).rows


def test_ragged_rows_blank_rows_and_lines_in_quotes_keep_their_numbers():
    table = read_table(b'a;b;c\n\n1\n"x\ny";2;3;4\n;;\n')
    assert table.rows == [["a", "b", "c"], [], ["1"], ["x\ny", "2", "3", "4"]]
    assert (table.cell(3, 2), table.cell(99, 0)) == ("", "")


def test_a_shortened_number_is_not_trusted():
    table = read_table(b"id;n\n1,23E+17;1E5\n1.0E+3;12")
    assert table.broken == {(2, 0): "rounded", (3, 0): "rounded"}


def test_nul_is_taken_out_and_told():
    table = read_table(b"name;id\n" + b"long enough text;" * 3 + b"a\0b\n")
    assert (table.cell(2, 3), table.broken) == ("ab", {(2, 3): "characters"})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><table><tr><td>a</td></tr></table>", "html"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><Workbook/>', "html"),
        (b"a\0b\0c\0d\0", "not_sheet"),
        (b" ;;\n\n;", "empty"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data, code):
    with pytest.raises(SheetError) as caught:
        read_table(data)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["=1+1", "-2+3", "@x", "\tx", "plain", "-12.5", "'s-Hertogenbosch", "", "'"])
def test_neutral_is_taken_back_by_original(text):
    assert original(neutral(text)) == text

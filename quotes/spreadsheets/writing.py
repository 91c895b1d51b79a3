"""Workbooks that we hand out: every cell a text, nothing in them runs."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .formulas import neutral

TEXT = "@"
WIDEST = 40


def write_workbook(sheets: Iterable[tuple[str, list[list[str]]]]) -> bytes:
    """Sheets of (name, rows); the first row of each is its headings. Columns take what is typed as text, so that
    leading zeros stay."""
    book = Workbook(write_only=True)
    for title, rows in sheets:
        _sheet(book.create_sheet(title), rows)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet(sheet, rows: list[list[str]]) -> None:
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(rows[0], 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width, column.number_format = min(WIDEST, max(14, len(heading) + 2)), TEXT
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, text, bold=number == 0) for text in row])


def _cell(sheet, text: str, bold: bool):
    cell = WriteOnlyCell(sheet, neutral(ILLEGAL_CHARACTERS_RE.sub("", text)))
    cell.data_type, cell.number_format = "s", TEXT  # a text like #REF! would count as an error otherwise
    if bold:
        cell.font = Font(bold=True)
    return cell

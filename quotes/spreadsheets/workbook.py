"""The first visible sheet of an Excel workbook, its cells as a person sees them."""

import io
import re
import warnings
from datetime import date, datetime, time

from openpyxl import load_workbook

from .archive import check_archive
from .errors import SheetError

LAST_ROW = 100_000
PRECISE = 10**15  # a spreadsheet keeps fifteen digits of a number
_QUOTED = re.compile(r'"[^"]*"|\\.|[ \-_/]')
_PADDED = re.compile("0[0#]+")


def read_workbook(data: bytes, max_column: int):
    """Rows of (text, why it is broken or ""), the sheet's name, the names of other visible ones. Raises SheetError."""
    check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: drawings, validations, extensions
            return _read(data, max_column)
    except SheetError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken document makes it trip over
        raise SheetError("damaged") from error


def _read(data: bytes, max_column: int):
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise SheetError("no_sheet")
    sheet = visible[0]
    rows = [[_text(cell) for cell in row] for row in _cells(sheet, max_column)]
    for number, column in _formulas(data, book.worksheets.index(sheet), max_column):
        if number < len(rows) and column < len(rows[number]) and rows[number][column] == ("", ""):
            rows[number][column] = ("", "formula")
    return rows, sheet.title, tuple(other.title for other in visible[1:])


def _cells(sheet, max_column: int):
    sheet.reset_dimensions()  # what the file says of its size need not be true
    return sheet.iter_rows(max_row=LAST_ROW, max_col=max_column)


def _formulas(data: bytes, index: int, max_column: int) -> list[tuple[int, int]]:
    """Where formulas stand. openpyxl gives either these or their results, so a sheet with any is read twice."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    sheet = book.worksheets[index]
    with sheet._get_source() as source:
        if not _holds_formula(source):
            return []
    rows = enumerate(_cells(sheet, max_column))
    return [(number, column) for number, row in rows for column, cell in enumerate(row) if cell.data_type == "f"]


def _holds_formula(source) -> bool:
    before = b""
    while chunk := source.read(65536):
        if re.search(rb"<(\w+:)?f[\s>/]", before + chunk):
            return True
        before = chunk[-20:]
    return False


def _text(cell) -> tuple[str, str]:
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "e":
        return str(value), "error"
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return _moment(value) if isinstance(value, date | time) else str(value), ""


def _number(value, shown_as: str) -> tuple[str, str]:
    """1.0E+3 is 1000; leading zeros that only the format shows are part of what the person sees."""
    if abs(value) >= PRECISE:
        return format(value, ".15g"), "rounded"
    if isinstance(value, float) and not value.is_integer():
        return format(value, ".15g"), ""
    text, pattern = str(int(value)), _QUOTED.sub("", shown_as or "")
    return text.zfill(len(pattern)) if _PADDED.fullmatch(pattern) else text, ""


def _moment(value) -> str:
    """ISO: a day without a time is a day."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    return value.isoformat()

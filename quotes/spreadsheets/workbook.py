"""The first visible sheet of an Excel workbook, its cells as a person sees them."""

import io
import re
from contextlib import contextmanager
from datetime import date, datetime, time

from openpyxl import load_workbook

from .archive import check_archive
from .errors import SheetError

LAST_ROW = 100_000  # a file may name rows far below its last line: nobody put anything there
PRECISE = 10**15  # a spreadsheet keeps fifteen digits of a number
_QUOTED = re.compile(r'"[^"]*"|\\.|[ \-_/]')
_PADDED = re.compile("0[0#]+")


def read_workbook(data: bytes, max_column: int):
    """Rows of (text, why it is broken or ""), the sheet's name, the names of other visible ones. Raises SheetError."""
    check_archive(data)
    with _damage():
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise SheetError("no_sheet")
        formulas = _formulas(data, book.worksheets.index(visible[0]))
        names = [sheet.title for sheet in visible]
    return _rows(visible[0], formulas, max_column), names[0], tuple(names[1:])


@contextmanager
def _damage():
    """openpyxl raises whatever a broken document makes it trip over."""
    try:
        yield
    except SheetError:
        raise
    except Exception as error:
        raise SheetError("damaged") from error


def _rows(sheet, formulas: set, max_column: int):
    with _damage():
        for number, row in enumerate(_cells(sheet)):
            yield [
                ("", "formula") if cell.value is None and (number, column) in formulas else _text(cell)
                for column, cell in enumerate(row[:max_column])
            ]


def _cells(sheet):
    sheet.reset_dimensions()  # what the file says of its size need not be true
    return sheet.iter_rows(max_row=LAST_ROW)


def _formulas(data: bytes, index: int) -> set[tuple[int, int]]:
    """Where formulas stand. openpyxl gives either these or their results, so a sheet with any is read twice."""
    sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[index]
    with sheet._get_source() as source:
        if not _holds_formula(source):
            return set()
    rows = enumerate(_cells(sheet))
    return {(number, column) for number, row in rows for column, cell in enumerate(row) if cell.data_type == "f"}


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

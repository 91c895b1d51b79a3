"""Any uploaded table as rows of texts, whatever it came in."""

from dataclasses import dataclass, field

from .delimited import read_delimited
from .errors import SheetError
from .formulas import original

FILE_LIMIT = 10 * 1024 * 1024
ROWS = 1000  # that hold something, without the headings
COLUMNS = 100
HEAD = 20  # rows that may stand above the first line: a title, a date, the headings
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True)
class Table:
    """`rows[0]` is row 1 of the sheet; trailing blank cells are left out, blank rows in between are kept.

    `broken` maps (row number, column index) to why a cell cannot be trusted: `formula` (its result was not stored),
    `error` (#REF! and the like), `rounded` (a long number that lost digits), `characters` (some were unreadable).
    """

    rows: list[list[str]]
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    sheet: str = ""
    unread: tuple[str, ...] = ()  # other visible sheets

    def cell(self, row: int, column: int) -> str:
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return cells[column] if column < len(cells) else ""


def read_table(data: bytes) -> Table:
    """A workbook or a delimited text, told apart by its bytes and never by its name. Raises SheetError."""
    if not data.strip(b"\0\r\n\t ;,"):
        raise SheetError("empty")
    if len(data) > FILE_LIMIT:
        raise SheetError("too_large", limit=FILE_LIMIT // 1024 // 1024)
    if data.startswith(b"PK"):
        return _checked(*_workbook(data))
    if data.startswith(_OLD_EXCEL):
        raise SheetError("old_excel")
    if data.startswith(_NO_TEXT):
        raise SheetError("not_sheet")
    return _checked(read_delimited(data))


def _workbook(data: bytes):
    from .workbook import read_workbook  # only when there is one: see the package

    return read_workbook(data, max_column=COLUMNS + 1)


def _checked(cells, sheet: str = "", unread: tuple[str, ...] = ()) -> Table:
    """`cells` yields rows of (text, why it is broken or "")."""
    rows, broken, filled = [], {}, 0
    for number, row in enumerate(cells, 1):
        texts = [_cleaned(number, column, cell, broken) for column, cell in enumerate(row)]
        while texts and not texts[-1] and (number, len(texts) - 1) not in broken:
            texts.pop()
        if len(texts) > COLUMNS:
            raise SheetError("too_many_columns", limit=COLUMNS)
        filled += bool(texts)
        if filled > ROWS + HEAD:
            raise SheetError("too_many_rows", limit=ROWS)
        rows.append(texts)
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise SheetError("no_rows")
    return Table(rows, broken, sheet, unread)


def _cleaned(row: int, column: int, cell: tuple[str, str], broken: dict) -> str:
    """Without what no page, database or file can hold; that it was there is noted."""
    text, why = cell
    plain = text.replace("\0", "").encode("utf-8", "ignore").decode()
    if why or plain != text:
        broken[row, column] = why or "characters"
    return original(plain.strip())

"""CSV that a spreadsheet can open without running anything in it, our own and the operator's."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from quotes.spreadsheets import neutral
from quotes.spreadsheets.delimited import decoded

BOM = "\ufeff"  # by it a spreadsheet knows UTF-8
CONTENT_TYPE = "text/csv; charset=utf-8"
ROWS = 500  # written out at a time
_DECIMAL = re.compile(r"(?<![\w.])(-?[0-9]+)\.([0-9]+)(?![\w.])")

csv.field_size_limit(2**31 - 1)  # the operator's cells may be longer than the 128 kB of the default


def with_comma(text: str) -> str:
    """Decimal points as commas: 189.00 becomes 189,00; dates, versions and addresses are left alone."""
    return _DECIMAL.sub(r"\1,\2", text)


def written(rows: Iterable[Iterable[str]], delimiter: str = ",") -> Iterator[str]:
    """Texts of some hundred rows each, every cell neutralised, so that a long list never lies whole in memory."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter)
    target.write(BOM)
    for number, row in enumerate(rows, 1):
        # Almost every cell begins with a letter or a digit: those are not looked at further.
        writer.writerow([cell if not cell or cell[0].isalnum() else neutral(cell) for cell in row])
        if number % ROWS == 0:
            yield _taken(target)
    yield _taken(target)


def rewritten(data: bytes) -> str:
    """A received CSV with its formula cells neutralised; its own delimiter is kept, its encoding becomes UTF-8."""
    text = decoded(data).replace("\0", "")
    delimiter = _delimiter(text.partition("\n")[0])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return "".join(written(rows, delimiter))


def _delimiter(head: str) -> str:
    """By the headings, which no customer wrote."""
    return max(",;\t", key=head.count)


def _taken(target: io.StringIO) -> str:
    text = target.getvalue()
    target.seek(0)
    target.truncate()
    return text

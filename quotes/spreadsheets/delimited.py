"""Text tables: CSV of any spreadsheet, and what is pasted from one."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from .errors import SheetError

DELIMITERS = ";\t,"
LOOKED_AT = 30  # records by which the delimiter is chosen
_MARKUP = re.compile(r"\s*<(\?xml|!doctype|html|head|meta|table|body)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)  # a first line by which Excel is told the delimiter
_SHORTENED = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)  # 1,23E+17: digits are lost

csv.field_size_limit(2**31 - 1)  # a long cell is told as such, not as a damaged file


def read_delimited(data: bytes) -> Iterator[list[tuple[str, str]]]:
    """Rows of (text, why it is broken or ""). Raises SheetError."""
    text = decoded(data)
    if _MARKUP.match(text):
        raise SheetError("html")
    if text.count("\0") * 20 > len(text):
        raise SheetError("not_sheet")
    told = _SEPARATOR.match(text)
    text = text[told.end() :] if told else text
    return _rows(text, told[1] if told else delimiter_of(text))


def decoded(data: bytes) -> str:
    """Excel writes UTF-8 with a mark, UTF-16 with one ("Unicode text"), or the Windows code page."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def delimiter_of(text: str) -> str:
    """The one that cuts most of the first records into the same number of cells, and into the most of them."""
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in islice(_reader(text, delimiter), LOOKED_AT) if any(row))
    wide = Counter({width: count for width, count in widths.items() if width > 1})
    return max(((count, width) for width, count in wide.items()), default=(0, 0))


def _reader(text: str, delimiter: str):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _rows(text: str, delimiter: str):
    for row in _reader(text, delimiter):
        yield [(cell, "rounded" if _SHORTENED.fullmatch(cell.strip()) else "") for cell in row]

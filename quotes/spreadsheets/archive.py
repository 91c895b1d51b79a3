"""The zip around a workbook, looked at before anything parses it.

`zipfile` gives no more bytes of an entry than its header promises, so the promises bound what can come out; the
number of tags bounds what a parser builds of it.
"""

import io
import zipfile
import zlib

from .errors import SheetError

ENTRIES = 500
UNPACKED = 64 * 1024 * 1024
RATIO = 200
RATIO_FREE = 4 * 1024 * 1024  # a short file of one repeated cell compresses well and harms nobody
TAGS = 2_000_000  # a thousand rows of a hundred cells have about 400,000
PICTURES = ("xl/media/", "docProps/")
ENCRYPTED = 0x1


def check_archive(data: bytes) -> None:
    """Raises SheetError unless it is a workbook that is safe to parse."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_kind(archive, {entry.filename for entry in entries})
            _check_sizes(entries, len(data))
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise SheetError("damaged") from error


def _check_kind(archive, names: set[str]) -> None:
    if "mimetype" in names and archive.open("mimetype").read(100).startswith(b"application/vnd.oasis"):
        raise SheetError("ods")
    if "xl/workbook.xml" not in names:
        raise SheetError("not_sheet")


def _check_sizes(entries, packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > max(RATIO_FREE, RATIO * packed):
        raise SheetError("unpacked", limit=UNPACKED // 1024 // 1024)


def _check_entry(archive, entry) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise SheetError("old_excel")
    if not entry.filename.startswith(PICTURES) and archive.read(entry).count(b"<") > TAGS:
        raise SheetError("unpacked", limit=UNPACKED // 1024 // 1024)

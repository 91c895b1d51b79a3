"""The zip around a KML document, read by rules stricter than zip itself.

Why not `zipfile`: it forgives bytes before the archive, cuts names at NUL, hides the local headers, and before
3.11.8 inflates overlapping entries (3.6 kB became 50 MB). Here every byte of the file belongs to exactly one
header, one entry or the central directory, so there is no room for a second file inside this one.
"""

import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import is_zipfile

from .directory import Entry, read_directory
from .errors import KmzError
from .layout import data_starts
from .names import check_names

ENTRY_LIMIT = 20 * 1024 * 1024
TOTAL_LIMIT = 50 * 1024 * 1024
RATIO_LIMIT = 100
RATIO_FREE = 64 * 1024  # a short file of one repeated word compresses well and harms nobody
STORED, DEFLATED = 0, 8
ARCHIVE_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


@dataclass(frozen=True)
class Archive:
    names: frozenset[str]
    kml: bytes  # the root document
    inner: bool  # another KML lies in a folder: not read


def read_archive(data: bytes) -> Archive:
    """Check the whole archive, inflate every entry once, keep the root KML. Raises KmzError."""
    entries, directory_at = read_directory(data)
    starts = data_starts(data, entries, directory_at)
    if not any(entry.suffix == "kml" for entry in entries):
        raise KmzError("no_kml")  # a document, a program: say so before naming its first odd entry
    check_names(entries)
    root = _root_kml(entries)
    kml, room = b"", TOTAL_LIMIT
    for entry in entries:
        content = _content(data[starts[entry.at] : starts[entry.at] + entry.packed], entry, room)
        room -= len(content)
        kml = content if entry is root else kml
    inner = any("/" in entry.name and entry.suffix == "kml" for entry in entries)
    return Archive(frozenset(entry.name for entry in entries), kml, inner)


def _root_kml(entries: list[Entry]) -> Entry:
    root = [entry for entry in entries if entry.suffix == "kml" and "/" not in entry.name]
    if len(root) != 1:
        raise KmzError("two_root_kml" if root else "no_root_kml")
    return root[0]


def _content(packed: bytes, entry: Entry, room: int) -> bytes:
    content = packed if entry.method == STORED else _inflate(packed, entry, room)
    if len(content) > min(ENTRY_LIMIT, room):
        raise KmzError("unpacked_size", name=entry.shown, limit=_size_limit(room))
    if len(content) != entry.unpacked or zlib.crc32(content) != entry.crc:
        raise KmzError("damaged")
    if entry.is_folder and content:
        raise KmzError("entry_type", name=entry.shown)
    if content.startswith(ARCHIVE_MAGICS) or is_zipfile(BytesIO(content)):
        raise KmzError("nested", name=entry.shown)
    return content


def _inflate(packed: bytes, entry: Entry, room: int) -> bytes:
    """The limit is on what comes out, whatever the headers promise: zlib stops one byte past it."""
    size, ratio = min(ENTRY_LIMIT, room), max(RATIO_FREE, RATIO_LIMIT * len(packed))
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(packed, min(size, ratio) + 1)
    except zlib.error as exc:
        raise KmzError("damaged") from exc
    if len(content) > size:
        raise KmzError("unpacked_size", name=entry.shown, limit=_size_limit(room))
    if len(content) > ratio:
        raise KmzError("ratio", name=entry.shown, limit=RATIO_LIMIT)
    if not stream.eof:
        raise KmzError("damaged")
    if stream.unused_data:
        raise KmzError("extra_data")
    return content


def _size_limit(room: int) -> int:
    return (ENTRY_LIMIT if room >= ENTRY_LIMIT else TOTAL_LIMIT) // 1024 // 1024

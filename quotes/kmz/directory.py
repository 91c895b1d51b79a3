"""The end record and the central directory of a zip: which entries the file says it holds."""

import struct
import unicodedata
from dataclasses import dataclass

from .errors import KmzError
from .text import plain

END = struct.Struct("<4s4H2IH")
CENTRAL = struct.Struct("<4s6H3I5H2I")
LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC, ZIP64_MAGIC = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x07"
ZIP64_LOCATOR_SIZE = 20
ELSEWHERE = 0xFFFFFFFF  # "the real value is in a ZIP64 field"
ENTRIES_LIMIT = 200
UTF8 = 0x0800


@dataclass(frozen=True)
class Entry:
    """One entry as the central directory describes it; `at` is where its local header should be."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    mode: int
    at: int

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def shown(self) -> str:
        return plain(self.name, 60)


def read_directory(data: bytes) -> tuple[list[Entry], int]:
    """The entries in directory order, and where the directory begins. Raises KmzError."""
    at, size, count = _end_record(data)
    end, entries = at + size, []
    position = at
    for _ in range(count):
        entry, position = _central(data, position, end)
        entries.append(entry)
    if position != end:
        raise KmzError("extra_data")
    return entries, at


def _end_record(data: bytes) -> tuple[int, int, int]:
    """Offset, size and number of entries of the directory, which must reach to the last 22 bytes of the file."""
    if not data.startswith(LOCAL_MAGIC):
        raise KmzError("not_kmz")
    tail = data[-END.size :]
    if not tail.startswith(END_MAGIC):
        raise KmzError("extra_data" if END_MAGIC in data[-END.size - 0xFFFF :] else "damaged")
    _, disk, directory_disk, here, count, size, at, comment = END.unpack(tail)
    if data[-END.size - ZIP64_LOCATOR_SIZE :].startswith(ZIP64_MAGIC) or ELSEWHERE in (size, at):
        raise KmzError("zip64")
    if disk or directory_disk or here != count:
        raise KmzError("damaged")
    if comment or at + size + END.size != len(data):
        raise KmzError("extra_data")
    if count > ENTRIES_LIMIT:
        raise KmzError("too_many_entries", limit=ENTRIES_LIMIT)
    return at, size, count


def _central(data: bytes, position: int, end: int) -> tuple[Entry, int]:
    name_at = position + CENTRAL.size
    if name_at > end or not data.startswith(CENTRAL_MAGIC, position):
        raise KmzError("damaged")
    fields = CENTRAL.unpack_from(data, position)
    flags, method, crc, packed, unpacked, name_size = fields[3], fields[4], *fields[7:11]
    extra_size, comment_size, disk, attributes, at = *fields[11:14], *fields[15:17]
    after = name_at + name_size + extra_size
    if disk or after > end:
        raise KmzError("damaged")
    if comment_size:
        raise KmzError("extra_data")
    if ELSEWHERE in (packed, unpacked, at):
        raise KmzError("zip64")
    raw_name = data[name_at : name_at + name_size]
    name = _decoded(raw_name, flags)
    return Entry(name, raw_name, flags, method, crc, packed, unpacked, attributes >> 16, at), after


def _decoded(raw_name: bytes, flags: int) -> str:
    try:
        return unicodedata.normalize("NFC", raw_name.decode("utf-8" if flags & UTF8 else "cp437"))
    except UnicodeDecodeError as exc:
        raise KmzError("entry_name", name=plain(raw_name.decode("latin-1"), 60)) from exc

"""The local headers: each agrees with the directory, and together they fill the file without gap or overlap."""

import struct

from .directory import ELSEWHERE, LOCAL_MAGIC, Entry
from .errors import KmzError

LOCAL = struct.Struct("<4s5H3I2H")
SIZES = struct.Struct("<3I")
DESCRIPTOR_MAGIC = b"PK\x07\x08"
DESCRIBED = 0x0008  # the sizes follow the data, as writers do that cannot go back
LOCKED = 0x2041  # encrypted, strongly encrypted, or with a masked directory


def data_starts(data: bytes, entries: list[Entry], directory_at: int) -> dict[int, int]:
    """Where the packed data of each entry begins, by `Entry.at`. Raises KmzError.

    The entries must lie one after the other from byte 0 to the directory: an overlap is the bomb of a few
    kilobytes that inflates to gigabytes, a gap is room for another file.
    """
    starts, position = {}, 0
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.at != position:
            raise KmzError("overlap", name=entry.shown) if entry.at < position else KmzError("extra_data")
        starts[entry.at], position = _local(data, entry, directory_at)
    if position != directory_at:
        raise KmzError("extra_data")
    return starts


def _local(data: bytes, entry: Entry, directory_at: int) -> tuple[int, int]:
    """Where the data begins, and where the entry ends."""
    if entry.at + LOCAL.size > directory_at or not data.startswith(LOCAL_MAGIC, entry.at):
        raise KmzError("mismatch", name=entry.shown)
    _, _, flags, method, _, _, *sizes, name_size, extra_size = LOCAL.unpack_from(data, entry.at)
    name_at = entry.at + LOCAL.size
    start = name_at + name_size + extra_size
    end = start + entry.packed
    if (flags | entry.flags) & LOCKED:
        raise KmzError("encrypted", name=entry.shown)
    # GDAL (so QGIS) reserves an unused ZIP64 field in each local header; only a size kept in it is ZIP64.
    if ELSEWHERE in sizes[1:]:
        raise KmzError("zip64")
    if data[name_at : name_at + name_size] != entry.raw_name or method != entry.method:
        raise KmzError("mismatch", name=entry.shown)
    if end > directory_at:
        raise KmzError("overlap", name=entry.shown)
    return start, end + _descriptor_size(data, entry, end, tuple(sizes), bool(flags & DESCRIBED))


def _descriptor_size(data: bytes, entry: Entry, end: int, sizes: tuple[int, ...], described: bool) -> int:
    """Length of what follows the data. The sizes must be the directory's, in the header or right after the data."""
    real = (entry.crc, entry.packed, entry.unpacked)
    written = SIZES.pack(*real)
    if described:
        for descriptor in (DESCRIPTOR_MAGIC + written, written):
            if data.startswith(descriptor, end):
                return len(descriptor)
    if sizes != real:
        raise KmzError("mismatch", name=entry.shown)
    return 0

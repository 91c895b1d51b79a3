"""What an entry of the archive may be called, and what it may be."""

import re
import stat
import unicodedata

from .directory import Entry
from .errors import KmzError

NAME_LIMIT = 255
DEPTH_LIMIT = 5
SUFFIXES = frozenset({"kml", "png", "jpg", "jpeg"})
ARCHIVES = frozenset({"kmz", "zip", "jar", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar"})
METHODS = frozenset({0, 8})
DRIVE = re.compile(r"[A-Za-z]:")


def check_names(entries: list[Entry]) -> None:
    """Nothing is ever written under these names; they are refused because other programs may. Raises KmzError."""
    seen = set()
    for entry in entries:
        check_entry(entry)
        key = entry.name.rstrip("/").casefold()
        if key in seen:
            raise KmzError("duplicate", name=entry.shown)
        seen.add(key)


def check_entry(entry: Entry) -> None:
    if not _is_relative(entry.name):
        raise KmzError("entry_name", name=entry.shown)
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise KmzError("special_file", name=entry.shown)
    if entry.method not in METHODS:
        raise KmzError("method", name=entry.shown)
    if entry.suffix in ARCHIVES:
        raise KmzError("nested", name=entry.shown)
    if not entry.is_folder and entry.suffix not in SUFFIXES:
        raise KmzError("entry_type", name=entry.shown)


def _is_relative(name: str) -> bool:
    parts = name.removesuffix("/").split("/")
    return (
        len(name) <= NAME_LIMIT
        and len(parts) <= DEPTH_LIMIT
        and not any(part in ("", ".", "..") for part in parts)
        and "\\" not in name
        and not DRIVE.match(name)
        and not any(unicodedata.category(character) == "Cc" for character in name)
    )

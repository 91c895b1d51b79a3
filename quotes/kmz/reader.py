"""From bytes to `Trace`, in the order in which a hostile file is cheapest to refuse."""

import hashlib

from .archive import read_archive
from .errors import KmzError
from .kml import read_kml
from .text import shown_name
from .trace import Trace

FILE_LIMIT = 10 * 1024 * 1024
LENGTH_LIMIT_KM = 1000


def read_kmz(data: bytes, name: str) -> Trace:
    """Read an uploaded or downloaded KMZ. `name` is the name it came with. Raises KmzError.

    No child process guards the work, because the caps bound it: at most 50 MiB are inflated, one document of
    at most 20 MiB is parsed in one piece without a DTD, and reading stops at the first broken rule.
    """
    shown = _checked_name(name)
    if not data:
        raise KmzError("empty")
    if len(data) > FILE_LIMIT:
        raise KmzError("too_large", limit=FILE_LIMIT // 1024 // 1024)
    archive = read_archive(data)
    content = read_kml(archive.kml, archive.names)
    trace = Trace(shown, hashlib.sha256(data).hexdigest(), content.placemarks, _notes(content.notes, archive.inner))
    return _checked_route(trace)


def _checked_name(name: str) -> str:
    shown = shown_name(name)
    if not shown.lower().endswith(".kmz"):
        raise KmzError("file_name", name=shown)
    return shown


def _notes(notes: frozenset[str], inner: bool) -> tuple[str, ...]:
    return tuple(sorted(notes | ({"inner_kml_ignored"} if inner else set())))


def _checked_route(trace: Trace) -> Trace:
    if not trace.lines:
        raise KmzError("no_line")
    if trace.length_m > LENGTH_LIMIT_KM * 1000:
        raise KmzError("too_long", limit=LENGTH_LIMIT_KM)
    return trace

"""A ZIP of the files of some lines, written while it is sent: PDFs and traces byte for byte, and what is in it."""

import hashlib
from collections.abc import Iterator
from zipfile import ZipFile, ZipInfo

from django.utils import timezone

from quotes.models import ExportJob, Line
from quotes.selectors.exports import kept_pdfs
from quotes.services import spreadsheet
from quotes.services.files import harmless

MANIFEST = ("reference", "end_customer_name", "state", "pdf", "pdf_sha256", "pdf_asked_at", "trace", "trace_sha256")


class _Pipe:
    """What was written since it was last emptied; zipfile sees that it cannot go back in it."""

    def __init__(self):
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing waits."""

    def taken(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        return data


def streamed(lines: list[Line]) -> Iterator[bytes]:
    """Never more than one file in memory. A file that is not kept here is an empty cell of `manifest.csv`."""
    pipe, rows, names = _Pipe(), [MANIFEST], set()
    jobs = kept_pdfs(lines)
    with ZipFile(pipe, "w") as archive:
        for line in lines:
            name, job = _name(line, names), jobs.get(line.pk)
            pdf = _put(archive, f"{name}.pdf", job)
            trace = _put(archive, f"{name}.kmz", line.shown_trace)
            asked_at = timezone.localtime(job.asked_at).isoformat(timespec="seconds") if pdf[0] else ""
            rows.append((line.reference, line.end_customer_name, line.state, *pdf, asked_at, *trace))
            yield pipe.taken()
        archive.writestr(_entry("manifest.csv"), "".join(spreadsheet.written(rows)))
    yield pipe.taken()


def _put(archive, name, kept: ExportJob | None) -> tuple[str, str]:
    """Its name in the archive and the hash of its bytes; empty when there is none."""
    try:
        with kept.file.open() as file:
            data = file.read()
    except (AttributeError, OSError, ValueError):  # none is kept, or its file is no longer there
        return "", ""
    archive.writestr(_entry(name), data)
    return name, hashlib.sha256(data).hexdigest()


def _entry(name) -> ZipInfo:
    return ZipInfo(name, timezone.localtime().timetuple()[:6])


def _name(line, taken: set) -> str:
    """Of its reference, numbered when another line has the same."""
    base = name = harmless(line.reference or line.title)
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name.casefold())
    return name

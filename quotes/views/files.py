"""Files that leave the portal: always an attachment, under a name that every browser understands."""

import unicodedata
from urllib.parse import quote

from django.http import FileResponse, HttpResponse

from quotes.services.files import harmless


def attachment(data_or_file, name: str, content_type: str) -> HttpResponse | FileResponse:
    """Bytes, or an open file that is sent piece by piece. `name` may hold anything: it is made harmless here."""
    kind = HttpResponse if isinstance(data_or_file, bytes) else FileResponse
    response = kind(data_or_file, content_type=content_type)
    response["Content-Disposition"] = _disposition(harmless(name))
    response["Cache-Control"] = "private, no-store"
    if kind is HttpResponse:
        response["Content-Length"] = len(data_or_file)
    return response


def _disposition(name: str) -> str:
    """One header with an ASCII `filename` and the exact name as `filename*` (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip(" .") or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

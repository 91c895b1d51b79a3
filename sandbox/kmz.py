"""KMZ files: what is accepted as one, and how the demo draws its own."""

import io
import zipfile
from xml.sax.saxutils import escape

STAMP = (2026, 1, 1, 0, 0, 0)


def problem(name: str, content: bytes) -> str:
    """Why a file is no KMZ, or an empty text."""
    if not name.lower().endswith(".kmz"):
        return "File extension is not allowed. Allowed extensions are: kmz."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "The file is not a valid KMZ archive."
    if not any(member.lower().endswith(".kml") for member in names):
        return "The KMZ archive contains no KML document."
    return ""


def draw(name: str, points: list[tuple[float, float]]) -> bytes:
    """A KMZ with one line through `points` (latitude, longitude), the same bytes each time."""
    path = " ".join(f"{longitude:.6f},{latitude:.6f},0" for latitude, longitude in points)
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{escape(name)}</name><Placemark><name>Tracé</name>"
        f"<LineString><tessellate>1</tessellate><coordinates>{path}</coordinates></LineString>"
        "</Placemark></Document></kml>\n"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", STAMP), document.encode())
    return target.getvalue()

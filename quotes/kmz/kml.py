"""From a KML document to placemarks: one pass over the events of a parser that knows no DTD.

Nothing named in the document is ever fetched, opened or executed; what is not a line or a place is left out.
"""

import re
from dataclasses import dataclass
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from .coordinates import Coordinates
from .errors import KmzError
from .geometry import Line, Position
from .text import plain
from .trace import Placemark

DEPTH_LIMIT = 32
NESTING_LIMIT = 8  # of MultiGeometry
ELEMENTS_LIMIT = 200_000
TEXT_LIMIT = 64 * 1024
XINCLUDE = "http://www.w3.org/2001/XInclude"
DECLARED = re.compile(r"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([^"']*)""")

LINKS = frozenset({"href", "targetHref", "sourceHref", "styleUrl", "schemaUrl"})
KEPT = LINKS | {"coordinates", "name"}
KINDS = {"LineString": "line", "Point": "point", "Polygon": "area", "Track": "other", "Model": "other"}
NOTED = {
    "NetworkLink": "network_link_ignored",
    "Script": "active_content_ignored",
    "script": "active_content_ignored",
    "Update": "active_content_ignored",
    "Schema": "extra_data_ignored",
    "ExtendedData": "extra_data_ignored",
    "Polygon": "other_geometry_ignored",
    "Track": "other_geometry_ignored",
    "Model": "other_geometry_ignored",
}


@dataclass(frozen=True)
class Content:
    placemarks: tuple[Placemark, ...]
    notes: frozenset[str]


def read_kml(document: bytes, names: frozenset[str]) -> Content:
    """`names` are the entries of the archive: the only things a link may point at. Raises KmzError."""
    handler = _Handler(names)
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        _feed(parser, handler, _decoded(document))
    except DefusedXmlException as exc:
        raise KmzError("doctype") from exc
    except SAXParseException as exc:
        raise KmzError("bad_xml", line=exc.getLineNumber()) from exc
    return Content(tuple(handler.placemarks), frozenset(handler.notes))


def _feed(parser, handler: "_Handler", text: str) -> None:
    """A whole slice that yields neither element nor text is inside one long tag or comment: stop there.

    So no tag grows beyond two slices, and expat before 2.6, which reads an unfinished tag again at each slice,
    has nothing long to read again.
    """
    for at in range(0, len(text) or 1, TEXT_LIMIT):
        before, piece = handler.events, text[at : at + TEXT_LIMIT]
        parser.feed(piece)
        if handler.events == before and len(piece) == TEXT_LIMIT:
            raise KmzError("too_long_text", limit=TEXT_LIMIT // 1024)
    parser.close()


def _decoded(document: bytes) -> str:
    """UTF-8 and nothing else: two readers that guess differently would see two different routes."""
    try:
        text = document.decode("utf-8").removeprefix("\ufeff").lstrip()
    except UnicodeDecodeError as exc:
        raise KmzError("encoding") from exc
    declared = DECLARED.match(text)
    if "\0" in text or "\ufeff" in text:
        raise KmzError("encoding")
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise KmzError("encoding")
    return text


class _Handler(ContentHandler):
    """Keeps the text of the few elements that matter. Names are compared without their prefix."""

    def __init__(self, names: frozenset[str]):
        super().__init__()
        self.names = names
        self.placemarks: list[Placemark] = []
        self.notes: set[str] = set()
        self.path: list[str] = []
        self.texts: list[list[str]] = []
        self.events = self.elements = self.attributes = 0
        self.run = 0  # characters since the last tag
        self.coordinates = Coordinates()
        self._begin()

    def _begin(self):
        self.name, self.kinds = "", set()
        self.lines: list[Line] = []
        self.places: list[Position] = []

    def startElement(self, name, attributes):
        local = name.rpartition(":")[2]
        self.events += 1
        self.elements += 1
        self.attributes += len(attributes)
        if self.texts:
            self.texts[-1].append(" ")  # an element inside coordinates must not join two numbers
        self.path.append(local)
        self.texts.append([])
        self.run = 0
        self._check_limits(len(name) + sum(map(len, attributes.values())))
        self._check_attributes(attributes)
        if local in NOTED:
            self.notes.add(NOTED[local])
        if local in KINDS:
            self.kinds.add(KINDS[local])
        if local == "Placemark":
            self._finish()

    def _check_limits(self, size: int):
        if self.path[0] != "kml":
            raise KmzError("not_kml")
        if max(self.elements, self.attributes) > ELEMENTS_LIMIT:
            raise KmzError("too_many_elements", limit=ELEMENTS_LIMIT)
        if len(self.path) > DEPTH_LIMIT or self.path.count("MultiGeometry") > NESTING_LIMIT:
            raise KmzError("too_deep", limit=DEPTH_LIMIT if len(self.path) > DEPTH_LIMIT else NESTING_LIMIT)
        if size > TEXT_LIMIT:
            raise KmzError("too_long_text", limit=TEXT_LIMIT // 1024)

    def _check_attributes(self, attributes):
        for key, value in attributes.items():
            if value == XINCLUDE:
                raise KmzError("xinclude")
            if key.rpartition(":")[2] in ("href", "src"):
                self._check_link(value)

    def processingInstruction(self, target, data):
        raise KmzError("instruction")

    def characters(self, content):
        self.events += 1
        self.run += len(content)
        if self.path[-1] in KEPT:
            self.texts[-1].append(content)
        if self.run > TEXT_LIMIT and self.path[-1] != "coordinates":
            raise KmzError("too_long_text", limit=TEXT_LIMIT // 1024)

    def endElement(self, name):
        local, text = self.path.pop(), "".join(self.texts.pop())
        self.run = 0
        parent = self.path[-1] if self.path else ""
        if local in LINKS:
            self._check_link(text)
        elif local == "name" and parent == "Placemark":
            self.name = plain(text)
        elif local == "coordinates" and "Update" not in self.path:
            self._geometry(parent, text)
        elif local in ("Placemark", "kml"):
            self._finish()

    def _check_link(self, link: str):
        target = link.strip()
        if target and not target.startswith("#") and target.partition("#")[0] not in self.names:
            self.notes.add("remote_link_ignored")

    def _geometry(self, parent: str, text: str):
        if parent == "Point":
            self.places += self.coordinates.read(text)[:1]
        if parent != "LineString":
            return
        line = self.coordinates.read(text)
        if len(set(line)) < 2:
            self.notes.add("short_line_ignored")
        else:
            self.lines.append(line)

    def _finish(self):
        kind = next((kind for kind in ("line", "point", "area", "other") if kind in self.kinds), "")
        if kind:
            self.placemarks.append(Placemark(self.name, kind, tuple(self.lines), tuple(self.places)))
        self._begin()

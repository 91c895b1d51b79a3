"""KMZ files for tests and demonstrations: honest ones in one call, and zips bent in one place at a time."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from xml.sax.saxutils import escape

NAMESPACE = ' xmlns="http://www.opengis.net/kml/2.2"'
# About 1.84 km in Quimper, as in the mock-ups: (longitude, latitude).
QUIMPER = (
    (-4.1186, 47.9942), (-4.1183, 47.9954), (-4.1174, 47.9956), (-4.1158, 47.9957), (-4.1155, 47.9967),
    (-4.1138, 47.9969), (-4.1116, 47.9968), (-4.1106, 47.9974), (-4.1091, 47.9976), (-4.1077, 47.9976),
    (-4.1074, 47.9985), (-4.1054, 47.9987), (-4.1039, 47.9986), (-4.0989, 47.9979),
)  # fmt: skip


def make_kmz(lines=(QUIMPER,), name: str = "Route") -> bytes:
    """An ordinary KMZ: one Placemark for each line of (longitude, latitude) pairs."""
    marks = (placemark(coordinates(*line), name=f"{name} {at}") for at, line in enumerate(lines, 1))
    return zipped({"doc.kml": kml(*marks, name=name)})


def kml(*inside: str, name: str = "Route", namespace: str = NAMESPACE) -> str:
    body = "".join(inside) or placemark()
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml{namespace}><Document><name>{escape(name)}</name>'
        f"{body}</Document></kml>"
    )


def placemark(path: str = "", *, name: str = "Cable", more: str = "") -> str:
    return f"<Placemark><name>{escape(name)}</name>{more}{line(path or coordinates(*QUIMPER))}</Placemark>"


def line(path: str) -> str:
    return f"<LineString><tessellate>1</tessellate><coordinates>{path}</coordinates></LineString>"


def coordinates(*positions) -> str:
    return " ".join(",".join(str(number) for number in position) for position in positions)


def zipped(entries: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class Pipe(io.RawIOBase):
    """A place to write that cannot be rewound, so that zip writers put the sizes behind the data."""

    def __init__(self):
        self.written = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.written += bytes(data)
        return len(data)


@dataclass
class Part:
    """One entry of `raw_zip`. What is None is written as the truth demands; the rest is written as given."""

    name: str | bytes = "doc.kml"
    content: bytes | str = ""
    method: int = 8
    flags: int = 0
    packed: bytes | None = None
    crc: int | None = None
    packed_size: int | None = None
    size: int | None = None
    local_name: bytes | None = None
    local_sizes: tuple[int, int, int] | None = None  # crc, packed, unpacked
    local_method: int | None = None
    local_flags: int | None = None
    local_extra: bytes = b""
    extra: bytes = b""
    descriptor: bytes = b""
    comment: bytes = b""
    attributes: int = 0
    system: int = 0
    version: int = 20
    at: int | None = None
    gap: bytes = b""  # between this entry and what follows

    def __post_init__(self):
        self.name = self.name.encode() if isinstance(self.name, str) else self.name
        self.content = self.content.encode() if isinstance(self.content, str) else self.content
        if self.packed is None:
            self.packed = self.content if self.method == 0 else deflated(self.content)
        self.crc = zlib.crc32(self.content) if self.crc is None else self.crc
        self.packed_size = len(self.packed) if self.packed_size is None else self.packed_size
        self.size = len(self.content) if self.size is None else self.size

    @property
    def sizes(self):
        return self.crc, self.packed_size, self.size

    def local(self) -> bytes:
        name = self.name if self.local_name is None else self.local_name
        method = self.method if self.local_method is None else self.local_method
        flags = self.flags if self.local_flags is None else self.local_flags
        sizes = self.sizes if self.local_sizes is None else self.local_sizes
        head = struct.pack(
            "<4s5H3I2H", b"PK\3\4", self.version, flags, method, 0, 0x5C97, *sizes, len(name), len(self.local_extra)
        )
        return head + name + self.local_extra + self.packed + self.descriptor + self.gap

    def central(self, at: int) -> bytes:
        head = struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", self.system << 8 | self.version, self.version, self.flags, self.method, 0, 0x5C97,
            *self.sizes, len(self.name), len(self.extra), len(self.comment), 0, 0, self.attributes,
            at if self.at is None else self.at,
        )  # fmt: skip
        return head + self.name + self.extra + self.comment


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def raw_zip(*parts: Part, before=b"", before_end=b"", after=b"", comment=b"", count=None, shift=0) -> bytes:
    """`before` is not counted in the offsets (a prefixed archive); `shift` moves the directory's stated offset."""
    body, directory = b"", b""
    for part in parts:
        directory += part.central(len(body))
        body += part.local()
    count = len(parts) if count is None else count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body) + shift, len(comment))
    return before + body + directory + before_end + end + comment + after


def document(**options) -> Part:
    """The honest root KML as a part, to stand beside a bent one or to be bent itself."""
    return Part(**{"content": kml(), **options})

"""Files that must be taken, as the writers of this world make them. Each builds its bytes when it is asked for."""

import io
import struct
import zipfile

from tests.kmz_files import (
    QUIMPER,
    Part,
    Pipe,
    document,
    kml,
    line,
    make_kmz,
    placemark,
    raw_zip,
    zipped,
)  # fmt: skip

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
STYLE = (
    '<Style id="s"><IconStyle><Icon><href>http://maps.google.com/mapfiles/kml/pushpin/ylw-pushpin.png</href></Icon>'
    "</IconStyle></Style>"
)
BALLOON = "<!DOCTYPE html><b>x</b><script>1</script>"
MULTI = "<MultiGeometry>"
SHORT = "-4.1,48 -4.09,48.001"


def doc(*inside, **options):
    return zipped({"doc.kml": kml(*inside, **options)})


def streamed(entries):
    """As a web server writes a zip: bit 3 of the flags, sizes behind the data."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return bytes(pipe.written)


def with_folder(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("files")
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def described(signature=b"PK\7\x08"):
    """A data descriptor with or without its optional signature."""
    part = document(flags=0x0808, local_sizes=(0, 0, 0))
    part.descriptor = signature + struct.pack("<3I", *part.sizes)
    return raw_zip(part)


def rewound():
    """Bit 3 set, yet the writer went back, wrote the header and left the descriptor out."""
    return raw_zip(document(flags=0x0008))


def info_zip():
    stamp = b"UT\x09\x00\x03" + bytes(8)
    owner = b"ux\x0b\x00\x01\x04" + bytes(9)
    return raw_zip(
        Part("files/", "", method=0, system=3, attributes=0o40755 << 16 | 0x10, local_extra=stamp, extra=stamp[:9]),
        document(system=3, attributes=0o100644 << 16, local_extra=stamp + owner, extra=owner),
    )


def gdal():
    """QGIS: version 45 and an unused ZIP64 field in the local header, ordinary sizes everywhere."""
    return raw_zip(document(version=45, local_extra=struct.pack("<2H2Q", 1, 16, 0, 0)))


def google_earth():
    body = (
        '<atom:link rel="app" href="https://www.google.com/earth/about/versions/#earth-pro" title="Google Earth Pro"/>'
        + STYLE
        + "<Folder><name>Fibre</name><open>1</open>"
        + "<Placemark><name>L3T 29232/1147</name>"
        + "<Point><coordinates>-4.1186,47.9942,0</coordinates></Point></Placemark>"
        + "<Placemark><name>Tracé</name><styleUrl>#s</styleUrl>"
        + line("\n\t\t\t\t" + " ".join(f"{x},{y},0" for x, y in QUIMPER) + " \n\t\t\t")
        + "</Placemark></Folder>"
    )
    spaces = (
        ' xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2" '
        'xmlns:kml="http://www.opengis.net/kml/2.2" xmlns:atom="http://www.w3.org/2005/Atom"'
    )
    return zipped({"doc.kml": kml(body, namespace=spaces), "files/pin.png": PNG})


def qgis():
    schema = '<Schema name="trace" id="trace"><SimpleField name="id" type="int"></SimpleField></Schema>'
    data = (
        '<ExtendedData><SchemaData schemaUrl="#trace"><SimpleData name="id">1</SimpleData></SchemaData></ExtendedData>'
    )
    multi = f"<Placemark>{data}<MultiGeometry>{line(SHORT)}{line('-4.09,48.001 -4.08,48')}</MultiGeometry></Placemark>"
    return doc(schema, f"<Folder><name>trace</name>{multi}</Folder>")


def many_placemarks():
    """Indentation adds up to more than one long text would be allowed."""
    marks = ("\n" + " " * 20 + placemark(f"{-4 + at / 1e5:.5f},48 {-4 + at / 1e5:.5f},48.0001") for at in range(4000))
    return doc(*marks)


HONEST = {
    "made with zipfile": make_kmz,
    "stored, not packed": lambda: zipped({"doc.kml": kml()}, zipfile.ZIP_STORED),
    "another root name": lambda: zipped({"Tracé Quimper.kml": kml()}),
    "upper case suffix": lambda: zipped({"DOC.KML": kml()}),
    "no namespace": lambda: doc(namespace=""),
    "old namespace": lambda: doc(namespace=' xmlns="http://earth.google.com/kml/2.1"'),
    "prefixed elements": lambda: zipped(
        {
            "doc.kml": '<k:kml xmlns:k="http://www.opengis.net/kml/2.2"><k:Placemark><k:LineString><k:coordinates>'
            f"{SHORT}</k:coordinates></k:LineString></k:Placemark></k:kml>"
        }
    ),
    "no XML declaration": lambda: zipped({"doc.kml": kml().partition("\n")[2]}),
    "byte order mark": lambda: zipped({"doc.kml": "\ufeff" + kml()}),
    "line feeds of Windows": lambda: doc(placemark("\r\n-4.1,48,0\r\n-4.09,48.001,0\r\n")),
    "three dimensions": lambda: doc(placemark("-4.1,48,35.2 -4.09,48.001,36")),
    "space after the commas": lambda: doc(placemark("-4.1, 48, 0 -4.09, 48.001, 0")),
    "exponents": lambda: doc(placemark("-4.1e0,4.8E+1 -4.09,48.001")),
    "several lines": lambda: make_kmz([QUIMPER, ((-4.09, 48), (-4.08, 48))]),
    "nested folders": lambda: doc("<Folder><Folder>" + placemark() + "</Folder></Folder>"),
    "nested geometry": lambda: doc(f"<Placemark>{2 * MULTI}{line(SHORT)}{2 * MULTI.replace('<', '</')}</Placemark>"),
    "pictures": lambda: zipped({"doc.kml": kml(), "files/icon.png": PNG, "files/photo.JPG": b"\xff\xd8\xff\xe0"}),
    "folder entry": lambda: with_folder({"doc.kml": kml(), "files/icon.png": PNG}),
    "second KML in a folder": lambda: zipped({"doc.kml": kml(), "layers/other.kml": kml()}),
    "streamed": lambda: streamed({"doc.kml": kml(), "files/icon.png": PNG}),
    "descriptor with signature": described,
    "descriptor without signature": lambda: described(b""),
    "descriptor left out": rewound,
    "Info-ZIP": info_zip,
    "GDAL": gdal,
    "Windows Explorer": lambda: raw_zip(document(attributes=0x20)),
    "Google Earth": google_earth,
    "QGIS": qgis,
    "accents in CP437": lambda: raw_zip(Part(b"trac\x82.kml", kml())),
    "description in CDATA": lambda: doc(placemark(more=f"<description><![CDATA[{BALLOON}]]></description>")),
    "many placemarks": many_placemarks,
    "long line": lambda: make_kmz([[(-4 + at / 1e5, 48 + (at % 2) / 1e5) for at in range(20_000)]]),
    "empty line beside a good one": lambda: doc(placemark(), f"<Placemark>{line('')}</Placemark>"),
    "well packed": lambda: doc(placemark(SHORT + " -4.09,48.001" * 3000)),
    "across the date line": lambda: doc(placemark("179.99,-16 -179.99,-16")),
    "decimal places by the dozen": lambda: doc(placemark("-4.10000000000000053,48 -4.09,48.00000000000000112")),
}  # fmt: skip

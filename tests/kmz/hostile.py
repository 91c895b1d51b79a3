"""Files that must be refused, by the row of the list of bad input that they stand for.

Each case: the row and a name, the code it is refused with, and how to build it. Nothing here is a real exploit;
each file breaks exactly one rule, so that a rule which no longer holds makes exactly its own cases fail.
"""

import gzip
import io
import struct
import zipfile

from tests.kmz_files import (
    Part,
    deflated,
    document,
    kml,
    line,
    make_kmz,
    placemark,
    raw_zip,
    zipped,
)  # fmt: skip

PNG = b"\x89PNG\r\n\x1a\n"
PACKED = deflated(kml().encode())
DESCRIBED = {"flags": 8, "local_sizes": (0, 0, 0)}
MIB = 1024 * 1024
LINE = "<Placemark><LineString><coordinates>-4.1,48 -4.09,48.001</coordinates></LineString></Placemark>"


def with_entry(name, content=PNG, **options):
    """An honest document beside one entry that is not."""
    return raw_zip(document(), Part(name, content, **options))


def twice(*names):
    return raw_zip(document(), *(Part(name, "", flags=0x0800) for name in names))


def many(count):
    return raw_zip(document(), *(Part(f"{at}.png") for at in range(1, count)))


def special(mode):
    return with_entry("a.png", "/etc/passwd", attributes=mode << 16, system=3)


def doc(*inside):
    return zipped({"doc.kml": kml(*inside)})


def raw(text):
    return zipped({"doc.kml": text})


def declared(internal, reference=""):
    return raw(f'<?xml version="1.0"?><!DOCTYPE kml {internal}><kml><name>{reference}</name>{LINE}</kml>')


def path(*text):
    return doc(placemark(" ".join(text)))


def nested(count):
    return f"<Placemark>{'<MultiGeometry>' * count}{line('1,2 3,4')}{'</MultiGeometry>' * count}</Placemark>"


def attributes(row):
    return "<a " + " ".join(f'a{at}="{at * row:x}"' for at in range(4500)) + "/>"


def deep(count):
    return f"<kml>{'<a>' * count}"


def noise(size):
    """Text that hardly packs, so that only the rule in question stands in its way."""
    return "".join(f"{at * 2654435761 % 4294967291:08x}" for at in range(size // 8))


def filler(size):
    """Packs some twentyfold: large when unpacked, small on the way, and under the ratio limit."""
    source = noise(size // 10)
    return "".join(source[at : at + 512] * 10 for at in range(0, len(source), 512)).encode()


def blank(text):
    return doc(f"<Placemark>{line(text)}</Placemark>")


def overlapping(count=40):
    """Every entry points at the same packed data: a few kilobytes would become fifty megabytes."""
    shared = document(content=kml() + " " * 60_000)
    others = [Part(f"files/{at}.png", shared.content, at=0) for at in range(count)]
    for other in others:
        other.packed = other.local_name = b""
    head = shared.local()
    directory = shared.central(0) + b"".join(other.central(0) for other in others)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count + 1, count + 1, len(directory), len(head), 0)
    return head + directory + end


def shifted_overlap():
    """Two entries that share a tail: the second begins inside the packed data of the first."""
    inner = Part("a.png", PNG, method=0)
    outer = Part("b.png", b"PNG" + inner.local(), method=0)
    return raw_zip(document(), outer, Part("a.png", PNG, method=0, at=len(document().local()) + 35 + 3))


def zip64_end():
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 0, 0)
    return raw_zip(document(), before_end=record + struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1))


def forced_zip64():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("doc.kml", "w", force_zip64=True) as entry:
        entry.write(kml().encode())
    return buffer.getvalue()


FILES = [
    ("B29 no bytes", "empty", lambda: b""),
    ("B29 one byte", "not_kmz", lambda: b"P"),
    ("B29 empty archive", "not_kmz", lambda: zipped({})),
    ("B30 ten MiB and one byte", "too_large", lambda: b"PK\3\4" + bytes(10 * MIB - 3)),
    ("B31 a bare KML", "not_kmz", lambda: kml().encode()),
    ("B31 a zip of text", "no_kml", lambda: zipped({"readme.txt": "x"})),
    ("B31 a word processor's file", "no_kml", lambda: zipped({"[Content_Types].xml": "x", "word/document.xml": "x"})),
    ("B31 a Java program", "no_kml", lambda: zipped({"META-INF/MANIFEST.MF": "x", "A.class": b"\xca\xfe\xba\xbe"})),
    ("B31 a picture", "not_kmz", lambda: PNG + bytes(500)),
    ("B31 a page", "not_kmz", lambda: b"<!doctype html><title>Not found</title>"),
]  # fmt: skip

BOMBS = [
    ("B34 flat bomb", "unpacked_size", lambda: raw_zip(document(content=filler(21 * MIB)))),
    ("B34 flat bomb of blanks", "ratio", lambda: raw_zip(document(content=kml() + " " * 15 * MIB))),
    ("B34 bomb with small sizes declared", "ratio", lambda: raw_zip(document(packed=deflated(bytes(MIB))))),
    ("B34 high ratio under the size cap", "ratio", lambda: raw_zip(document(), Part("a.png", bytes(300_000)))),
    (
        "B34 many entries, too much in all", "unpacked_size",
        lambda: raw_zip(document(), *(Part(f"{at}.png", filler(19 * MIB)) for at in range(3))),
    ),
    ("B35 all entries share one body", "overlap", overlapping),
    ("B35 one entry inside another", "overlap", shifted_overlap),
    ("B35 data that runs into the directory", "overlap", lambda: raw_zip(document(packed_size=100_000))),
    ("B36 KMZ in KMZ", "nested", lambda: with_entry("inner.kmz", make_kmz())),
    ("B36 zip by name", "nested", lambda: with_entry("a.zip")),
    ("B36 zip called picture", "nested", lambda: with_entry("a.png", make_kmz())),
    ("B36 zip behind a picture", "nested", lambda: with_entry("a.png", PNG + make_kmz())),
    ("B36 gzip called picture", "nested", lambda: with_entry("a.jpg", gzip.compress(b"x"))),
    ("B36 rar called picture", "nested", lambda: with_entry("a.jpeg", b"Rar!\x1a\7\0")),
]  # fmt: skip

NAMES = [
    ("B37 parent folder", "entry_name", lambda: with_entry("../x.png")),
    ("B37 parent folder inside", "entry_name", lambda: with_entry("files/../../x.png")),
    ("B37 absolute", "entry_name", lambda: with_entry("/etc/x.png")),
    ("B37 drive", "entry_name", lambda: with_entry("C:/x.png")),
    ("B37 drive without a slash", "entry_name", lambda: with_entry("c:x.png")),
    ("B37 backslash", "entry_name", lambda: with_entry("x\\..\\y.png")),
    ("B37 backslash folder", "entry_name", lambda: with_entry("files\\x.png")),
    ("B37 NUL", "entry_name", lambda: with_entry(b"x.png\0.exe.png")),
    ("B37 line feed", "entry_name", lambda: with_entry("x\r\ny.png")),
    ("B37 empty name", "entry_name", lambda: with_entry("")),
    ("B37 empty part", "entry_name", lambda: with_entry("files//x.png")),
    ("B37 dot part", "entry_name", lambda: with_entry("./x.png")),
    ("B37 256 characters", "entry_name", lambda: with_entry("x" * 252 + ".png")),
    ("B37 six levels", "entry_name", lambda: with_entry("a/b/c/d/e/x.png")),
    ("B37 broken UTF-8", "entry_name", lambda: with_entry(b"\xff\xfe.png", flags=0x0800)),
    ("B37 201 entries", "too_many_entries", lambda: many(201)),
    ("B37 5,000 entries", "too_many_entries", lambda: many(5000)),
    ("B37 a page", "entry_type", lambda: with_entry("index.html", "<script>1</script>")),
    ("B37 a program", "entry_type", lambda: with_entry("setup.exe", b"MZ")),
    ("B37 a drawing with script", "entry_type", lambda: with_entry("a.svg", "<svg/>")),
    ("B37 no suffix", "entry_type", lambda: with_entry("files/x")),
    ("B37 a folder with content", "entry_type", lambda: with_entry("files/", "hidden")),
]  # fmt: skip

STRUCTURE = [
    ("B38 symbolic link", "special_file", lambda: special(0o120777)),
    ("B38 device", "special_file", lambda: special(0o020666)),
    ("B38 pipe", "special_file", lambda: special(0o010666)),
    ("B38 encrypted", "encrypted", lambda: raw_zip(document(flags=0x1))),
    ("B38 encrypted says the local header only", "encrypted", lambda: raw_zip(document(local_flags=0x1))),
    ("B38 strongly encrypted", "encrypted", lambda: raw_zip(document(flags=0x41))),
    ("B38 masked headers", "encrypted", lambda: raw_zip(document(flags=0x2000))),
    ("B38 bzip2", "method", lambda: zipped({"doc.kml": kml()}, zipfile.ZIP_BZIP2)),
    ("B38 lzma", "method", lambda: zipped({"doc.kml": kml()}, zipfile.ZIP_LZMA)),
    ("B38 deflate64", "method", lambda: with_entry("a.png", method=9)),
    ("B38 ZIP64 sizes in the local header", "zip64", forced_zip64),
    ("B38 ZIP64 sizes in the directory", "zip64", lambda: raw_zip(document(size=0xFFFFFFFF))),
    ("B38 ZIP64 end record", "zip64", zip64_end),
    ("B38 wrong checksum", "damaged", lambda: raw_zip(document(crc=1))),
    ("B38 wrong checksum, stored", "damaged", lambda: raw_zip(document(method=0, crc=1))),
    ("B38 size declared too small", "damaged", lambda: raw_zip(document(size=10))),
    ("B38 data cut off", "damaged", lambda: raw_zip(document(packed=PACKED[:-9]))),
    ("B38 not a deflate stream", "damaged", lambda: raw_zip(document(packed=b"\xff" * 50))),
    ("B38 bytes after the deflate stream", "extra_data", lambda: raw_zip(document(packed=PACKED + b"x"))),
    ("B38 another local name", "mismatch", lambda: raw_zip(document(local_name=b"DOC.kml"))),
    ("B38 another local method", "mismatch", lambda: raw_zip(document(local_method=0))),
    ("B38 other local sizes", "mismatch", lambda: raw_zip(document(local_sizes=(1, 2, 3)))),
    ("B38 a descriptor that differs", "mismatch", lambda: raw_zip(document(**DESCRIBED, descriptor=bytes(16)))),
    ("B38 no local header there", "mismatch", lambda: raw_zip(Part("x.png", PNG, local_name=b""), document(at=10_000))),
    ("B38 doc.kml twice", "duplicate", lambda: raw_zip(document(), document())),
    ("B38 doc.kml twice by case", "duplicate", lambda: raw_zip(document(), document(name="DOC.KML"))),
    ("B38 twice by accent form", "duplicate", lambda: twice("é.png", "e\u0301.png")),
    ("B38 file and folder of one name", "duplicate", lambda: twice("a.png", "a.png/")),
    ("B38 fewer entries than said", "damaged", lambda: raw_zip(document(), count=2)),
    ("B38 more entries than said", "extra_data", lambda: raw_zip(document(), Part("a.png", PNG), count=1)),
    ("B38 cut in the middle", "damaged", lambda: make_kmz()[:-60]),
]  # fmt: skip


POLYGLOTS = [
    ("B39 page before", "not_kmz", lambda: b"<html><script>1</script>" + make_kmz()),
    ("B39 PDF before", "not_kmz", lambda: b"%PDF-1.7\n" + make_kmz()),
    ("B39 picture before", "not_kmz", lambda: b"GIF89a" + make_kmz()),
    ("B39 archive before", "extra_data", lambda: make_kmz() + make_kmz()),
    ("B39 script after", "extra_data", lambda: make_kmz() + b"<script>1</script>"),
    ("B39 one byte after", "extra_data", lambda: make_kmz() + b"\n"),
    ("B39 comment with markup", "extra_data", lambda: raw_zip(document(), comment=b"<script>1</script>")),
    ("B39 comment on an entry", "extra_data", lambda: raw_zip(document(comment=b"<script>"))),
    ("B39 data between entries", "extra_data", lambda: raw_zip(document(gap=b"%PDF-1.7"), Part("a.png", PNG))),
    ("B39 data before the directory", "extra_data", lambda: raw_zip(document(gap=b"hidden"))),
    ("B39 data before the end record", "extra_data", lambda: raw_zip(document(), before_end=b"hidden")),
    ("B39 an entry not in the directory", "extra_data", lambda: raw_zip(document(gap=Part("b.exe", "MZ").local()))),
]  # fmt: skip

DOCUMENTS = [
    ("B40 two root KML", "two_root_kml", lambda: zipped({"doc.kml": kml(), "other.kml": kml()})),
    ("B40 pictures only", "no_kml", lambda: zipped({"a.png": PNG})),
    ("B40 KML in a folder only", "no_root_kml", lambda: zipped({"route/doc.kml": kml()})),
    ("B41 harmless DOCTYPE", "doctype", lambda: declared("")),
    ("B41 public DOCTYPE", "doctype", lambda: declared('PUBLIC "-//X" "http://127.0.0.1:1/x.dtd"')),
    ("B41 system DOCTYPE", "doctype", lambda: declared('SYSTEM "file:///etc/passwd"')),
    ("B41 billion laughs", "doctype", lambda: declared(LAUGHS, "&b9;")),
    ("B41 quadratic entity", "doctype", lambda: declared(f'[<!ENTITY a "{"x" * 30_000}">]', "&a;" * 10_000)),
    ("B41 external entity", "doctype", lambda: declared('[<!ENTITY a SYSTEM "file:///etc/passwd">]', "&a;")),
    ("B41 remote entity", "doctype", lambda: declared('[<!ENTITY a SYSTEM "http://127.0.0.1:1/">]', "&a;")),
    ("B41 parameter entity", "doctype", lambda: declared('[<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]')),
    ("B41 entity without a DTD", "bad_xml", lambda: raw(f"<kml>&nope;{LINE}</kml>")),
    ("B41 XInclude", "xinclude", lambda: doc(INCLUDE, LINE)),
    ("B41 stylesheet", "instruction", lambda: raw(f'<?xml-stylesheet href="http://127.0.0.1:1/a.xsl"?><kml>{LINE}</kml>')),
    ("B41 other instruction", "instruction", lambda: doc("<?php 1 ?>", LINE)),
    ("B42 UTF-16", "encoding", lambda: zipped({"doc.kml": kml().encode("utf-16")})),
    ("B42 UTF-16 without a mark", "encoding", lambda: zipped({"doc.kml": kml().encode("utf-16-le")})),
    ("B42 UTF-32", "encoding", lambda: zipped({"doc.kml": kml().encode("utf-32")})),
    ("B42 UTF-7 declared", "encoding", lambda: raw(kml().replace("UTF-8", "UTF-7"))),
    ("B42 Latin 1 declared", "encoding", lambda: raw(kml().replace("UTF-8", "ISO-8859-1"))),
    ("B42 Latin 1 in fact", "encoding", lambda: zipped({"doc.kml": kml(placemark(name="Tracé")).encode("latin-1")})),
    ("B42 mark in the middle", "encoding", lambda: doc("\ufeff", LINE)),
    ("B42 NUL", "encoding", lambda: doc("\0", LINE)),
    ("B43 attribute of 8 MB", "too_long_text", lambda: doc(f'<a b="{noise(8_000_000)}"/>', LINE)),
    ("B43 attribute just too long", "too_long_text", lambda: doc(f'<a b="{noise(66_000)}"/>', LINE)),
    ("B43 text too long", "too_long_text", lambda: doc(placemark(name=noise(200_000)))),
    ("B43 comment of 1 MB", "too_long_text", lambda: doc(f"<!--{noise(1_000_000)}-->", LINE)),
    ("B43 a million elements", "too_many_elements", lambda: doc(*(f"<a{at * 7919:x}/>" for at in range(1_000_000)))),
    ("B43 a quarter million attributes", "too_many_elements", lambda: doc(*map(attributes, range(50)))),
    ("B43 depth 200,000", "too_deep", lambda: raw(deep(20_000))),
    ("B43 depth 33", "too_deep", lambda: raw(deep(32))),
    ("B43 300,000 points", "too_many_points", lambda: path(*(f"{at * 7919 % 90}.{at},48" for at in range(300_000)))),
    ("B43 100,001 points in two lines", "too_many_points", lambda: doc(*2 * [placemark(POINTS)])),
    ("B43 not closed", "bad_xml", lambda: raw("<kml><Document>")),
    ("B43 empty document", "bad_xml", lambda: raw("")),
    ("B43 a page", "not_kml", lambda: raw(f"<html>{LINE}</html>")),
    ("B43 another route format", "not_kml", lambda: raw("<gpx><trk/></gpx>")),
]  # fmt: skip

LAUGHS = f'[<!ENTITY b0 "ha">{"".join(f"""<!ENTITY b{at} "{f"&b{at - 1};" * 10}">""" for at in range(1, 10))}]'
POINTS = " ".join(f"{at * 7919 % 90}.{at},48" for at in range(50_001))
INCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'

GEOMETRY = [
    *(
        (f"B44 {text}", "coordinate", lambda text=text: path("-4.1,48", text, "-4.09,48"))
        for text in (
            "NaN,48", "-4.1,nan", "inf,48", "1e999,48", "-4,1e400", "181,0", "-180.001,0", "0,91", "0,-90.5", "1,2,3,4",
            "1,2,10001", "1,2,NaN", "1", "1;2", "1,2,", "1_0,2", "٤,٤٨", "0x10,2", "1,,2", "one,two",
            "1,2<a/>3", "9" * 400 + ",2", "1.5.1,2", "--1,2",
        )
    ),
    ("B44 no latitude", "coordinate", lambda: path("1,")),
    ("B44 no longitude", "coordinate", lambda: path(",2 ,3")),
    ("B44 decimal commas", "coordinate", lambda: path("-4,1;48,0 -4,09;48,0")),
    ("B44 degrees and minutes", "coordinate", lambda: path("4°06′W,48°00′N 4°05′W,48°00′N")),
    ("B44 swapped out of range", "coordinate", lambda: path("48,-94.1 48,-94.0")),
    ("B44 markup", "coordinate", lambda: path("&lt;script&gt;,1 2,3")),
    ("B44 a bad point beside the line", "coordinate", lambda: doc(LINE, POINT.format("200,1"))),
    ("B44 empty", "no_line", lambda: blank("")),
    ("B44 blank", "no_line", lambda: blank(" \n\t ")),
    ("B44 one point only", "no_line", lambda: path("-4.1,48")),
    ("B44 the same point twice", "no_line", lambda: path("-4.1,48 -4.1,48")),
    ("B44 only a Point", "no_line", lambda: doc(POINT.format("-4.1,48"))),
    ("B44 only an area", "no_line", lambda: doc(f"<Placemark>{AREA}</Placemark>")),
    ("B44 only a track", "no_line", lambda: doc("<Placemark><gx:Track><coord>1 2 3</coord></gx:Track></Placemark>")),
    ("B44 no geometry", "no_line", lambda: doc("<Placemark/>")),
    ("B44 only in an update", "no_line", lambda: doc(f"<Update><Change>{LINE}</Change></Update>")),
    ("B44 longer than 1,000 km", "too_long", lambda: path("-4,48 20,48")),
    ("B45 MultiGeometry nine deep", "too_deep", lambda: doc(nested(9))),
    ("B45 MultiGeometry a thousand deep", "too_deep", lambda: doc(nested(1000))),
]  # fmt: skip

POINT = "<Placemark><Point><coordinates>{}</coordinates></Point></Placemark>"
AREA = (
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4 5,6 1,2</coordinates></LinearRing></outerBoundaryIs>"
    "</Polygon>"
)

CASES = FILES + BOMBS + NAMES + STRUCTURE + POLYGLOTS + DOCUMENTS + GEOMETRY

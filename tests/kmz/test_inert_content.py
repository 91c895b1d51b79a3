import pytest

from quotes.kmz import KmzError, read_kmz
from quotes.kmz.text import plain, shown_name
from tests.kmz_files import kml, make_kmz, placemark, zipped

from .hostile import LINE, PNG

LINK = "<NetworkLink><Link><href>http://127.0.0.1:1/more.kml</href></Link></NetworkLink>"
ICON = "<Style><IconStyle><Icon><href>{}</href></Icon></IconStyle></Style>"


def notes(*inside, **files):
    return read_kmz(zipped({"doc.kml": kml(*inside, LINE), **files}), "route.kmz").notes


def test_a_network_link_is_noted_and_not_followed():
    assert notes(LINK) == ("network_link_ignored", "remote_link_ignored")


@pytest.mark.parametrize(
    "href",
    [
        "http://example.test/pin.png",
        "//example.test/pin.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "files/not-in-the-archive.png",
        "../doc.kml",
    ],
)
def test_a_link_out_of_the_archive_is_noted(href):
    assert notes(ICON.format(href)) == ("remote_link_ignored",)


def test_a_link_into_the_archive_or_the_document_needs_no_note():
    inside = ICON.format("files/pin.png") + "<styleUrl>#line</styleUrl>"
    trace = read_kmz(zipped({"doc.kml": kml(inside, LINE), "files/pin.png": PNG}), "route.kmz")
    assert trace.notes == ()


def test_a_style_or_a_link_in_an_attribute_can_be_remote_too():
    assert notes("<styleUrl>http://example.test/a.kml#x</styleUrl>") == ("remote_link_ignored",)
    assert notes('<description><img src="http://example.test/a.png"/></description>') == ("remote_link_ignored",)


@pytest.mark.parametrize("inside", ["<Script>1</Script>", "<Update/>", "<description><script>1</script></description>"])
def test_what_would_act_is_noted_and_ignored(inside):
    assert notes(inside) == ("active_content_ignored",)


def test_what_is_no_line_is_noted():
    assert notes("<Placemark><Polygon/></Placemark>") == ("other_geometry_ignored",)
    assert notes("<Placemark><LineString/></Placemark>") == ()
    assert notes(placemark("1,2")) == ("short_line_ignored",)
    assert notes(**{"layers/a.kml": kml()}) == ("inner_kml_ignored",)
    assert notes("<Schema/>") == ("extra_data_ignored",)


def test_a_name_is_kept_as_text_without_control_or_direction_marks():
    name = "<script>alert(1)</script>\u202egnp.\u2066 A\u0301\u200b\n"
    trace = read_kmz(zipped({"doc.kml": kml(placemark(name=name))}), "route.kmz")
    assert trace.names[0][0] == "<script>alert(1)</script>gnp. Á"


def test_a_name_written_in_cdata_is_text_as_well():
    mark = LINE.replace("<LineString>", "<name><![CDATA[<img src=x onerror=1>]]></name><LineString>")
    assert read_kmz(zipped({"doc.kml": kml(mark)}), "route.kmz").names[0][0] == "<img src=x onerror=1>"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("route.kmz", "route.kmz"),
        ("..\\..\\x.kmz", "x.kmz"),
        ("/etc/passwd/x.KMZ", "x.KMZ"),
        ("C:\\Users\\me\\tracé.kmz", "tracé.kmz"),
        ("con.kmz", "con.kmz"),
        ("a\0b\r\n.kmz", "a b .kmz"),
        ("ex\u202ezmk.kmz", "exzmk.kmz"),
        ("\ud800route.kmz", "route.kmz"),
        ("x" * 300 + ".kmz", "x" * 96 + ".kmz"),
        ("<b>.kmz", "<b>.kmz"),
    ],
)
def test_the_name_of_the_upload_is_made_safe_to_show(given, shown):
    assert read_kmz(make_kmz(), given).name == shown_name(given) == shown


def test_a_name_that_hides_its_suffix_is_refused_by_what_it_really_ends_in():
    with pytest.raises(KmzError):
        read_kmz(make_kmz(), "route\u202ezmk.exe")


def test_plain_text_is_cut():
    assert plain("x" * 1000) == "x" * 100


def test_no_single_wrong_byte_ends_in_anything_but_a_refusal_or_a_route():
    good = zipped({"doc.kml": kml(LINE)})
    for at in range(len(good)):
        for change in (0x01, 0x80, 0xFF):
            bad = good[:at] + bytes([good[at] ^ change]) + good[at + 1 :]
            try:
                assert read_kmz(bad, "route.kmz").lines
            except KmzError:
                pass


def test_no_cut_file_ends_in_anything_but_a_refusal():
    good = make_kmz()
    for size in range(len(good)):
        with pytest.raises(KmzError):
            read_kmz(good[:size], "route.kmz")

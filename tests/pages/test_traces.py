"""The trace of a line: sent byte for byte, refused in sentences, fetched when the operator holds another."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quotes.models import Command, Line, Trace
from quotes.sync import watch
from quotes.sync.connection import connect
from tests.cast import COMPLETE, nonce
from tests.kmz_files import QUIMPER, kml, make_kmz, zipped
from tests.pages.browsing import FOUR_WAYS, hidden, main, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
KMZ = make_kmz()
OTHER = make_kmz((QUIMPER[:5],), name="Other")


@pytest.fixture
def as_(as_british):
    return as_british


@pytest.fixture
def line(operator, settings, tmp_path) -> Line:
    """A draft at the operator, without a trace."""
    settings.MEDIA_ROOT = tmp_path
    basket_id = operator.world.draft(external_id="FLASH-1")
    line_id = operator.world.add_line(basket_id, COMPLETE)["id"]
    line = a_line(a_basket(id=basket_id, state="acknowledged"), id=line_id, prices=[])
    watch.read_line(connect(), line)
    line.refresh_from_db()
    return line


def address(line, rest=""):
    return f"/lines/{line.pk}/trace{rest or '/'}"


def a_file(data=KMZ, name="route.kmz"):
    return SimpleUploadedFile(name, data)


def uploaded(client, line, data=KMZ, name="route.kmz", headers=None):
    fields = hidden(client.get(address(line)), address(line))
    return client.post(address(line), fields | {"file": a_file(data, name)}, headers=headers or {})


def held_there(operator, line, data, name="operator.kmz"):
    """The operator holds this file, and a reading has told us."""
    operator.world.keep_trace(line.basket.remote_id, line.remote_id, name, data)
    watch.read_line(connect(), line)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("headers", FOUR_WAYS)
def test_the_page_stands_alone_and_gives_htmx_its_form(line, as_, headers):
    response = as_("sales").get(address(line), headers=headers)
    assert response.status_code == 200
    assert ("<html" in text(response)) is not (headers == {"HX-Request": "true"})
    assert 'type="file" name="file"' in text(response)


def test_a_trace_is_sent_and_kept_byte_for_byte(line, operator, as_):
    client = as_("sales")
    response = uploaded(client, line)
    assert (response.status_code, response["Location"]) == (303, address(line))
    assert response["Portal-Command"] == str(Command.objects.get().pk)
    assert operator.world.line(line.remote_id)["trace"] == KMZ
    assert body(client.get(address(line, ".kmz"))) == KMZ
    page = client.get(address(line))
    assert main(page)["id"] == str(line.pk)
    for words in ("dw-trace", "route.kmz", "1.80 km", "47.9942, −4.1186"):
        assert words in text(page)


def test_htmx_is_led_to_the_page_after_an_upload(line, as_):
    response = uploaded(as_("sales"), line, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, address(line))


def test_the_same_form_twice_sends_one_file(line, operator, as_):
    client = as_("sales")
    fields = hidden(client.get(address(line)), address(line))
    first = client.post(address(line), fields | {"file": a_file()})
    second = client.post(address(line), fields | {"file": a_file()})
    assert first["Portal-Command"] == second["Portal-Command"]
    assert len(operator.sent("POST", "/trace/upload/")) == 1


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "route.kmz", "The file is empty."),
        (b"hello", "route.kmz", "This is not a KMZ"),
        (KMZ, "route.pdf", "“route.pdf” is not a KMZ"),
        (zipped({"doc.kml": kml("<Placemark/>")}), "route.kmz", "There is no line in the file"),
        (zipped({"doc.kml": kml(), "run.exe": b"MZ"}), "route.kmz", "The entry “run.exe” is not allowed"),
        (b"x" * (10 * 1024 * 1024 + 1), "route.kmz", "The file is larger than 10 MiB."),
    ],
)
def test_a_bad_file_is_refused_at_the_field_and_nothing_is_sent(line, operator, as_, data, name, words):
    response = uploaded(as_("sales"), line, data, name)
    assert response.status_code == 422
    assert re.search(r'data-field="file".*' + re.escape(words), text(response), re.S)
    assert not Command.objects.exists()
    assert not operator.sent("POST", "/trace/upload/")


def test_no_file_and_two_files_are_told_apart(line, as_):
    client = as_("sales")
    assert "Choose a KMZ file first." in text(client.post(address(line), {"nonce": nonce()}))
    response = client.post(address(line), {"nonce": nonce(), "file": [a_file(), a_file(OTHER)]})
    assert response.status_code == 422
    assert "One file at a time." in text(response)


def test_a_refusal_by_the_operator_is_told_in_its_words(line, operator, as_):
    operator.fail(400, "/trace/upload/", body={"file": ["Too detailed."]})
    response = uploaded(as_("sales"), line)
    assert response.status_code == 422
    assert re.search(r'data-field="file".*Too detailed\.', text(response), re.S)
    assert Trace.objects.get().state == "refused"


def test_after_confirmation_there_is_no_form_and_forcing_it_is_a_conflict(line, operator, as_):
    client = as_("sales")
    operator.world.confirm(line.basket.remote_id)
    watch.read_basket(connect(), line.basket)
    assert 'type="file"' not in text(client.get(address(line)))
    assert client.post(address(line), {"nonce": nonce(), "file": a_file()}).status_code == 409
    assert client.post(address(line), {"nonce": nonce(), "file": a_file(b"bad")}).status_code == 409
    assert client.post(address(line, "/delete/"), {"nonce": nonce()}).status_code == 409
    assert not Trace.objects.exists()


def test_who_only_reads_sees_the_trace_and_sends_none(line, operator, as_, client):
    held_there(operator, line, KMZ)
    auditor = as_("auditor")
    assert "dw-trace" in text(auditor.get(address(line)))
    assert 'type="file"' not in text(auditor.get(address(line)))
    assert auditor.post(address(line), {"nonce": nonce(), "file": a_file()}).status_code == 403
    assert auditor.post(address(line, "/delete/"), {"nonce": nonce()}).status_code == 403
    assert client.get(address(line, ".kmz"))["Location"].startswith("/login/?next=")


def test_a_trace_that_only_the_operator_holds_is_fetched_once(line, operator, as_):
    held_there(operator, line, KMZ)
    client = as_("auditor")
    assert [body(client.get(address(line, ".kmz"))) for _ in range(3)] == [KMZ] * 3
    assert len(operator.sent("GET", "/trace/download/")) == 1


def test_a_newer_file_at_the_operator_replaces_ours(line, operator, as_):
    client = as_("sales")
    uploaded(client, line)
    held_there(operator, line, OTHER)
    assert "The operator holds a newer file." in text(client.get(f"/lines/{line.pk}/"))
    assert body(client.get(address(line, ".kmz"))) == OTHER
    assert sorted(Trace.objects.values_list("state", flat=True)) == ["kept", "replaced"]


def test_a_trace_deleted_elsewhere_is_gone_here_too(line, operator, as_):
    client = as_("sales")
    uploaded(client, line)
    operator.world.drop_trace(line.basket.remote_id, line.remote_id)
    watch.read_line(connect(), line)
    assert client.get(address(line, ".kmz")).status_code == 404
    assert "dw-trace" not in text(client.get(f"/lines/{line.pk}/"))


def test_what_the_operator_holds_is_given_even_when_it_cannot_be_drawn(line, operator, as_):
    held_there(operator, line, b"PK not a real archive")
    client = as_("auditor")
    assert body(client.get(address(line, ".kmz"))) == b"PK not a real archive"
    assert "cannot be drawn" in text(client.get(address(line)))
    assert client.get(address(line, ".geojson")).status_code == 404


def test_the_files_carry_one_header_with_both_names(line, operator, as_):
    uploaded(as_("sales"), line)
    Line.objects.filter(pk=line.pk).update(reference='QO_é"\r\n/1')
    response = as_("auditor").get(address(line, ".kmz"))
    assert response["Content-Type"] == "application/vnd.google-earth.kmz"
    assert response["Content-Disposition"] == "attachment; filename=\"QO_e__1.kmz\"; filename*=UTF-8''QO_%C3%A9__1.kmz"
    assert response["Content-Length"] == str(len(KMZ))


def test_the_geometry_is_given_as_geojson(line, as_):
    uploaded(as_("sales"), line)
    response = as_("auditor").get(address(line, ".geojson"))
    assert response["Content-Type"] == "application/geo+json"
    assert json.loads(body(response))["features"][0]["geometry"]["coordinates"][0] == [-4.1186, 47.9942]


def test_no_trace_is_404_and_a_silent_operator_503(line, operator, as_):
    client = as_("auditor")
    assert client.get(address(line, ".kmz")).status_code == 404
    held_there(operator, line, KMZ)
    operator.fail(500, "/trace/download/", times=99)
    assert client.get(address(line, ".kmz")).status_code == 503
    page = client.get(address(line))
    assert page.status_code == 200
    assert "could not be fetched" in text(page)


def test_deleting_asks_first_and_keeps_our_copy_in_the_history(line, operator, as_):
    client = as_("sales")
    uploaded(client, line)
    page = client.get(address(line, "/delete/"))
    assert "data-dialog-part" in text(page)
    response = client.post(address(line, "/delete/"), hidden(page, address(line, "/delete/")))
    assert (response.status_code, response["Location"]) == (303, f"/lines/{line.pk}/")
    assert operator.world.line(line.remote_id)["trace"] == b""
    assert client.get(address(line, ".kmz")).status_code == 404
    assert Trace.objects.get().state == "removed"
    assert "There is no trace to delete." in text(client.get(address(line, "/delete/")))


def test_a_lost_answer_to_an_upload_is_told_on_the_page(line, operator, as_):
    operator.fail("reset", "/trace/upload/", after=True)
    client = as_("sales")
    response = uploaded(client, line)
    assert response.status_code == 303
    assert 'data-command-state="uncertain"' in text(client.get(response["Location"]))


def test_the_declared_site_is_measured_from_the_route(line, as_):
    a_line(line.basket, id=line.remote_id, latitude="47,9979", longitude=-4.0989, prices=[], state="acknowledged")
    client = as_("sales")
    uploaded(client, line)
    assert re.search(r"Distance to the site</dt><dd>0 m<", text(client.get(f"/lines/{line.pk}/")))

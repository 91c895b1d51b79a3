"""The KMZ file of a line: up, down, away."""

import pytest

from tests.sandbox.operator_api import kmz, line_path


def test_an_upload_answers_with_the_basket_and_names_the_file(api):
    basket, line = api.draft()
    answer = api.upload(line_path(basket, line), kmz(), "tracé quimper.kmz")
    assert answer.status_code == 200
    assert answer.json()["id"] == basket["id"]
    assert answer.json()["quote_item"][0]["trace_file"] == f"traces/{line['reference']}/tracé quimper.kmz"
    assert api.detail(line)["trace_file"] != ""


def test_a_download_is_the_upload_byte_for_byte(api):
    basket, line = api.draft()
    content = kmz("<kml>" + "é" * 5000 + "</kml>")
    api.upload(line_path(basket, line), content, "A.KMZ")
    answer = api.get(f"{line_path(basket, line)}trace/download/")
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/vnd.google-earth.kmz"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="A.KMZ"'


def test_a_second_upload_replaces_the_first(api):
    basket, line = api.draft()
    api.upload(line_path(basket, line), kmz("one"))
    api.upload(line_path(basket, line), kmz("two"))
    assert api.get(f"{line_path(basket, line)}trace/download/").content == kmz("two")


def test_a_deletion_answers_with_a_detail(api):
    basket, line = api.draft()
    path = line_path(basket, line)
    api.upload(path, kmz())
    answer = api.delete(f"{path}trace/")
    assert (answer.status_code, list(answer.json())) == (200, ["detail"])
    assert api.detail(line)["trace_file"] == ""
    assert api.delete(f"{path}trace/").status_code == 404
    assert api.get(f"{path}trace/download/").status_code == 404


def test_a_line_without_trace_has_nothing_to_download(api):
    basket, line = api.draft()
    answer = api.get(f"{line_path(basket, line)}trace/download/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trace.zip", kmz()),
        ("trace.kml", b"<kml/>"),
        ("trace.kmz", b"not a zip"),
        ("trace.kmz", b""),
        ("trace.kmz", kmz(member="readme.txt")),
    ],
)
def test_what_is_no_kmz_is_refused_at_the_field(api, name, content):
    basket, line = api.draft()
    answer = api.upload(line_path(basket, line), content, name)
    assert (answer.status_code, list(answer.json())) == (400, ["file"])
    assert api.detail(line)["trace_file"] == ""


def test_a_file_that_is_too_large_is_refused(api):
    basket, line = api.draft()
    answer = api.upload(line_path(basket, line), b"x" * (20 * 1024 * 1024 + 1))
    assert answer.json() == {"file": ["The file is larger than 20 MB."]}


def test_the_part_must_be_called_file(api):
    basket, line = api.draft()
    path = f"{line_path(basket, line)}trace/upload/"
    assert api.send("POST", path, files={"trace": ("a.kmz", kmz())}).json() == {"trace": ["Unexpected field."]}
    assert api.send("POST", path, files={"file": (None, "text")}).json() == {"file": ["No file was submitted."]}
    more = api.send("POST", path, files={"file": ("a.kmz", kmz())}, data={"comment": "x"})
    assert more.json() == {"comment": ["Unexpected field."]}


def test_only_multipart_is_read(api):
    basket, line = api.draft()
    path = f"{line_path(basket, line)}trace/upload/"
    assert api.send("POST", path, json={"file": "x"}).status_code == 415
    assert api.send("POST", path, data=kmz(), headers={"Content-Type": "application/zip"}).status_code == 415


def test_a_broken_multipart_body_is_refused(api):
    basket, line = api.draft()
    headers = {"Content-Type": "multipart/form-data"}
    answer = api.send("POST", f"{line_path(basket, line)}trace/upload/", data=b"--x", headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"detail": "Bad request."})


def test_a_confirmed_line_keeps_its_trace(api):
    basket, line = api.draft()
    path = line_path(basket, line)
    api.upload(path, kmz("kept"))
    api.patch(f"quote/{basket['id']}/confirm/")
    assert api.delete(f"{path}trace/").status_code == 409
    assert api.upload(path, kmz("late")).status_code == 409
    assert api.get(f"{path}trace/download/").content == kmz("kept")

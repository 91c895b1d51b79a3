"""The versions of a trace: looked at before they are sent, kept byte for byte, compared, and sent once more."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quotes.models import Command, Line, Trace
from quotes.services import traces
from quotes.sync import watch
from quotes.sync.connection import connect
from tests.cast import COMPLETE, nonce
from tests.kmz_files import QUIMPER, make_kmz
from tests.pages.browsing import hidden, text
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
KMZ = make_kmz()
OTHER = make_kmz((QUIMPER[:5],), name="Other")
HTMX = {"HX-Request": "true"}


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


@pytest.fixture
def two(line, sales) -> list[Trace]:
    """Two versions, the newest first: the second replaced the first."""
    for name, data in (("first.kmz", KMZ), ("second.kmz", OTHER)):
        traces.upload(actor=sales, nonce=nonce(), line=line, name=name, data=data)
        line.refresh_from_db()
    return list(line.traces.all())


@pytest.fixture
def at_site(line):
    """The operator says where the site is: (latitude, longitude)."""

    def placed(latitude, longitude):
        a_line(line.basket, id=line.remote_id, latitude=latitude, longitude=longitude, prices=[], state="acknowledged")

    return placed


def english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-gb"
    return client


def page(line, rest="") -> str:
    return f"/lines/{line.pk}/trace/{rest}"


def version(line, trace, rest) -> str:
    return page(line, f"versions/{trace.pk}{rest}")


def a_file(data=KMZ, name="route.kmz"):
    return SimpleUploadedFile(name, data)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_chosen_file_is_measured_and_drawn_beside_the_form_and_nothing_is_sent(line, operator, as_, at_site):
    at_site(47.9979, -4.0989)
    client = english(as_("sales"))
    answer = client.post(page(line, "check/"), {"file": a_file()}, headers=HTMX)
    assert answer.status_code == 200
    for words in (
        "dw-check-wide-title",
        "1.80 km",
        "47.9942, −4.1186",
        "Distance to the site</dt><dd>0 m",
        "innerHTML:#live",
    ):
        assert words in text(answer)
    assert "<html" not in text(answer)
    assert not operator.sent("POST", "/trace/upload/")
    assert not Command.objects.exists() and not Trace.objects.exists()


def test_a_bad_file_is_told_beside_the_form(line, as_):
    answer = english(as_("sales")).post(page(line, "check/"), {"file": a_file(b"hello")}, headers=HTMX)
    assert answer.status_code == 422
    assert re.search(r'data-field="file".*This is not a KMZ', text(answer), re.S)


@pytest.mark.parametrize(("place", "is_far"), [((47.9979, -4.0989), False), ((48.1, -4.0989), True)])
def test_a_route_far_from_the_site_is_a_warning_and_no_refusal(line, as_, at_site, place, is_far):
    at_site(*place)
    client = english(as_("sales"))
    assert ("Warning: the route passes" in text(client.post(page(line, "check/"), {"file": a_file()}))) is is_far
    sent = client.post(page(line), hidden(client.get(page(line)), page(line)) | {"file": a_file()})
    assert sent.status_code == 303
    assert ("Warning: the route passes" in text(client.get(page(line)))) is is_far


def test_without_script_the_file_is_kept_until_it_is_sent_from_its_drawing(line, operator, as_):
    client = english(as_("sales"))
    seen = client.post(page(line, "check/"), {"file": a_file()})
    staged = Trace.objects.get(state="checked")
    address = version(line, staged, "/send/")
    sent = client.post(address, hidden(seen, address))
    assert (sent.status_code, sent["Location"]) == (303, page(line))
    assert sent["Portal-Command"] == str(Command.objects.get().pk)
    assert operator.world.line(line.remote_id)["trace"] == KMZ
    again = client.post(address, hidden(seen, address))
    assert again["Portal-Command"] == sent["Portal-Command"]
    assert len(operator.sent("POST", "/trace/upload/")) == 1


def test_what_is_only_looked_at_is_nobody_elses_and_goes_after_a_day(line, as_):
    as_("sales").post(page(line, "check/"), {"file": a_file()})
    staged = Trace.objects.get()
    assert as_("sales").get(version(line, staged, ".kmz")).status_code == 200
    assert as_("manager").get(version(line, staged, ".kmz")).status_code == 404
    assert str(staged.pk) not in text(as_("manager").get(page(line)))
    Trace.objects.update(added_at=timezone.now() - timedelta(days=2))
    as_("sales2").post(page(line, "check/"), {"file": a_file(OTHER)})
    assert Trace.objects.get() != staged
    assert not staged.file.storage.exists(staged.file.name)


def test_every_version_is_listed_with_its_hash_and_given_back_byte_for_byte(line, two, as_):
    client = english(as_("auditor"))
    seen = text(client.get(page(line)))
    for trace, name, data in zip(two, ("second.kmz", "first.kmz"), (OTHER, KMZ), strict=True):
        assert trace.sha256[:10] in seen and name in seen
        answer = client.get(version(line, trace, ".kmz"))
        assert body(answer) == data
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}"')


def test_two_versions_are_drawn_over_each_other(line, two, as_):
    client = english(as_("auditor"))
    seen = text(client.get(f"{page(line)}?with={two[1].pk}"))
    assert seen.count("dw-other") == 3
    assert f'data-other="{version(line, two[1], ".geojson")}"' in seen
    assert "Dashed: first.kmz" in seen
    assert "dw-other" not in text(client.get(f"{page(line)}?with=nothing"))
    route = json.loads(body(client.get(version(line, two[1], ".geojson"))))
    assert len(route["features"][0]["geometry"]["coordinates"]) == len(QUIMPER)


def test_an_older_version_is_sent_again_by_an_ordinary_upload(line, two, operator, as_):
    client = as_("sales")
    address = version(line, two[1], "/send/")
    answer = client.post(address, hidden(client.get(page(line)), address))
    assert answer.status_code == 303
    assert operator.world.line(line.remote_id)["trace"] == KMZ
    assert [trace.state for trace in line.traces.all()] == ["kept", "replaced", "replaced"]


def test_after_confirmation_no_version_is_sent_and_none_is_checked(line, two, operator, as_):
    operator.world.confirm(line.basket.remote_id)
    watch.read_basket(connect(), line.basket)
    client = as_("sales")
    assert "/send/" not in text(client.get(page(line)))
    assert client.post(version(line, two[1], "/send/"), {"nonce": nonce()}).status_code == 409
    assert client.post(page(line, "check/"), {"file": a_file()}).status_code == 409
    assert client.post(page(line, "check/"), {"file": a_file(b"bad")}, headers=HTMX).status_code == 409


def test_who_only_reads_checks_and_sends_nothing(line, two, as_):
    client = as_("auditor")
    assert client.post(page(line, "check/"), {"file": a_file()}).status_code == 403
    assert client.post(version(line, two[1], "/send/"), {"nonce": nonce()}).status_code == 403
    assert client.get(page(line, "check/")).status_code == 200


def test_a_version_of_another_line_is_not_found(line, two, as_):
    elsewhere = a_line()
    assert as_("sales").get(version(elsewhere, two[0], ".kmz")).status_code == 404
    assert as_("sales").post(version(elsewhere, two[0], "/send/"), {"nonce": nonce()}).status_code == 404


def test_a_refusal_of_a_version_is_told_in_the_operators_words(line, two, operator, as_):
    operator.fail(400, "/trace/upload/", body={"file": ["Too detailed."]})
    client = english(as_("sales"))
    address = version(line, two[1], "/send/")
    answer = client.post(address, hidden(client.get(page(line)), address))
    assert answer.status_code == 422
    assert re.search(r'data-field="file".*Too detailed\.', text(answer), re.S)


def test_the_drawing_says_to_the_script_where_the_site_is_and_asks_nobody_else(line, two, as_, at_site, settings):
    at_site("47,9979", -4.0989)
    answer = as_("sales").get(page(line))
    assert 'data-site="-4.0989,47.9979"' in text(answer)
    assert "data-tiles" not in text(answer)
    settings.PORTAL_TILE_URL = "https://tiles.example.org:8443/{z}/{x}/{y}.png"
    settings.PORTAL_TILE_ATTRIBUTION = "© <b>Somebody</b>"
    answer = as_("sales").get(page(line))
    assert 'data-tiles="https://tiles.example.org:8443/{z}/{x}/{y}.png"' in text(answer)
    assert "<b>Somebody" not in answer.content.decode()
    assert "img-src 'self' data: https://tiles.example.org:8443;" in answer["Content-Security-Policy"] + ";"
    elsewhere = as_("sales").get(f"/lines/{line.pk}/")
    assert "tiles.example.org" not in elsewhere["Content-Security-Policy"] + text(elsewhere)

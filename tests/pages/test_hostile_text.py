"""Whatever is typed stays text: refused at its field with everything kept, or taken, sent and shown as it was typed."""

import json
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quotes.models import Command
from tests.cast import QUALIFICATION, nonce
from tests.kmz_files import make_kmz
from tests.pages import mirrors, places
from tests.pages.reading import read

pytestmark = pytest.mark.django_db

TEXTS = {
    # quotes, markup, an entity, templates, a direction: no longer than the shortest field takes
    "merged": "\"'></textarea><canary onclick=a>&lt;{{6|add:6}}{%now%}%(n)s\u202e",
    "scripted": "<script>canary()</script>`${6*7}`{# canary #}\u2066",
    "NUL": "a\0b",
    "line ends": "a\r\nSet-Cookie: canary=1\r\n\r\n<canary>",
    "long": "x" * 5000,
}
HALF_A_PAIR = "%ED%A0%80"  # what a browser never sends: half of a surrogate pair in UTF-8
BASKET = ("external_id", "project_id")
LINE = (
    "product_offering_qualification_item_id", "end_customer_name", "external_id", "business_sector",
    "customer_order_name", "business_code", "project_id", "site_connection_type", "product_offerings", "option_ids",
    "expected_response_date", "note", "technical_note", "related_contact_information-0-name",
    "related_contact_information-0-email_address", "related_contact_information-1-role",
)  # fmt: skip
DAY, MAIL = "expected_response_date", "related_contact_information-0-email_address"
LISTS = ("/baskets/", "/lines/", "/lines.csv", "/review/", "/commands/", "/activity/", "/activity.csv")
PARAMETERS = (
    "q", "state", "external_id", "project_id", "creation_date_gt", "quote_date_lt", "sort", "page", "page_size", "kind",
    "basket", "line", "person", "from", "to", "within", "view", "validity_date_gte", "format",
)  # fmt: skip
EXPORT = ("reference", "customer_order_name", "end_customer_name", "business_sector", "project_id", "state")


@pytest.fixture
def basket(operator, as_):
    fields = {"external_id": "EXT123", "project_id": "FLASH"}
    return mirrors.a_basket(id=operator.world.draft(**fields), state="acknowledged", **fields)


@pytest.fixture
def line(operator, basket):
    fields = {"product_offering_qualification_item_id": QUALIFICATION, "end_customer_name": "Ar Men"}
    made = operator.world.add_line(basket.remote_id, fields)
    return mirrors.a_line(basket, **operator.world.shown_line(made, "detail"))


def fill(client, path, **fields):
    forms = read(client.get(path)).forms
    return client.post(path, forms.get(path, forms.get("")) | fields)


def check(response) -> None:
    """Nothing in it runs, and no header was made of what was typed."""
    assert response.status_code < 500
    assert "canary" not in response.cookies
    assert all("canary" not in name.lower() for name in response.headers)
    if response.get("Content-Type", "").startswith("text/html"):
        assert read(response).alive == []


def refused_or_taken(client, response, typed) -> list[str]:
    """The fields that were refused, each with an error at it; the rest is kept. Empty when it went through."""
    check(response)
    if response.status_code == 303:
        check(client.get(response["Location"]))
        return []
    assert response.status_code == 422
    page = read(response)
    assert page.errors, "refused without saying where"
    for name, text in typed.items():
        assert kept(text) in [kept(found) for found in page.fields[name]], f"{name} lost what was typed"
    return sorted(page.errors)


def kept(text: str) -> str:
    """As a page can hold it: outer blanks are no text, and line ends come in two kinds."""
    return text.strip().replace("\r\n", "\n")


def texts(sent) -> list[str]:
    """All texts in a body, however deep."""
    inside = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list) else []
    return [kept(sent)] if isinstance(sent, str) else [text for part in inside for text in texts(part)]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_new_basket(text, operator, as_):
    typed = dict.fromkeys(BASKET, text)
    refused = refused_or_taken(as_("sales"), fill(as_("sales"), "/baskets/new/", **typed), typed)
    sent = [json.loads(request["body"]) for request in operator.sent("POST", "/quote/$")]
    assert set(refused) <= set(BASKET)
    assert sent == ([] if refused else [dict.fromkeys(BASKET, text)])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_change_of_a_basket(text, basket, as_):
    typed = dict.fromkeys(BASKET, text)
    response = fill(as_("sales"), f"/baskets/{basket.pk}/edit/", **typed)
    if not refused_or_taken(as_("sales"), response, typed):
        values = read(as_("sales").get(f"/baskets/{basket.pk}/")).values
        assert [values[name] for name in BASKET] == [text, text]


@pytest.mark.parametrize("name", TEXTS)
def test_a_new_line(name, basket, operator, as_):
    client, path, text = as_("sales"), f"/baskets/{basket.pk}/lines/new/", TEXTS[name]
    typed = dict.fromkeys(LINE, text)
    refused = refused_or_taken(client, fill(client, path, **typed), typed)
    never = {"NUL": set(), "long": {"note", "technical_note"}}.get(name, set(LINE) - {DAY, MAIL})
    assert refused == sorted({field.partition("-")[0] for field in LINE if field not in never})
    assert operator.sent("POST", "/quote_item/$") == []
    taken = {"product_offering_qualification_item_id": QUALIFICATION} | dict.fromkeys(never, text)
    assert refused_or_taken(client, fill(client, path, **taken), taken) == []
    sent = texts(json.loads(operator.sent("POST", "/quote_item/$")[0]["body"]))
    assert sent.count(kept(text)) == len(never)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_change_of_a_line(text, line, as_):
    client, path = as_("sales"), f"/lines/{line.pk}/edit/"
    for name in ("end_customer_name", "note", "product_offerings"):
        shown = {"product_offering_qualification_item_id": QUALIFICATION}
        typed = shown | {"end_customer_name": "Ar Men", name: text}
        if not refused_or_taken(client, fill(client, path, **typed), typed):
            assert kept(read(client.get(f"/lines/{line.pk}/")).values[name]) == kept(text)


@pytest.mark.parametrize("name", TEXTS)
def test_a_comment_of_a_decline(name, line, operator, as_):
    priced(operator, line)
    path, typed = f"/lines/{line.pk}/offers/2173/decline/", {"comment": TEXTS[name]}
    refused = refused_or_taken(as_("manager"), fill(as_("manager"), path, **typed), typed)
    assert refused == (["comment"] if name in ("NUL", "long") else [])
    sent = [json.loads(request["body"])["comment"] for request in operator.sent("PATCH", "/decline/$")]
    assert list(map(kept, sent)) == ([] if refused else [kept(TEXTS[name])])


@pytest.mark.parametrize("name", TEXTS)
def test_a_note_that_settles_a_command(name, line, people, as_):
    about = {"actor": people["sales"], "basket": line.basket, "line": line, "nonce": nonce()}
    command = Command.objects.create(kind="update_line", state="needs_person", attempts=1, **about)
    client, typed = as_("admin"), {"note": TEXTS[name]}
    response = client.post(f"/commands/{command.pk}/resolve/", typed | {"outcome": "not_happened"})
    assert refused_or_taken(client, response, typed) == (["note"] if name in ("NUL", "long") else [])
    for page in ("/activity/", f"/commands/{command.pk}/", "/activity.csv"):
        check(client.get(page))


@pytest.mark.parametrize("name", TEXTS)
def test_the_filters_of_an_export(name, operator, as_):
    typed = dict.fromkeys(EXPORT, TEXTS[name])
    refused = refused_or_taken(as_("sales"), fill(as_("sales"), "/lines/export/", **typed), typed)
    assert refused == (sorted(EXPORT) if name in ("NUL", "long") else [])
    check(as_("sales").get("/exports/"))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_name_of_a_file(text, line, as_):
    client, path = as_("sales"), f"/lines/{line.pk}/trace/"
    response = fill(client, path, file=SimpleUploadedFile(f"{text[-200:]}.kmz", make_kmz()))
    check(response)
    assert response.status_code in (303, 422)  # a header with a line end in it may be no header any more
    check(client.get(path))
    check(client.get(f"/lines/{line.pk}/trace.kmz"))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_login(text, client, db):
    response = client.post("/login/", {"login": text, "password": text, "next": text})
    check(response)
    assert response.status_code in (200, 422)


@pytest.mark.parametrize(
    "elsewhere", ["//example.org", "https://example.org/", "javascript:alert(1)", "/\\example.org"]
)
def test_a_login_leads_to_the_portal_only(elsewhere, people, client):
    people["sales"].set_password("a long enough password")
    people["sales"].save()
    fields = {"login": "sales", "password": "a long enough password", "next": elsewhere}
    assert client.post("/login/", fields)["Location"] == "/"


@pytest.mark.parametrize("name", TEXTS)
def test_what_stands_in_an_address(name, line, as_):
    """Filters, searches, page numbers: an answer or an error at the field."""
    client, value = as_("sales"), quote(TEXTS[name])
    for path in LISTS:
        response = client.get(f"{path}?" + "&".join(f"{parameter}={value}" for parameter in PARAMETERS))
        check(response)
        assert response.status_code in (200, 422)
    for path in ("/", "/exports/", "/search/", "/lines/export/", "/sync/", f"/lines/{line.pk}/", "/preferences/"):
        check(client.get(f"{path}?q={value}&mine={value}&after={value}&n={value}&seen={value}&next={value}"))
    assert client.get(f"/r/{quote(TEXTS[name], safe='')}").status_code == 404


@pytest.mark.parametrize("text", [*TEXTS.values(), ""], ids=[*TEXTS, "nothing"])
def test_what_the_portal_itself_puts_into_its_forms(text, line, people, operator, as_):
    """Hidden fields: a spoilt one is refused in words, and nothing is sent."""
    spoilt = {"nonce": text, "seen": text, "fingerprint": text, "csrfmiddlewaretoken": text, "another": text}
    rows = places.made(people["sales2"], "draft") | {"lines": line, "baskets": line.basket}
    writes = [path for path in places.routes() if path.endswith(("new/", "edit/", "confirm/", "delete/", "pdf/"))]
    for route in [*writes, "lines/export/", "exports/<uuid:pk>/again/", "commands/<uuid:pk>/withdraw/"]:
        check(as_("sales").post(places.address(route, rows), spoilt))
    if len(text) > 64 or "\0" in text or not text:
        assert [request for request in operator.requests if request["effect"]] == []


@pytest.mark.parametrize("path", ["/baskets/new/", "/login/", "/preferences/", "/lines/export/"])
def test_bytes_that_are_no_text(path, operator, as_):
    broken = f"external_id={HALF_A_PAIR}&project_id=%FF%FE&{HALF_A_PAIR}=1&nonce=%C0%80&language=%FF&login=%80"
    response = as_("sales").post(path, broken, content_type="application/x-www-form-urlencoded")
    check(response)
    check(as_("sales").get(f"/lines/?q={HALF_A_PAIR}&state=%FF"))


def priced(operator, line) -> None:
    operator.world.price(line.remote_id, "2173", "2174")
    mirrors.a_line(line.basket, **operator.world.shown_line(operator.world.line(line.remote_id), "detail"))

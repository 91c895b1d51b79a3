"""Both languages are complete: the French catalogue against the source, the pages as people read them, and who gets
which language."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import timezone

from quotes import states
from quotes.models import Command, Event, OperatorState, Preference
from tests.cast import nonce
from tests.pages import places
from tests.pages.mirrors import a_line

ROOT = Path(__file__).resolve().parent.parent
FRENCH = ROOT / "locale/fr/LC_MESSAGES/django.po"
MAKE = ["makemessages", "-l", "fr", "--no-obsolete", "--add-location", "file", "--no-wrap"]
REGENERATE = f"run manage.py {' '.join(MAKE)} -i .venv -i var -i sandbox -i tests -i bench -i docs, translate, compile"
SOURCES = ("quotes", "covage_portal", "templates", "locale")
BOTH = ("fr", "en-gb")
TWO_TONGUES = ("preferences/", "login/")  # they name the other language in its own words

PLACE = re.compile(r"%\(\w+\)[sd]|{\w*}|</?[a-z][^>]*>")
FAULTS = {
    "a straight apostrophe": re.compile(r"'"),
    "an ordinary space before double punctuation": re.compile(r" [:;!?»]|« "),
    "no space before double punctuation": re.compile(r"[^\s\xa0][:;!?»](?!\w)|«[^\xa0]"),
    "three dots": re.compile(r"\.\.\."),
    "English quotation marks": re.compile(r"[“”\"]"),
}
ENGLISH = re.compile(
    r"\b(the|and|not|is|are|was|of|yet|with|for|you|your|this|that|has|been|it|its|by|from|there|who|what|when|which"
    r"|lines?|baskets?|offers?|prices?|operator|queued|sent|nothing|more|all|see|back|error|done|wait\w*|draft)\b",
    re.IGNORECASE,
)
FRENCH_WORDS = re.compile(
    r"\b(les|des|du|une|est|sont|pas|vous|votre|vos|nous|avec|pour|chez|dans|sur|aucune?|ce|cette|qui|que"
    r"|lignes?|paniers?|offres?|prix|opérateur|envoyée?|reçue?s?|à|décider|rien|erreur|accueil)\b",
    re.IGNORECASE,
)


def catalogue(path: Path = FRENCH) -> dict:
    """(context, msgid) to its forms, one or two."""
    with path.open("rb") as file:
        read = read_mo(file) if path.suffix == ".mo" else read_po(file, locale="fr")
    return {(_text(message.context), _forms(message.id)): _forms(message.string) for message in read if message.id}


def _text(context: str | bytes | None) -> str:
    return context.decode() if isinstance(context, bytes) else context or ""


def _forms(text) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


@pytest.fixture(scope="module")
def made_again(tmp_path_factory) -> tuple[Path, str]:
    """The catalogue as `makemessages` writes it now, and what it complained of."""
    if not shutil.which("xgettext"):
        required = os.environ.get("CI", "").lower() in {"1", "true"}
        (pytest.fail if required else pytest.skip)(
            "NOT RUN: no xgettext; install gettext (Debian: apt install gettext)"
        )
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", *MAKE]
    ran = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=True)
    return copy / FRENCH.relative_to(ROOT), ran.stdout + ran.stderr


# The catalogue


def test_every_string_of_the_source_has_its_french(made_again):
    known, now = catalogue(), catalogue(made_again[0])
    assert now.keys() - {key for key, forms in known.items() if all(forms)} == set(), REGENERATE
    assert known.keys() - now.keys() == set(), REGENERATE


def test_no_french_is_a_guess(made_again):
    for path in (FRENCH, made_again[0]):
        assert "\n#, fuzzy" not in path.read_text(), "a string changed: look at its French again"


def test_no_word_is_asked_for_both_with_and_without_a_plural(made_again):
    assert "without plural" not in made_again[1]  # Python would find only one of the two


def test_what_is_compiled_is_what_is_written():
    assert catalogue(FRENCH.with_suffix(".mo")) == catalogue(), "run manage.py compilemessages"


def test_both_languages_fill_in_the_same():
    wrong = []
    for (_context, source), french in catalogue().items():
        needed, allowed = _gaps(source), [gaps | _gaps(source)[-1] for gaps in _gaps(source)]
        fits = len(source) == len(french) and all(
            least <= found <= most for least, found, most in zip(needed, _gaps(french), allowed, strict=True)
        )
        wrong += [] if fits else [french]
    assert wrong == []


def _gaps(forms) -> list[set[str]]:
    return [set(PLACE.findall(text)) for text in forms]


@pytest.mark.parametrize("fault", FAULTS)
def test_french_is_set_as_french_is(fault):
    texts = [PLACE.sub("x", text) for forms in catalogue().values() for text in forms]
    assert [text for text in texts if FAULTS[fault].search(text)] == []


# The pages


SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-old", "data-label", "data-relative"}


class Words(HTMLParser):
    """`said`: what a page says, also to those who hear it, and to the script that speaks for it."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.said += [value or "" for name, value in attrs if name in SPOKEN or name.startswith("data-word-")]

    def handle_data(self, data):
        self.said.append(data)


def foreign(response, language: str) -> list[str]:
    """What a page says in the other language, but for its own address, printed on paper. French customers have no
    word in their names that we look for."""
    words = ENGLISH if language == "fr" else FRENCH_WORDS
    texts = [text.strip() for text in Words(response.content.decode()).said if words.search(text)]
    return [text for text in texts if not text.startswith("http://testserver/")]


def ask(client, path: str, language: str, **headers):
    response = client.get(path, headers={"Accept-Language": language} | headers)
    return response if response.headers["Content-Type"].startswith("text/html") else None


@pytest.mark.django_db
@pytest.mark.parametrize("stage", places.STAGES)
@pytest.mark.parametrize("language", BOTH)
def test_every_page_speaks_one_language(as_, people, language, stage):
    rows, manager, admin = places.made(people["manager"], stage), as_("manager"), as_("admin")
    routes = [route for route in places.routes() if route not in TWO_TONGUES]
    pages = {
        route: ask(admin if "people" in route else manager, places.address(route, rows), language) for route in routes
    }
    found = {route: foreign(page, language) for route, page in pages.items() if page}
    assert len(found) > 25
    assert {route: texts for route, texts in found.items() if texts} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", BOTH)
def test_an_action_is_told_in_one_language(as_, people, language):
    found, client = {}, as_("manager")
    for state in states.COMMAND:
        action = _accept(people["sales"], state)
        for path in (f"/commands/{action.pk}/", f"/lines/{action.line_id}/", "/", "/activity/"):
            found[state, path] = foreign(ask(client, path, language), language)
    assert found == dict.fromkeys(found, [])


def _accept(actor, state) -> Command:
    """An accept in that state, of a line of its own."""
    about = {"line": a_line(), "actor": actor, "product_id": "2173", "attempts": 1, "sent_at": timezone.now()}
    action = Command.objects.create(kind="accept", state=state, reason="no_answer", nonce=nonce(), **about)
    Event.add("command_uncertain", actor=actor, command=action, line=action.line, command_kind="accept")
    return action


@pytest.mark.django_db
@pytest.mark.parametrize("language", BOTH)
def test_an_outage_is_told_in_one_language(as_, language):
    OperatorState.objects.update_or_create(pk=1, defaults={"failing_since": timezone.now(), "failures": 3})
    paths = ("/", "/sync/", "/baskets/", "/baskets/new/", "/lines/?validity_date_gte=soon", "/nowhere/")
    clients = {role: as_(role) for role in ("sales", "manager", "auditor", "admin")}
    found = {
        (role, path): foreign(ask(client, path, language), language)
        for role, client in clients.items()
        for path in paths
    }
    assert found == dict.fromkeys(found, [])


# The people


def spoken(response) -> str:
    return re.search(r'<html lang="([^"]*)"', response.content.decode())[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("preferred", "cookie", "accepted", "language"),
    [
        ("fr", "en-gb", "en-GB", "fr"),
        ("en-gb", "", "fr", "en-gb"),
        ("", "en-gb", "fr", "en-gb"),
        ("", "xx", "en-GB", "en-gb"),
        ("", "", "en-US,en;q=0.8", "en-gb"),
        ("", "", "fr-CA", "fr"),
        ("", "", "de", "fr"),
    ],
)
def test_a_person_is_asked_before_the_cookie_and_the_cookie_before_the_browser(
    as_, people, preferred, cookie, accepted, language
):
    client = as_("sales")
    Preference.objects.create(user=people["sales"], language=preferred)
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    assert spoken(ask(client, "/", accepted)) == language


@pytest.mark.django_db
def test_who_prefers_the_browsers_language_gets_it_again(as_):
    client, fields = as_("sales"), {"theme": "", "page_size": "25"}
    client.post("/preferences/", fields | {"language": "en-gb"})
    client.post("/preferences/", fields | {"language": ""})
    assert spoken(ask(client, "/", "fr")) == "fr"


@pytest.mark.django_db
def test_the_language_is_chosen_at_the_door_and_the_way_on_is_kept(client):
    switch = re.search(r'href="(/login/\?lang=en-gb[^"]*)"', ask(client, "/login/?next=/lines/", "fr").content.decode())
    page = ask(client, switch[1].replace("&amp;", "&"), "fr")
    assert spoken(page) == "en-gb"
    assert '<input type="hidden" name="next" value="/lines/">' in page.content.decode()
    assert spoken(ask(client, "/login/", "fr")) == "en-gb"


@pytest.mark.django_db
def test_a_language_that_is_not_spoken_here_changes_nothing(client):
    assert spoken(ask(client, "/login/?lang=../xx", "fr")) == "fr"
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


@pytest.mark.django_db
def test_the_language_is_chosen_by_address_at_the_door_only(as_):
    client = as_("sales")
    assert spoken(ask(client, "/?lang=en-gb", "fr")) == "fr"
    client.get("/login/?lang=en-gb")
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies

"""Every address of the URL map, every role, reading and writing: what CONTRACT section 3 says, and no address without
a rule."""

from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.test import Client

from tests.pages import places

pytestmark = pytest.mark.django_db

ROLES = ("sales", "manager", "auditor", "admin")
EVERYBODY = frozenset(ROLES)
WRITERS = frozenset({"sales", "manager"})
DECIDERS = frozenset({"manager"})
HELPERS = frozenset({"manager", "admin"})
ADMINS = frozenset({"admin"})
READERS_AGAIN = frozenset({"sales", "manager", "admin"})  # reading anew and taking back what was not sent


@dataclass(frozen=True)
class Rule:
    """`get`: the status of a page for its `readers`. `post`: who may; None where nothing can be posted (405)."""

    get: int = 200
    post: frozenset[str] | None = None
    readers: frozenset[str] = EVERYBODY
    is_open: bool = False  # to strangers


PAGE = Rule()
POST_ONLY = 405
OF_OFFER = "lines/<uuid:pk>/offers/<path:product_id>/"
RULES = {
    "healthz": Rule(is_open=True),
    "readyz": Rule(is_open=True),
    "login/": Rule(302, EVERYBODY, is_open=True),  # who is logged in goes home
    "logout/": Rule(POST_ONLY, EVERYBODY, is_open=True),
    "account/password/": Rule(post=EVERYBODY),
    "account/reauthenticate/": Rule(post=EVERYBODY),
    "": PAGE,
    "_/home/news": PAGE,
    "_/drafts/": Rule(POST_ONLY, READERS_AGAIN),
    "_/drafts/discard/": Rule(POST_ONLY, READERS_AGAIN),
    "baskets/": PAGE,
    "baskets/columns/": Rule(post=EVERYBODY),
    "baskets/new/": Rule(post=WRITERS),
    "_/baskets/named": PAGE,
    "baskets/<uuid:pk>/": PAGE,
    "baskets/<uuid:pk>/compare/": PAGE,
    "baskets/<uuid:pk>/edit/": Rule(post=WRITERS),
    "baskets/<uuid:pk>/confirm/": Rule(post=WRITERS),
    "baskets/<uuid:pk>/refresh/": Rule(POST_ONLY, READERS_AGAIN),
    "baskets/<uuid:pk>/lines/new/": Rule(post=WRITERS),
    "baskets/<uuid:pk>/import/": Rule(post=WRITERS),
    "baskets/<uuid:pk>/import/model.xlsx": PAGE,
    "baskets/<uuid:pk>/import/model.csv": PAGE,
    "imports/<uuid:pk>/columns/": Rule(post=frozenset()),  # of whoever prepares it alone
    "imports/<uuid:pk>/check/": Rule(post=frozenset()),
    "imports/<uuid:pk>/start/": Rule(POST_ONLY, frozenset()),
    "imports/<uuid:pk>/discard/": Rule(POST_ONLY, frozenset()),
    "imports/<uuid:pk>/rejected.xlsx": PAGE,
    "baskets/<uuid:pk>/traces/": Rule(post=WRITERS),
    "traces/<uuid:pk>/check/": Rule(404, WRITERS),  # of whoever prepares it alone
    "baskets/<uuid:pk>/comments/": Rule(post=READERS_AGAIN),
    "baskets/<uuid:pk>/internal-note/": Rule(post=READERS_AGAIN),
    "requote/": Rule(post=WRITERS),
    "lines/": PAGE,
    "lines/columns/": Rule(post=EVERYBODY),
    "lines/map/": PAGE,
    "lines/<uuid:pk>/": PAGE,
    "lines/<uuid:pk>/edit/": Rule(post=WRITERS),
    "lines/<uuid:pk>/delete/": Rule(post=WRITERS),
    "lines/<uuid:pk>/refresh/": Rule(POST_ONLY, READERS_AGAIN),
    "lines/<uuid:pk>/find-basket/": Rule(POST_ONLY, READERS_AGAIN),
    "lines/<uuid:pk>/comments/": Rule(post=READERS_AGAIN),
    "lines/<uuid:pk>/internal-note/": Rule(post=READERS_AGAIN),
    "lines/<uuid:pk>/trace/": Rule(post=WRITERS),
    "lines/<uuid:pk>/trace/delete/": Rule(post=WRITERS),
    "lines/<uuid:pk>/trace/check/": Rule(post=WRITERS),
    "lines/<uuid:pk>/trace/versions/<uuid:version>.kmz": PAGE,
    "lines/<uuid:pk>/trace/versions/<uuid:version>.geojson": PAGE,
    "lines/<uuid:pk>/trace/versions/<uuid:version>/send/": Rule(POST_ONLY, WRITERS),
    "lines/<uuid:pk>/trace.kmz": PAGE,
    "lines/<uuid:pk>/trace.geojson": PAGE,
    "lines/<uuid:pk>/pdf/": Rule(POST_ONLY, WRITERS),
    f"{OF_OFFER}accept/": Rule(post=DECIDERS),
    f"{OF_OFFER}decline/": Rule(post=DECIDERS),
    f"{OF_OFFER}restore/": Rule(post=DECIDERS),
    f"{OF_OFFER}pdf/": Rule(POST_ONLY, WRITERS),
    "_/lines/<uuid:pk>/news": PAGE,
    "_/lines/<uuid:pk>/documents": PAGE,
    "lines/export/": Rule(post=WRITERS),
    "lines.csv": PAGE,
    "exports/": PAGE,
    "exports/<uuid:pk>/": PAGE,
    "exports/<uuid:pk>/file": PAGE,
    "exports/<uuid:pk>/again/": Rule(POST_ONLY, WRITERS),
    "exports/<uuid:pk>/pages/<int:number>.png": Rule(404),  # nothing was painted
    "_/exports/<uuid:pk>/row": PAGE,
    "batches/": PAGE,
    "batches/new/": Rule(422, WRITERS),  # nothing is chosen
    "batches/<uuid:pk>/files.zip": Rule(409),  # it still runs
    "_/batches/<uuid:pk>/files": PAGE,
    "batches/<uuid:pk>/": PAGE,
    "batches/<uuid:pk>/stop/": Rule(POST_ONLY, WRITERS),
    "batches/<uuid:pk>/resume/": Rule(POST_ONLY, WRITERS),
    "commands/": PAGE,
    "commands/<uuid:pk>/": PAGE,
    "commands/<uuid:pk>/withdraw/": Rule(POST_ONLY, READERS_AGAIN),
    "commands/<uuid:pk>/resolve/": Rule(POST_ONLY, HELPERS),
    "activity/": PAGE,
    "activity.csv": PAGE,
    "sync/": PAGE,
    "sync/run/": Rule(POST_ONLY, HELPERS),
    "_/sync/jobs": PAGE,
    "_/lists/<str:noun>/news": PAGE,
    "search/": PAGE,
    "search/look/": Rule(POST_ONLY, READERS_AGAIN),
    "_/palette": PAGE,
    "views/": PAGE,
    "views/new/": Rule(post=EVERYBODY),
    "views/<uuid:pk>/": Rule(post=frozenset()),  # shared by a colleague
    "views/<uuid:pk>/delete/": Rule(POST_ONLY, frozenset()),
    "r/<str:reference>": Rule(302),
    "review/": PAGE,
    "notices/": PAGE,
    "notices/read/": Rule(POST_ONLY, EVERYBODY),
    "notices/<int:pk>/read/": Rule(POST_ONLY, EVERYBODY),
    "preferences/": Rule(post=EVERYBODY),
    "preferences/notices/": Rule(post=EVERYBODY),
    "preferences/theme/": Rule(POST_ONLY, EVERYBODY),
    "people/": Rule(readers=ADMINS),
    "people/new/": Rule(post=ADMINS, readers=ADMINS),
    "people/<int:pk>/": Rule(post=ADMINS, readers=ADMINS),
    "people/<int:pk>/password/": Rule(post=ADMINS, readers=ADMINS),
}


DRAFT, PRICED = {"draft"}, {"priced"}
OF_STATES = {  # the stages in which it is possible
    "baskets/<uuid:pk>/edit/": DRAFT,
    "baskets/<uuid:pk>/confirm/": DRAFT,
    "baskets/<uuid:pk>/lines/new/": DRAFT,
    "baskets/<uuid:pk>/import/": DRAFT,
    "baskets/<uuid:pk>/traces/": DRAFT,
    "lines/<uuid:pk>/edit/": DRAFT,
    "lines/<uuid:pk>/delete/": DRAFT,
    "lines/<uuid:pk>/trace/": DRAFT,
    "lines/<uuid:pk>/trace/delete/": DRAFT,
    "lines/<uuid:pk>/trace/check/": DRAFT,
    "lines/<uuid:pk>/trace/versions/<uuid:version>/send/": DRAFT,
    f"{OF_OFFER}accept/": PRICED,
    f"{OF_OFFER}decline/": PRICED,
    f"{OF_OFFER}restore/": set(),
    "exports/<uuid:pk>/again/": set(),
    "batches/<uuid:pk>/stop/": DRAFT,
    "batches/<uuid:pk>/resume/": PRICED,
    "commands/<uuid:pk>/withdraw/": DRAFT,
    "commands/<uuid:pk>/resolve/": PRICED,
}
TWO_FACTOR = "account/two-factor/"  # allauth's own addresses


@pytest.fixture
def at(people):
    """`at(route, stage)`: the path of a route that leads to objects in that stage."""
    stages = {}

    def path(route: str, stage: str = "draft") -> str:
        if stage not in stages:
            stages[stage] = places.made(people["sales2"], stage)
        return places.address(route, stages[stage])

    return path


def test_every_address_has_a_rule():
    assert set(places.routes()) - set(RULES) == {TWO_FACTOR}
    assert set(RULES) - set(places.routes()) == set()


def test_who_may_read(at, as_):
    found = {route: {role: as_(role).get(at(route)).status_code for role in ROLES} for route in RULES}
    assert found == {
        route: {role: rule.get if role in rule.readers else 403 for role in ROLES} for route, rule in RULES.items()
    }


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if rule.post is not None])
def test_who_may_write_whatever_the_state_of_things(route, at, as_):
    """Right before state: who lacks the right is told so, also where nobody could do it now."""
    may = RULES[route].post
    for stage in places.STAGES:
        found = {role: as_(role).post(at(route, stage)).status_code for role in ROLES}
        assert {role for role, status in found.items() if status != 403} == may, (stage, found)
        assert max(found.values()) < 500, (stage, found)


def test_nothing_can_be_posted_where_there_is_only_something_to_read(at, as_):
    readers = {route: rule.readers for route, rule in RULES.items() if rule.post is None}
    found = {route: {as_(role).post(at(route)).status_code for role in roles} for route, roles in readers.items()}
    assert found == dict.fromkeys(readers, {405})


def test_a_stranger_is_led_to_the_login_and_back(at, client):
    paths = {route: at(route) for route, rule in RULES.items() if not rule.is_open}
    assert {route: _as_a_stranger(client, path) for route, path in paths.items()} == {
        route: {
            "GET": (302, f"/login/?next={quote(path)}"),
            "POST": True,
            "fragments": [(401, b"", f"/login/?next={quote(path, safe='')}")] * 2,
        }
        for route, path in paths.items()
    }


def _as_a_stranger(client, path) -> dict:
    page = client.get(path)
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}"}
    fragments = [send(path, headers=htmx) for send in (client.get, client.post)]
    return {
        "GET": (page.status_code, page.get("Location")),
        "POST": client.post(path).status_code in (302, 403),
        "fragments": [(part.status_code, part.content, part.get("HX-Redirect")) for part in fragments],
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login/"])
def test_these_are_open_to_a_stranger(path, client, db):
    assert client.get(path).status_code == 200


def test_a_stranger_who_logs_out_comes_to_the_login(client, db):
    """Not by way of the login and back: nothing is left to do there."""
    answer = client.post("/logout/")
    assert (answer.status_code, answer["Location"]) == (303, "/login/")


def test_a_form_from_elsewhere_is_refused(at, people):
    """Each from a browser of its own: none is refused for what the one before it did."""
    found = {}
    for route in (route for route, rule in RULES.items() if rule.post):
        client = Client(enforce_csrf_checks=True)
        client.force_login(people["manager"])
        found[route] = client.post(at(route)).status_code
    assert found == dict.fromkeys(found, 403)


def test_every_answer_carries_the_policy(at, as_):
    """Refusals too: a manager may not read the pages about people."""
    found = {route: _lacking(as_("manager").get(at(route))) for route in RULES}
    assert found == dict.fromkeys(RULES, [])


def _lacking(answer) -> list[str]:
    """What an answer lacks of the policy."""
    said = answer.get("Content-Security-Policy", "")
    policy = dict(part.split(maxsplit=1) for part in said.split("; ") if " " in part)
    own, none = ("script-src", "style-src"), ("object-src", "base-uri", "frame-ancestors")
    kept = {
        **{name: policy.get(name) == "'self'" for name in own},
        **{name: policy.get(name) == "'none'" for name in none},
        "nothing unsafe": "unsafe" not in said,
        "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
        "referrer": answer.get("Referrer-Policy") == "same-origin",
    }
    if answer.get("Content-Type", "").startswith("text/html"):
        kept |= {"vary": "HX-Request" in answer.get("Vary", "")}
        kept |= {"private": "private" in answer.get("Cache-Control", "")}
    return [name for name, is_kept in kept.items() if not is_kept]


@pytest.mark.parametrize("route", OF_STATES)
def test_what_the_state_forbids_is_told_before_what_the_form_lacks(route, at, as_):
    """A form that is not offered cannot be filled: whoever forces its POST learns that the world has moved."""
    stages = set(places.STAGES) - OF_STATES[route]
    found = {stage: as_("manager").post(at(route, stage)).status_code for stage in stages}
    assert found == dict.fromkeys(stages, 409)


def test_there_is_no_second_factor_in_the_embedded_default(as_):
    assert {as_(role).get(f"/{TWO_FACTOR}").status_code for role in ROLES} == {404}


def test_sales_may_decline_and_restore_where_the_setting_says_so(at, as_, settings):
    settings.PORTAL_SALES_MAY_DECLINE = True
    decisions = [at(f"{OF_OFFER}{kind}/", "priced") for kind in ("accept", "decline", "restore")]
    assert [as_("sales").post(path).status_code == 403 for path in decisions] == [True, False, False]


def test_an_admin_sees_no_decision(at, as_):
    html = as_("admin").get(at("lines/<uuid:pk>/", "priced")).content.decode()
    assert f'data-product-id="{places.PRODUCT}"' in html
    assert "/accept/" not in html
    assert "/decline/" not in html


def test_htmx_gets_a_part_and_never_a_whole_document(at, as_):
    """With the status of the page; boosted, it gets the page."""
    wrong = {}
    for route, rule in RULES.items():
        readers = rule.readers & {"manager", "admin"}
        client, path = as_(sorted(readers)[-1]), at(route)
        part = client.get(path, headers={"HX-Request": "true"})
        page = client.get(path, headers={"HX-Request": "true", "HX-Boosted": "true"})
        is_html = page.get("Content-Type", "").startswith("text/html") and page.status_code != 302
        if is_html and (b"<html" in part.content or part.status_code not in (page.status_code, 204)):
            wrong[route] = part.status_code
    assert wrong == {}


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if rule.get == 200])
def test_head_is_answered_where_get_is(route, at, as_):
    client = as_("admin" if RULES[route].readers == ADMINS else "manager")
    assert client.head(at(route)).status_code == 200

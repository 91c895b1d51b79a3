"""Every page of the URL map as people meet it: both languages, light and dark, desk and telephone.

EVERY_COMBINATION=1 in the environment tries all twelve combinations; without it each value is met once at least.
"""

import itertools
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from quotes.models import Basket, Line
from tests.browser.person import Person
from tests.pages import mirrors, places
from tests.pages.test_roles import ADMINS, DRAFT, OF_STATES, RULES

pytestmark = pytest.mark.django_db(transaction=True)

SOME = [
    ("fr-FR", "light", 1366),
    ("en-GB", "dark", 360),
    ("fr-FR", "dark", 320),
]
ALL = list(itertools.product(("fr-FR", "en-GB"), ("light", "dark"), (1366, 360, 320)))
COMBINATIONS = ALL if os.environ.get("EVERY_COMBINATION") else SOME
PAGES = [route for route, rule in RULES.items() if rule.get == 200 and (route.endswith("/") or not route)]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LONG = "Société Coopérative <b>Ôtrement</b> 🚀 " + "d’équipement et d’aménagement du littoral " * 4 + "x" * 120

HERE = Path(__file__).parent
WHAT_IS_WRONG = (HERE / "what_is_wrong.js").read_text()
WATCH_SHIFTS = (HERE / "watch_shifts.js").read_text()


@pytest.fixture
def rows(people) -> dict:
    """Stage to its objects; long and strange names among them."""
    found = {stage: places.made(people["manager"], stage) for stage in ("draft", "priced")}
    for stage, objects in found.items():
        state = places.STAGES[stage]["line"]
        mirrors.a_line(objects["baskets"], state=state, end_customer_name=f"{stage} {LONG}", project_id="P" * 120)
        Basket.objects.filter(pk=objects["baskets"].pk).update(external_id=f"A basket, {stage}")
        Line.objects.filter(pk=objects["lines"].pk).update(end_customer_name=f"A line, {stage}")
    return found


@pytest.mark.parametrize(("language", "scheme", "width"), COMBINATIONS)
def test_a_page_is_accessible_calm_and_wide_enough(language, scheme, width, rows, browser, live_server, as_):
    options = {"locale": language, "color_scheme": scheme, "viewport": {"width": width, "height": 768}}
    people = {name: Person(browser, live_server.url, **options) for name in ("admin", "manager")}
    wrong = {}
    for name, person in people.items():
        person.be(as_(name))
        person.context.add_init_script(WATCH_SHIFTS)
    for route in PAGES:
        person = people["admin" if RULES[route].readers == ADMINS else "manager"]
        path = places.address(route, rows["draft" if OF_STATES.get(route) is DRAFT else "priced"])
        person.go(path)
        found = _wrong(person) + _in_dialogs(person)
        if found:
            wrong[path] = found
    for person in people.values():
        wrong |= {"console": person.complaints} if person.complaints else {}
        person.leave()
    assert not wrong, "\n".join(f"{path}: {one[:200]}" for path, found in wrong.items() for one in found)


def _wrong(person) -> list[str]:
    found = Axe().run(person.page, options=AXE).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found] + person.page.evaluate(WHAT_IS_WRONG)


def _in_dialogs(person) -> list[str]:
    """Each kind of dialog of the page, opened."""
    found, seen = [], set()
    for link in person.page.locator("main a[data-dialog]:visible").all():
        kind = link.get_attribute("href").rstrip("/").rsplit("/")[-1]
        if kind in seen:
            continue
        seen.add(kind)
        link.click()
        person.page.wait_for_selector("#dlg[open] h1, #dlg[open] h2")
        violations = Axe().run(person.page, options=AXE).response["violations"]
        found += [f"{kind}: {rule['id']}: {rule['nodes'][0]['html']}" for rule in violations]
        person.page.keyboard.press("Escape")
    return found

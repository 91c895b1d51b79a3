"""Take the pictures of docs/operations.md: `python -m script.uncertainties` provokes each doubt and photographs it.

An operator of the tests loses answers, goes away or contradicts itself; the pages are those of the real portal, before
a database of their own, in both languages.
"""

import io
import threading
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from PIL import Image
from playwright.sync_api import sync_playwright

from bench import _database
from tests import chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
SIZE = {"width": 1000, "height": 900}
COLOURS = 128
PATIENCE = 240_000  # milliseconds for one page of a busy machine
REFUSAL = {
    "fr": {"end_customer_name": ["Ce client est bloqué chez l’opérateur."]},
    "en": {"end_customer_name": ["This customer is blocked at the operator."]},
}


def main() -> None:
    _database.set_up()
    FOLDER.mkdir(parents=True, exist_ok=True)
    from tests.operator import Operator

    with sync_playwright() as playwright, _portal() as address:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        for language, locale in LANGUAGES.items():
            for name, scene in SCENES.items():
                with Operator() as operator:
                    page = _page(browser, address, locale)
                    scene(_Stage(operator, page, address, language))
                    _take(page, f"{name}-{language}")
        browser.close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def _portal():
    from covage_portal.wsgi import application

    server = make_server("127.0.0.1", 0, application, _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _page(browser, address, locale):
    context = browser.new_context(base_url=address, viewport=SIZE, locale=locale, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/login/")  # a first page may do without the font, see font-display
    page.evaluate("document.fonts.ready")
    return page


def _take(page, name) -> None:
    """Few colours are enough for pages, and small files for a repository."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    page.context.close()


class _Stage:
    """One doubt is provoked on it: the operator, the people, and the page that one of them looks at."""

    def __init__(self, operator, page, address, language):
        from django.conf import settings
        from django.contrib.auth.models import User

        from covage_portal.settings import SYNC
        from tests.cast import point_at

        self.operator, self.page, self.address, self.language = operator, page, address, language
        self.settings, self.people = settings, {user.username: user for user in User.objects.all()}
        self._is_back()
        point_at(settings, operator.url)
        settings.SYNC, settings.SYNC_SPEED = dict(SYNC), 1

    def look(self, name: str, path: str) -> None:
        from django.test import Client

        client = Client()
        client.force_login(self.people[name])
        cookie = client.cookies["sessionid"]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        self.page.goto(path)

    def goes_away(self) -> None:
        self.settings.COVAGE_API_URL = "http://127.0.0.1:9"

    def sweep(self, times: int = 1) -> None:
        from quotes.models import Command
        from quotes.services import reconciler

        for _ in range(times):
            Command.objects.update(next_try_at=None)
            reconciler.sweep()

    @staticmethod
    def reads(line=None) -> None:
        """What the worker would: the list of the baskets, or one line."""
        from quotes.sync import discover, jobs, watch
        from quotes.sync.connection import connect

        if line:
            watch.read_line(connect(), line)
        else:
            jobs.run("all_baskets", 0, lambda tally: discover.baskets(connect(), tally, full=True), force=True)

    @staticmethod
    def _is_back() -> None:
        from quotes.models import Command, OperatorState

        Command.objects.filter(state__in=("recorded", "uncertain", "needs_person")).update(state="withdrawn")
        OperatorState.objects.update(failures=0, open_until=None, failing_since=None)


def accept_checked(at) -> None:
    """The answer of an accept was lost."""
    line = _accepted(at, 504, later=True)
    at.sweep()
    at.look("manager", f"/lines/{line.pk}/")


def accept_without_ids(at) -> None:
    """It was lost after the order, and a reading has shown the order."""
    line = _accepted(at, "reset", after=True)
    at.sweep()
    at.look("manager", f"/commands/{line.commands.latest('recorded_at').pk}/")


def accept_needs_person(at) -> None:
    """Somebody else ordered another product of the line meanwhile."""
    line = _accepted(at, "reset")
    at.operator.world.accept(line.remote_id, "2175")
    at.sweep()
    at.reads(line)
    at.look("manager", f"/commands/{line.commands.latest('recorded_at').pk}/")


def kept(at) -> None:
    """The operator cannot be reached while somebody changes a line."""
    from tests.faults import stage

    line = stage.draft(at.operator, name="FLASH-BREST").lines.get()
    at.goes_away()
    command = stage.edit(line, at.people["sales"], "Accès par la cour")
    at.look("sales", f"/commands/{command.pk}/")


def not_applied(at) -> None:
    """The accept never arrived: all readings agree."""
    line = _accepted(at, "reset")
    at.settings.SYNC |= {"quiet_accept": 0}
    at.sweep(5)
    at.look("manager", f"/lines/{line.pk}/")


def confirm_checked(at) -> None:
    from tests.faults import stage

    basket = stage.draft(at.operator, lines=2, name="FLASH-MORLAIX")
    at.operator.fail(504, "/confirm/", later=True)
    stage.confirm(basket, at.people["sales"])
    at.sweep()
    at.look("sales", f"/baskets/{basket.pk}/")


def unreachable(at) -> None:
    from tests.faults import stage

    lines = [stage.draft(at.operator, name=f"FLASH-{place}").lines.get() for place in ("VANNES", "LORIENT", "AURAY")]
    at.reads()
    at.goes_away()
    for line in lines:
        stage.edit(line, at.people["sales"], "Accès par la cour")
    at.look("sales", "/baskets/")


def refused(at) -> None:
    from tests.cast import COMPLETE
    from tests.faults import stage

    basket = stage.draft(at.operator, name="FLASH-REDON")
    at.operator.fail(422, "/quote_item/$", method="POST", body=REFUSAL[at.language])
    at.look("sales", f"/baskets/{basket.pk}/lines/new/")
    for name in ("product_offering_qualification_item_id", "end_customer_name"):
        at.page.fill(f"[name={name}]", COMPLETE[name])
    at.page.locator("main form[method=post] button.primary").first.click()
    at.page.wait_for_selector(".errors")


def _accepted(at, action, **how):
    from tests.faults import stage

    line = stage.priced(at.operator, name="FLASH-QUIMPER")
    at.operator.fail(action, "/accept/", **how)
    stage.accept(line, at.people["manager"])
    return line


SCENES = {
    "accept-checked": accept_checked,
    "accept-without-ids": accept_without_ids,
    "accept-needs-person": accept_needs_person,
    "kept": kept,
    "not-applied": not_applied,
    "confirm-checked": confirm_checked,
    "unreachable": unreachable,
    "refused": refused,
}

if __name__ == "__main__":
    main()

import pytest

from tests.browser.person import Person
from tests.platform.processes import Run
from tests.sandbox_server import SandboxServer

PASSWORD = "a password for one journey"
DESK = {"viewport": {"width": 1366, "height": 768}}


class Portal:
    """What `script/run` starts, with its own folder and ports; its sandbox prices and exports within seconds."""

    def __init__(self, var):
        pace = {"SYNC_HOT_SECONDS": "4", "COVAGE_REQUESTS_PER_SECOND": "50"}
        self.run = Run(var, PORTAL_DEMO_PASSWORD=PASSWORD, **pace)
        self.sandbox = SandboxServer(var / "sandbox", port=int((var / "run" / "sandbox.port").read_text()))
        self.sandbox.set_delays(quote=2, export=1)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    running = Portal(tmp_path_factory.mktemp("journey"))
    yield running
    running.run.end()


@pytest.fixture
def person(portal, browser):
    """`person("sales")`: somebody at a browser of their own, logged in."""
    people = []

    def logged_in(name: str, **options) -> Person:
        people.append(Person(browser, portal.run.url, **options))
        people[-1].log_in(name, PASSWORD)
        return people[-1]

    yield logged_in
    for one in people:
        one.leave()


@pytest.fixture
def at_desk(browser, live_server, as_):
    """`at_desk("sales")`: somebody at a browser of their own, with the session of `as_`; no portal but the test's."""
    people = []

    def with_session(name: str, **options) -> Person:
        people.append(Person(browser, live_server.url, **DESK | options))
        people[-1].be(as_(name))
        return people[-1]

    yield with_session
    for one in people:
        one.leave()

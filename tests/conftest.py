"""What every test lives with: no network but loopback, an empty cache, a database emptied as it should be."""

import ipaddress
import socket

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings

from tests import chromium

_DATABASE = {"db", "transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}
_COMMITTING = _DATABASE - {"db"}
_QUIET = ["disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"]

hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


def pytest_collection_modifyitems(items):
    """Mark what opens a page and what touches the database, so that `-m` can tell them apart."""
    reason = f"NOT RUN: no Chromium; {chromium.HOW_TO_GET_IT}"
    for item in items:
        if "browser" in item.fixturenames or "page" in item.fixturenames:
            item.add_marker("browser")
        if _DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if item.get_closest_marker("browser") and not chromium.find() and not chromium.is_required():
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not chromium.find():
        pytest.fail(f"no Chromium: {chromium.HOW_TO_GET_IT}")
    arguments = [f"--{name}" for name in _QUIET]
    return browser_type_launch_args | {"executable_path": chromium.find(), "args": arguments}


@pytest.fixture(autouse=True, scope="session")
def only_loopback():
    """A test that reaches for the world fails at once, and says whom it wanted."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to connect to {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def empty_cache():
    """Or the failed logins of one test would lock the next one out."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def history_may_be_emptied(request, _django_db_helper):
    """A test that commits has its tables emptied afterwards, which the history refuses to all others."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if _COMMITTING & set(request.fixturenames) or (marker and marker.kwargs.get("transaction")):
        from quotes.models import append_only

        append_only.release(connection)


pytest_plugins = ["tests.cast"]

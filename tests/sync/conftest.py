import pytest

from quotes.sync.connection import connect


@pytest.fixture
def client(operator):
    """The real client as the worker has it."""
    return connect()


@pytest.fixture
def real_times(operator, settings):
    """The portal's own times as they are outside the tests; `time_machine` moves the clock."""
    from covage_portal.settings import SYNC

    settings.SYNC, settings.SYNC_SPEED = dict(SYNC), 1
    return settings.SYNC

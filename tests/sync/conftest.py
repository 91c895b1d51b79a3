import pytest

from quotes.sync.connection import connect


@pytest.fixture
def covage(operator):
    """The real client, as the worker has it."""
    return connect()

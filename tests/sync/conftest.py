import pytest
import time_machine

from quotes.sync.connection import connect
from tests.sync.scenes import NOON


@pytest.fixture
def covage(operator):
    """The real client, as the worker has it."""
    return connect()


@pytest.fixture
def clock(real_times):
    """It stands at noon until it is moved."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock

"""What the tests of this folder share: the invariants that each ends with, the scenes that several begin with."""

import pytest

from quotes.models import Command
from quotes.services import reconciler
from tests.faults import stage
from tests.faults.invariants import broken
from tests.faults.victims import victims


@pytest.fixture
def holds(operator, as_):
    """`holds()` at the end of a test: no invariant is broken, on any page either."""
    browser = as_("auditor")

    def judge():
        assert broken(operator, browser) == []

    return judge


@pytest.fixture
def sweep(db):
    """`sweep(times)`: what the worker does, with everything due at once."""

    def run(times: int = 1) -> None:
        for _ in range(times):
            Command.objects.update(next_try_at=None)
            reconciler.sweep()

    return run


@pytest.fixture
def line(operator):
    """Priced: its offers wait for a decision."""
    return stage.priced(operator)


@pytest.fixture(params=[True, False], ids=["guarded", "off"])
def guarded(request):
    """Each scene is played twice."""
    return request.param


@pytest.fixture(scope="module")
def parent(django_db_setup):
    with victims() as processes:
        yield processes


@pytest.fixture
def deadly(parent, operator, people):
    """Processes that work for the operator of the test, to be killed."""
    parent.url = operator.url
    return parent

"""What every test of this folder ends with: the invariants, judged by the operator's ledger."""

import pytest

from quotes.models import Command
from quotes.services import reconciler
from tests.faults.invariants import broken


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

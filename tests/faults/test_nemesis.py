"""F58, short: everything at once for a while, with a fixed seed and a new one (`script/bench faults`: for long)."""

import random

import pytest
from django.conf import settings as live
from django.db import connection

from tests.faults import stage
from tests.faults.nemesis import Nemesis
from tests.faults.trials import totals
from tests.faults.victims import victims

SECONDS = {"sqlite": 60, "postgresql": 15}  # of each of the two, or the suite would take too long


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", ["fixed", "new"])
def test_f58_all_invariants_hold_when_everything_happens_at_once(operator, people, as_, settings, seed):
    seed = 1 if seed == "fixed" else random.randrange(10**6)
    print(f"seed {seed}")
    stage.hurry(live, operator.url)
    with victims() as processes:
        nemesis = Nemesis(operator, people, processes, seed)
        nemesis.run(SECONDS[connection.vendor])
    print(dict(nemesis.counts), totals(operator))
    assert nemesis.verdict(as_("auditor")) == []

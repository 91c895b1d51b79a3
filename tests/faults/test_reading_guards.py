"""The guards of what is read, each switched off in turn as in `test_guards`: the harm must then be seen."""

from contextlib import suppress

import pytest

from quotes.covage import CovageAuthFailed, CovageNotFound
from quotes.models import Line
from quotes.services import baskets
from quotes.sync import store, watch
from quotes.sync.connection import connect
from quotes.sync.tokens import DatabaseTokens
from tests.faults import stage
from tests.operator import Shapes

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_404_hides_nothing_because_two_must_lie_apart(operator, settings, guarded):
    settings.SYNC = settings.SYNC | {"gone": 600 if guarded else 0}
    line = stage.priced(operator)
    operator.fail(404, f"/quote_item/{line.remote_id}/$", method="GET", times=2)
    for _ in range(2):
        with suppress(CovageNotFound):
            watch.read_line(connect(), line)
    assert Line.objects.get(pk=line.pk).is_gone != guarded


def test_people_lose_sight_of_nothing_because_very_many_missing_are_not_believed(
    operator, settings, monkeypatch, guarded
):
    settings.SYNC = settings.SYNC | {"gone": 0}
    if not guarded:
        monkeypatch.setattr(store, "_many_missing", lambda model: False)
    lines = [stage.priced(operator) for _ in range(25)]
    operator.fail(404, "/quote_item/[^/]+/$", method="GET", times=1000)
    for line in lines * 2:
        with suppress(CovageNotFound):
            watch.read_line(connect(), line)
    gone = Line.objects.exclude(gone_at=None).count()
    assert gone < len(lines) if guarded else gone == len(lines)


def test_the_account_is_not_locked_because_a_refused_password_is_tried_once(operator, settings, monkeypatch, guarded):
    settings.SYNC_SPEED = 1
    line = stage.priced(operator)
    if not guarded:
        monkeypatch.setattr(DatabaseTokens, "blocked", lambda self: 0)
    operator.fail(401, "/token$", method="POST", times=1000)
    for _ in range(3):
        with pytest.raises(CovageAuthFailed):
            watch.read_line(connect(), line)
    assert (len(operator.sent("POST", "/token$")) == 1) == guarded


@pytest.mark.parametrize("operator", [Shapes(name_filter="ignored")], indirect=True)
def test_another_basket_is_not_adopted_because_names_are_compared_here(operator, sales, monkeypatch, sweep, guarded):
    """The operator filters loosely, and the create never arrived."""
    operator.world.draft(external_id="OTHER")
    if not guarded:
        monkeypatch.setattr(baskets, "search", lambda walk, _: [found for page in walk for found in page.results])
    operator.fail("reset", "/quote/$", method="POST")
    command = stage.create(sales, "MINE")
    sweep(4)
    command.refresh_from_db()
    assert (command.state == "done") != guarded

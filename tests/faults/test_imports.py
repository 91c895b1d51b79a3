"""An import whose worker dies: every mistake was told before anything left, and nothing is created twice (F59)."""

import signal
import time

import pytest
import time_machine

from quotes.models import Batch
from tests.faults import sheets, stage
from tests.faults.invariants import writes

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, BAD = 60, 7


@pytest.fixture
def basket(operator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return stage.draft(operator, lines=0)


def created(operator, basket) -> list[str]:
    """The references in the basket, as the operator has them."""
    return [line["external_id"] for line in operator.world._of(basket.remote_id)]


def killed_after(operator, deadly, lines: int) -> int:
    """A worker that creates so many lines, then dies; its exit status."""
    pid = deadly.start("import")
    until = time.monotonic() + 60
    while len(operator.sent("POST", "/quote_item/$")) < lines and time.monotonic() < until:
        time.sleep(0.01)
    return deadly.kill(pid)


def test_a_worker_killed_half_way_leaves_each_line_once(operator, deadly, basket, as_, holds):
    client = as_("sales")
    data, bad = sheets.a_sheet(ROWS, BAD)
    batch, page = sheets.checked(client, basket, data)
    assert sheets.rows_in_error(page) == bad and len(bad) == BAD
    assert not writes(operator)
    client.post(f"/imports/{batch.pk}/start/")
    assert killed_after(operator, deadly, ROWS // 2) == -signal.SIGKILL
    assert ROWS // 2 <= len(created(operator, basket)) < ROWS - BAD
    with time_machine.travel(time.time() + 200):  # the claims of the dead have lapsed
        sheets.go_on()
        names = created(operator, basket)
        assert len(names) == len(set(names)) == basket.lines.filter(is_void=False).count() == ROWS - BAD
        assert Batch.objects.get(pk=batch.pk).state == "done"
        again, _page = sheets.checked(client, basket, data)
        assert client.post(f"/imports/{again.pk}/start/").status_code == 422
        sheets.go_on()
    assert len(created(operator, basket)) == ROWS - BAD
    holds()


@pytest.mark.parametrize("point", ["recording", "recorded", "sending", "answered", "settling", "stored"])
def test_killed_at_any_point_of_a_line_it_is_created_once_or_told(operator, deadly, basket, as_, holds, point):
    batch, _page = sheets.checked(as_("sales"), basket, sheets.a_sheet(3, bad=0)[0])
    as_("sales").post(f"/imports/{batch.pk}/start/")
    assert deadly.run("import", at=point) == -signal.SIGKILL
    with time_machine.travel(time.time() + 200):
        sheets.go_on()
    names = created(operator, basket)
    outcomes = [item.outcome for item in batch.items.select_related("command")]
    assert outcomes == ["not_applied" if point == "sending" else "done", "done", "done"]
    assert len(names) == len(set(names)) == outcomes.count("done")
    holds()

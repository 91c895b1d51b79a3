import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from quotes.models import Basket, Line, Offer, Project, SyncJob
from quotes.sync.jobs import LONGEST_RUN
from tests.sync.scenes import draft, mirrored_basket, priced

pytestmark = pytest.mark.django_db


def test_full_brings_everything_in(operator, capsys):
    basket_id, line_id = priced(operator)
    draft(operator, lines=2)
    call_command("sync_covage", full=True)
    assert Basket.objects.count() == 2
    assert Line.objects.exclude(read_at=None).count() == 3
    assert Offer.objects.filter(line__remote_id=line_id).count() == 2
    assert Project.objects.exists()
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        "all_baskets: 2 seen, 2 changed, 0 rejected",
        "lines: 3 seen, 3 changed, 0 rejected",
        "projects: 1 seen, 1 changed, 0 rejected",
        "baskets: 2 seen, 2 changed, 0 rejected",
    ]


def test_without_full_only_what_is_new_or_due_is_read(operator, real_times, capsys):
    old = mirrored_basket(operator, lines=0)
    draft(operator, lines=0)
    operator.requests.clear()
    call_command("sync_covage")
    assert not operator.sent("GET", f"/quote/{old.remote_id}/")
    assert Basket.objects.exclude(read_at=None).count() == 2


def test_full_reads_open_baskets_although_they_are_not_due(operator, real_times):
    basket = mirrored_basket(operator, lines=1)
    operator.world.lines[basket.lines.get().remote_id]["note"] = "moved"
    call_command("sync_covage", full=True)
    assert basket.lines.get().value("note") == "moved"


def test_a_failure_ends_non_zero_and_says_why(operator, settings):
    settings.COVAGE_API_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="new_baskets: CovageUnavailable"):
        call_command("sync_covage")


def test_a_run_of_the_worker_is_left_alone(operator, capsys):
    for name in ("new_baskets", "baskets"):
        SyncJob.objects.create(name=name, claimed_until=timezone.now() + LONGEST_RUN / 2)
    call_command("sync_covage")
    assert not operator.requests
    assert "new_baskets: another run is at work" in capsys.readouterr().out

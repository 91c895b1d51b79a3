"""The operator's clock. It can run faster than yours and can be moved, so that a week of waiting fits in a lesson."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timezone import localtime

from sandbox.models import Desk
from sandbox.options import current


def desk() -> Desk:
    return Desk.objects.get_or_create(pk=1)[0]


def quote_delay() -> float:
    """Seconds from a confirmation to the first price."""
    return _first(desk().quote_delay, current.quote_delay)


def export_delay() -> float:
    """Seconds that an export runs."""
    return _first(desk().export_delay, current.export_delay)


def now() -> datetime:
    return _shown(desk(), timezone.now())


def change(*, factor: float | None = None, shift: float = 0) -> None:
    """Run `factor` times as fast from now on, after a jump of `shift` seconds."""
    row, real = desk(), timezone.now()
    row.shown_from = _shown(row, real) + timedelta(seconds=shift)
    row.real_from = real
    row.factor = row.factor if factor is None else factor
    row.save()


def iso(moment: datetime | None) -> str | None:
    return moment and localtime(moment).isoformat(timespec="seconds")


def _first(ordered: float | None, usual: float) -> float:
    return usual if ordered is None else ordered


def _shown(row: Desk, real: datetime) -> datetime:
    return row.shown_from + (real - row.real_from) * row.factor

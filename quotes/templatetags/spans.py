"""Times in running text: how long something has lasted, and the clock."""

from datetime import datetime, timedelta

from babel.dates import format_timedelta
from django import template
from django.utils import timezone

from .formats import day, locale

register = template.Library()


@register.simple_tag
def lasting(since, until=None):
    """ "12 sec", "3 min"; `until` is now when it is not given."""
    span = max((until or timezone.now()) - since, timedelta(0))
    return format_timedelta(span, granularity="second", threshold=1.5, format="short", locale=locale())


def clock(moment: datetime) -> str:
    """ "13:40", with the day when it is not today."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{day(local.date())}, {local:%H:%M}"

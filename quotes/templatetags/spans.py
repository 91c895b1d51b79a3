"""How long something has lasted, for what is still going on: the page asks again, so no script keeps it true."""

from babel.dates import format_timedelta
from django import template
from django.utils import timezone

from .formats import locale

register = template.Library()


@register.simple_tag
def lasting(since, until=None):
    """ "12 sec", "3 min"; `until` is now when it is not given."""
    span = max((until or timezone.now()) - since, timezone.timedelta(0))
    return format_timedelta(span, granularity="second", threshold=1.5, format="short", locale=locale())

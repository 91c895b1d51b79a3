"""Amounts of an offer, marked so that a program finds each under the operator's own key; days and positions."""

from urllib.parse import quote

from django import template
from django.utils import timezone
from django.utils.html import format_html

from quotes.covage import Amount
from quotes.drawing import words
from quotes.templatetags import formats

register = template.Library()
register.filter("day", formats.day)
register.filter("days_left", formats.days_left)


@register.simple_tag
def amount(found: Amount, css="", unit=None):
    """`unit`: what to print behind it instead of the whole unit as received (the row may already say "monthly")."""
    shown = formats.money(found.value, found.unit if unit is None else unit)
    css = format_html(' class="{}"', css) if css else ""
    return format_html('<data{} value="{}" data-price="{}">{}</data>', css, plain(found), found.key, shown)


@register.filter
def is_soon(day):
    """Near enough to be loud."""
    return 0 <= (day - timezone.localdate()).days <= formats.SOON


@register.simple_tag
def position(at):
    """(longitude, latitude) as people write it: "47.9942, −4.1186"."""
    return f"{words.number(at[1], 4)}, {words.number(at[0], 4)}"


def plain(found: Amount) -> str:
    """All digits as received, with a point."""
    return format(found.value, "f")


@register.filter
def address(offer) -> str:
    """The start of the addresses of an offer; its product id may hold any printable text."""
    return f"/lines/{offer.line_id}/offers/{quote(offer.product_id, safe='')}/"

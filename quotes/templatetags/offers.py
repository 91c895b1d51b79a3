"""Amounts of an offer, marked so that a program finds each under the operator's own key; days and positions."""

from urllib.parse import quote

from babel.numbers import format_percent
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from quotes import drawing
from quotes.covage import Amount
from quotes.drawing import words
from quotes.selectors.days import SOON
from quotes.selectors.past_prices import Standing
from quotes.selectors.ranks import Rank
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


@register.simple_tag
def ranked(rank: Rank | None, words: str, unit: str):
    """The cheapest in words with the distance to the next one; of any other its distance to the cheapest."""
    if rank is None:
        return ""
    if not rank.is_best:
        return sub(_further(rank.above, rank.share, unit))
    if rank.is_partial:
        words = _("%(cheapest)s of the %(n)s that give it") % {"cheapest": words, "n": formats.number(rank.of)}
    best = format_html('<span class="sub best">{}</span>', words)
    if not rank.following:
        return best + sub(_("another costs the same"))
    following = _further(rank.following, rank.following_share, unit)
    return best + format_html('<span class="sub">{} {}</span>', _("the next:"), following)


@register.simple_tag
def past(standing: Standing):
    """Where a price stands among earlier answers for the same offer, in words first; the strip repeats them."""
    words = _stands(standing)
    area = standing.area
    if area:
        area = _("In department %(code)s: %(words)s") % {"code": standing.department, "words": _stands(area)}
    strip = drawing.strip(float(standing.own), [float(value) for value in standing.values])
    return format_html("{}{}{}", strip, sub(words), sub(area) if area else "")


def sub(words):
    return format_html('<span class="sub">{}</span>', words)


def _stands(standing) -> str:
    told = {
        "n": formats.number(standing.of),
        "median": formats.money(standing.median, standing.unit),
        "share": percent(max(standing.dearer_share, standing.cheaper_share)),
    }
    if not (standing.dearer or standing.cheaper):
        return _("the same as all %(n)s answers") % told
    if standing.dearer >= standing.cheaper:
        return _("cheaper than %(share)s of %(n)s answers, median %(median)s") % told
    return _("dearer than %(share)s of %(n)s answers, median %(median)s") % told


def percent(share) -> str:
    """ "15.9 %" by language, one decimal at most."""
    return format_percent(round(share, 3), locale=formats.locale(), decimal_quantization=False)


def _further(distance, share, unit) -> str:
    """ "+ 30.00 € (16 %)"."""
    words = f"+\N{NO-BREAK SPACE}{formats.money(distance, unit)}"
    return words if share is None else f"{words} ({percent(share)})"


@register.filter
def is_soon(day):
    """Near enough to be loud."""
    return 0 <= (day - timezone.localdate()).days <= SOON


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

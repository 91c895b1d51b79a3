"""Values as a reader of the active language expects them: money, numbers, dates, sizes.

One source of rules for everything, CLDR through Babel, because Django's own formats disagree with it (12 345,60
with the wrong space, "9:05 a.m."). Money stays `Decimal`. A missing value is a dash that reads "not given".
"""

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal, get_currency_precision, is_currency
from babel.units import format_unit
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext, to_locale

from quotes.models import people
from quotes.selectors.days import SOON

from .icons import ICONS

register = template.Library()

_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD"}


def locale() -> Locale:
    return _parse(get_language() or "en-gb")


@lru_cache
def _parse(language: str) -> Locale:
    return Locale.parse(to_locale(language))


@register.filter
def name_of(person) -> str:
    return people.name_of(person) if person else ""


@register.simple_tag
def missing():
    """What stands where a value is not known, never a zero and never nothing."""
    return format_html(
        '<span class="muted"><span aria-hidden="true">—</span><span class="vh">{}</span></span>', gettext("not given")
    )


def _decimal(value) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@register.filter
def money(amount, unit=""):
    """`unit` is whatever the operator said: a currency is printed as such, other words follow the number,
    and without one a plain number stands (nothing is invented)."""
    if amount in (None, ""):
        return missing()
    number = _decimal(amount)
    if number is None:
        return str(amount)
    code = _SYMBOLS.get(unit, str(unit or "").upper())
    if is_currency(code):
        rounded = _places(number) <= get_currency_precision(code)
        return format_currency(number, code, locale=locale(), decimal_quantization=rounded)
    plain = format_decimal(number, format="#,##0.00", locale=locale(), decimal_quantization=_places(number) <= 2)
    return f"{plain}\u00a0{unit}" if unit else plain


def _places(number: Decimal) -> int:
    """More decimal places than usual are kept: the operator's amount is shown, not our rounding."""
    return max(0, -number.as_tuple().exponent)


@register.filter
def number(value):
    if value in (None, ""):
        return missing()
    return format_decimal(value, locale=locale())


@register.filter
def months(value):
    if value in (None, ""):
        return missing()
    return ngettext("%(n)s month", "%(n)s months", int(value)) % {"n": number(int(value))}


@register.filter
def filesize(size):
    if size in (None, ""):
        return missing()
    for unit, factor in (("megabyte", 10**6), ("kilobyte", 10**3)):
        if size >= factor:
            pattern = "#,##0.0" if size < 10 * factor else "#,##0"
            return format_unit(Decimal(size) / factor, f"digital-{unit}", "short", format=pattern, locale=locale())
    return format_unit(size, "digital-byte", "long", locale=locale())  # the short form knows no plural in English


@register.filter
def distance(metres):
    """Metres below one kilometre, kilometres with two places from there."""
    if metres in (None, ""):
        return missing()
    if metres < 1000:
        return format_unit(round(metres), "length-meter", "short", locale=locale())
    return format_unit(metres / 1000, "length-kilometer", "short", format="#,##0.00", locale=locale())


def day(value: date, *, year: bool | None = None) -> str:
    """ "27 Apr", with the year when it is not this one (or when told to)."""
    with_year = value.year != timezone.localdate().year if year is None else year
    return _day(value, "d MMM y" if with_year else "d MMM", locale())


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str, locale: Locale) -> str:
    """Lists repeat the same few days, and Babel needs longer for one than a template for a row."""
    return format_date(value, pattern, locale=locale)


def exact(value: datetime) -> str:
    local = timezone.localtime(value)
    return f"{day(local.date(), year=True)}, {local:%H:%M:%S} ({local.tzinfo})"


@register.simple_tag
def moment(value, year=None):
    """A date, or a date and time in the reader's zone; a text (a value that is no date) stays as it came."""
    if value in (None, ""):
        return missing()
    if not isinstance(value, date):
        return value
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value, year=year))
    local = timezone.localtime(value)
    words = f"{day(local.date(), year=year)}, {local:%H:%M}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact(value), words)


def relative(age: timedelta) -> str:
    return format_timedelta(-age, add_direction=True, locale=locale())


@register.simple_tag
def ago(value):
    """ "2 minutes ago"; app.js keeps it true while the page stands."""
    if value is None:
        return missing()
    return format_html(
        '<time datetime="{}" title="{}" data-relative="">{}</time>',
        value.isoformat(), exact(value), relative(timezone.now() - value),
    )  # fmt: skip


def freshness(age: timedelta, interval: timedelta) -> str:
    """`fresh` up to two intervals, `ageing` up to six, `old` beyond."""
    return "fresh" if age <= 2 * interval else "ageing" if age <= 6 * interval else "old"


@register.simple_tag
def stamp(value, verb, interval=300):
    """How old what is shown is. `verb` opens the sentence ("Synchronised"); `interval` is how often it is read
    again (seconds or timedelta). app.js rewrites the words each 30 s, also when the network is gone."""
    if value is None:
        return format_html(
            '<span class="stamp" data-fresh="old">{}{}</span>', ICONS["cut-cable"], gettext("Not synchronised yet")
        )
    interval = interval if isinstance(interval, timedelta) else timedelta(seconds=interval)
    age = timezone.now() - value
    old = _old(timezone.localtime(value))
    fresh = freshness(age, interval)
    return format_html(
        '<time class="stamp" datetime="{}" title="{}" data-fresh="{}" data-relative="{}" data-old="{}"'
        ' data-interval="{}"><span class="cut">{}</span>{}<span>{}</span></time>',
        value.isoformat(), exact(value), fresh, verb, old,
        int(interval.total_seconds()), ICONS["cut-cable"], ICONS["refresh"],
        old if fresh == "old" else f"{verb} {relative(age)}",
    )  # fmt: skip


def _old(local: datetime) -> str:
    if local.date() == timezone.localdate():
        return gettext("Old, data of %(time)s") % {"time": f"{local:%H:%M}"}
    return gettext("Old, data of %(day)s, %(time)s") % {"day": day(local.date()), "time": f"{local:%H:%M}"}


def days_left(value: date) -> str:
    return _in_days((value - timezone.localdate()).days)


def _in_days(days: int) -> str:
    if days < 0:
        return gettext("date passed")
    if days < 2:
        return gettext("tomorrow") if days else gettext("today")
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


@register.simple_tag
def deadline(value, year=None):
    """A date and what it means today: "27 Apr in 4 days", loud from a week before. Whether an offer has expired
    is the operator's word: a date behind us only says that it has passed."""
    if value in (None, ""):
        return missing()
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    today = timezone.localdate()
    days = (value - today).days
    words = day(value, year=value.year != today.year if year is None else year)
    return format_html(
        '<span class="due{}"><time datetime="{}">{}</time> <span>{}</span></span>',
        " soon" if 0 <= days <= SOON else "", value.isoformat(), words, _in_days(days),
    )  # fmt: skip


def _shown(value):
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return moment(value, year=True)
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return value


@register.simple_tag
def value(name, stored):
    """A stored value under its specification name, so that a program finds it. `data-raw` repeats it as it is
    kept where the shown words differ."""
    if stored in (None, "", [], ()):
        return format_html('<span data-value-of="{}" data-raw="">{}</span>', name, missing())
    shown = _shown(stored)
    if isinstance(stored, date):
        return format_html('<span data-value-of="{}" data-raw="{}">{}</span>', name, stored.isoformat(), shown)
    return format_html('<span data-value-of="{}">{}</span>', name, shown)

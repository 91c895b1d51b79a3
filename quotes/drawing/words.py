"""Numbers, lengths and labels in the language of the page."""

from babel import Locale
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils.translation import get_language, gettext, to_locale


def number(value: float, places: int = 0) -> str:
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return format_decimal(value, format=pattern, locale=_locale()).replace("-", "−")


def labelled(label: str, value: str) -> str:
    """“label: value”, with the space that French has before the colon."""
    return gettext("%(label)s: %(value)s") % {"label": label, "value": value}


def metres(value: float) -> str:
    """“35 m”, “1.84 km”, “5 km”."""
    if value < 1000:
        return format_unit(round(value), "length-meter", "short", locale=_locale())
    return format_unit(value / 1000, "length-kilometer", "short", format="#,##0.##", locale=_locale())


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "en-gb"))

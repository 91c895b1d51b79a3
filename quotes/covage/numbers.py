"""Numbers as the operator may write them: JSON numbers, "119.90", "119,90", "1 234,56 €". Never a float."""

import re
from decimal import Decimal, InvalidOperation

# Thousands may be parted by a space (plain, no-break, narrow no-break, thin) and a currency may follow.
_TEXT = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d{1,15}|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3}){1,4})"
    r"(?:[.,](?P<part>\d{1,12}))?(?:[eE](?P<power>[+-]?\d{1,2}))?"
    r"(?:[ \u00a0\u202f]?(?P<currency>€|[A-Z]{3}))?",
    re.ASCII,
)
_LARGEST = Decimal("1e15")
_FINEST = -12


def number(value: object) -> Decimal | None:
    """The Decimal of a number or of a text that is nothing but a number (a currency may follow it), else None.

    Booleans, NaN, infinities and what no price can be (15 digits before, 12 after the point) give None.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    if isinstance(value, str):
        return _from_text(value)
    try:
        return _bounded(Decimal(str(value)))
    except (InvalidOperation, ValueError):  # int with more digits than Python turns into text
        return None


def currency_in(value: object) -> str:
    """The currency written behind a number in a text, as received, or ""."""
    match = _TEXT.fullmatch(value.strip()) if isinstance(value, str) else None
    return match["currency"] or "" if match else ""


def canonical(value: Decimal) -> str:
    """One text for equal numbers (119.9 and 119.90), without rounding and without writing out an exponent."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    if not stripped:
        return "0"
    return f"{'-' if sign else ''}{stripped}e{exponent + len(text) - len(stripped)}"


def _from_text(text: str) -> Decimal | None:
    match = _TEXT.fullmatch(text.strip())
    if not match:
        return None
    whole = re.sub(r"\D", "", match["whole"])
    if len(whole) > 1 and whole.startswith("0"):  # "02173" is a code
        return None
    part = f".{match['part']}" if match["part"] else ""
    return _bounded(Decimal(f"{match['sign']}{whole}{part}e{match['power'] or 0}"))


def _bounded(value: Decimal) -> Decimal | None:
    if not value.is_finite() or abs(value) >= _LARGEST or value.as_tuple().exponent < _FINEST:
        return None
    return value

"""Where a line's site is, in one word: the inner keys of the operator's address are not documented."""

from quotes.covage.values import as_text

_TOWNS = ("name", "label", "city", "locality")


def with_towns(lines) -> None:
    """Give each line its `town`, or the whole site where no town can be told."""
    for line in lines:
        line.town = town(line.payload.get("address")) or line.site


def town(address) -> str:
    city = address.get("city") if isinstance(address, dict) else None
    if isinstance(city, dict):
        return next((text for key in _TOWNS if (text := as_text(city.get(key)))), "")
    return as_text(city)

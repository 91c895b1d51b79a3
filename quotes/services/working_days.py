"""Working days in France: Monday to Friday without public holidays (Alsace-Moselle's own aside)."""

from datetime import date, timedelta

from dateutil.easter import easter

_FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
_AFTER_EASTER = (1, 39, 50)  # Monday, Ascension, Whit Monday


def until(day: date, start: date) -> int:
    """How many working days lie after `start` up to and including `day`; 0 when it is today or past."""
    span = (day - start).days
    return sum(is_working(start + timedelta(days=n)) for n in range(1, span + 1))


def is_working(day: date) -> bool:
    if day.weekday() > 4 or (day.month, day.day) in _FIXED:
        return False
    return (day - easter(day.year)).days not in _AFTER_EASTER

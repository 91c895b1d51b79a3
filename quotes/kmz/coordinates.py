"""The text of a `coordinates` element: “longitude,latitude[,altitude]” tuples between white space."""

import re

from .errors import KmzError
from .geometry import Line, Position
from .text import plain

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
NUMBER_LENGTH = 40
POINTS_LIMIT = 100_000
RANGES = (180.0, 90.0, 10_000.0)  # degrees, degrees, metres


class Coordinates:
    """Reads the coordinates of one document and counts them, so that the limit holds over all its lines."""

    def __init__(self):
        self.count = 0

    def read(self, text: str) -> Line:
        """The positions in order; the altitude is checked and dropped. Raises KmzError quoting the bad tuple."""
        # Some writers put a space after the comma. Runs of space go first, so that this stays linear.
        tuples = " ".join(text.split()).replace(", ", ",").replace(" ,", ",").split()
        self.count += len(tuples)
        if self.count > POINTS_LIMIT:
            raise KmzError("too_many_points", limit=POINTS_LIMIT)
        return tuple(_position(part) for part in tuples)


def _position(part: str) -> Position:
    numbers = [_number(number) for number in part.split(",", 4)]
    fits = 2 <= len(numbers) <= 3 and all(
        number is not None and abs(number) <= limit for number, limit in zip(numbers, RANGES, strict=False)
    )
    if not fits:
        raise KmzError("coordinate", quote=plain(part, 60))
    return numbers[0], numbers[1]


def _number(text: str) -> float | None:
    """`float` alone would take NaN, infinity, underscores and the digits of every script."""
    return float(text) if len(text) <= NUMBER_LENGTH and NUMBER.fullmatch(text) else None

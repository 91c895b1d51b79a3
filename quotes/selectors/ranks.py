"""Where an amount stands among those it can be compared with: the cheapest, and how far the others are from it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Rank:
    """`above` is the distance to the cheapest, 0 for the cheapest; `following` its distance to the next dearer one.

    Shares are of the cheapest, None where that is no positive amount. `of` counts what was compared, `all` also what
    gives no such amount.
    """

    above: Decimal
    share: Decimal | None
    following: Decimal | None
    following_share: Decimal | None
    of: int
    all: int

    @property
    def is_best(self) -> bool:
        return not self.above

    @property
    def is_partial(self) -> bool:
        return self.of < self.all


def ranks(values: list[Decimal | None], units: list[str]) -> list[Rank | None]:
    """One for each value, None where nothing can be compared: what is missing is no zero, nor is another currency."""
    known = [value for value in values if value is not None]
    if len(known) < 2 or len({unit for unit, value in zip(units, values, strict=True) if value is not None}) > 1:
        return [None] * len(values)
    least = min(known)
    following = sorted(known)[1] - least
    shares = {value: _share(value - least, least) for value in (*known, least + following)}
    return [
        None
        if value is None
        else Rank(value - least, shares[value], following, shares[least + following], len(known), len(values))
        for value in values
    ]


def _share(distance: Decimal, least: Decimal) -> Decimal | None:
    return distance / least if least > 0 else None

"""What happened to the baskets of the demo before it began."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """`age`: days since creation. `states`: what its lines have come to, in turn. `left`: days of validity to go.
    `gaps`: every second line still lacks what confirmation needs."""

    age: tuple[float, float]
    states: tuple[str, ...] = ("acknowledged",)
    left: tuple[float, float] = (10, 25)
    gaps: bool = False


DRAFT = Story((0.04, 5))
GAPS = Story((0.1, 8), gaps=True)
EMPTY = Story((0.02, 2), states=())
WAITING = Story((1.5, 5), ("confirmed",))
PARTIAL = Story((4, 10), ("ready", "confirmed", "confirmed", "unable_to_provide"), (18, 27))
URGENT = Story((25, 30), ("ready", "ready", "unable_to_provide"), (0.6, 7))
READY = Story((5, 15), ("ready", "ready", "ready", "unable_to_provide"), (15, 27))
PART_DECIDED = Story((8, 20), ("accepted", "ready", "refused"), (6, 20))
CLOSED = Story((25, 270), ("accepted", "refused", "accepted", "accepted", "unable_to_provide"))
LAPSED = Story((50, 240), ("expired", "refused", "expired"))
IMPOSSIBLE = Story((12, 120), ("unable_to_provide",))

ALL = [
    DRAFT, URGENT, CLOSED, READY, CLOSED, GAPS, WAITING, CLOSED, PART_DECIDED, URGENT,
    CLOSED, PARTIAL, LAPSED, READY, CLOSED, EMPTY, WAITING, CLOSED, IMPOSSIBLE, CLOSED,
]  # fmt: skip

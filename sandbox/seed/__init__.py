"""Demo data for a new storage."""

from sandbox import clock


def fill(baskets: int) -> None:
    clock.desk()

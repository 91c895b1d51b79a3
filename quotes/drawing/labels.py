"""Where a label stands: beside its point, inside the picture, on as little of the cable as can be."""

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from .frame import Frame, Point
from .svg import width_of

BOLD = 8.5  # pixels of a character of the title, also in the font of a device without ours
ROOM = 8  # pixels around a label that count as covered by it
APART = 18  # pixels between the middle of a node and its label
EVERY = 6  # pixels between two samples of the cable


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    def holds(self, point: Point) -> bool:
        """With a little room around it."""
        x, y = point
        return (
            self.left - ROOM < x < self.left + self.width + ROOM and self.top - ROOM < y < self.top + self.height + ROOM
        )

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


def place(point: Point, words: tuple[str, str], frame: Frame, lines, marks: list[Point], taken: list[Box]) -> Box:
    """The best of eight boxes around the point: off the marks and the other boxes first, then off the cable."""
    width, height = max(width_of(words[0], BOLD), width_of(words[1])) + 18, 46.0 if words[1] else 27.0
    samples = [sample for line in lines for sample in _samples(line)]
    scale_bar = Box(frame.width - 180, frame.height - 48, 180, 48)
    boxes = [_inside(Box(left, top, width, height), frame) for left, top in _corners(point, width, height)]
    return min(boxes, key=lambda box: _cost(box, marks, samples, [*taken, scale_bar]))


def _corners(point: Point, width: float, height: float):
    x, y = point
    for top in (y - 12, y - height + 12, y + APART, y - height - APART):
        yield x + APART, top
        yield x - APART - width, top


def _inside(box: Box, frame: Frame) -> Box:
    left = min(max(box.left, 6), frame.width - box.width - 6)
    return Box(left, min(max(box.top, 6), frame.height - box.height - 6), box.width, box.height)


def _cost(box: Box, marks: list[Point], samples: list[Point], taken: list[Box]) -> int:
    covered = sum(box.holds(sample) for sample in samples)
    return covered + 200 * sum(box.meets(other) for other in taken) + 100 * sum(box.holds(mark) for mark in marks)


def _samples(line: list[Point]):
    for (x1, y1), (x2, y2) in pairwise(line):
        steps = max(1, int(hypot(x2 - x1, y2 - y1) / EVERY))
        yield from ((x1 + (x2 - x1) * at / steps, y1 + (y2 - y1) * at / steps) for at in range(steps + 1))

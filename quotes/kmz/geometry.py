"""Lengths, distances and simplification on the WGS 84 ellipsoid. A position is (longitude, latitude) in degrees."""

from heapq import heapify, heappop, heappush, nlargest
from itertools import pairwise
from math import asin, atan, cos, inf, radians, sin, sqrt, tan

Position = tuple[float, float]
Line = tuple[Position, ...]

RADIUS = 6_378_137.0  # metres, at the equator
FLATTENING = 1 / 298.257223563


def distance(start: Position, end: Position) -> float:
    """Metres between two positions by Lambert's formula: some ten metres wrong over thousands of kilometres."""
    first, second = (atan((1 - FLATTENING) * tan(radians(latitude))) for _, latitude in (start, end))
    angle = _central_angle(first, second, radians(end[0] - start[0]))
    if angle == 0 or angle > 3:  # near the far side of the earth the correction has no meaning
        return RADIUS * angle
    mean, half = (first + second) / 2, (second - first) / 2
    far = (angle - sin(angle)) * (sin(mean) * cos(half) / cos(angle / 2)) ** 2
    near = (angle + sin(angle)) * (cos(mean) * sin(half) / sin(angle / 2)) ** 2
    return RADIUS * (angle - FLATTENING / 2 * (far + near))


def _central_angle(first: float, second: float, across: float) -> float:
    chord = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(across / 2) ** 2
    return 2 * asin(min(1.0, sqrt(chord)))


def length(line: Line) -> float:
    return sum(distance(start, end) for start, end in pairwise(line))


def distance_to_lines(place: Position, lines: tuple[Line, ...]) -> float:
    """Metres from a place to the nearest point of the nearest segment."""
    flat = cos(radians(place[1]))
    segments = (pair for line in lines for pair in pairwise(line))
    nearest = min((_nearest(place, flat, start, end) for start, end in segments), key=lambda found: found[0])
    return distance(place, nearest[1])


def _nearest(place: Position, flat: float, start: Position, end: Position) -> tuple[float, Position]:
    """(squared distance in flattened degrees, position) of the point of a segment that is nearest to the place."""
    x, y = _offset(place, flat, start)
    dx, dy = _offset(start, flat, end)
    square = dx * dx + dy * dy
    share = min(1.0, max(0.0, -(x * dx + y * dy) / square)) if square else 0.0
    found = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    return (x + share * dx) ** 2 + (y + share * dy) ** 2, found


def _offset(origin: Position, flat: float, position: Position) -> Position:
    return ((position[0] - origin[0] + 180) % 360 - 180) * flat, position[1] - origin[1]


def simplified(lines: tuple[Line, ...], budget: int) -> dict[int, Line]:
    """The lines by their number, with at most `budget` vertices in all: ends stay, the least telling vertices go.

    Visvalingam's ranking, because it is n log n on any input. Where even two ends each are too many, the
    shortest lines go.
    """
    if sum(map(len, lines)) <= budget:
        return dict(enumerate(lines))
    rows = nlargest(budget // 2, range(len(lines)), key=lambda row: length(lines[row]))
    ranked = [(rank, row, column) for row in rows for column, rank in enumerate(_ranks(lines[row]))]
    kept: dict[int, list[Position]] = {row: [] for row in sorted(rows)}
    for row, column in sorted((row, column) for _, row, column in nlargest(budget, ranked)):
        kept[row].append(lines[row][column])
    return {row: tuple(line) for row, line in kept.items()}


def _ranks(line: Line) -> list[float]:
    """How much each vertex tells: the area of its triangle when it was the least telling one left."""
    before, after = list(range(-1, len(line) - 1)), list(range(1, len(line) + 1))
    areas = [inf, *(_area(*line[at - 1 : at + 2]) for at in range(1, len(line) - 1)), inf]
    ranks, floor = [inf] * len(line), 0.0
    heap = [(area, at) for at, area in enumerate(areas) if area < inf]
    heapify(heap)
    while heap:
        area, at = heappop(heap)
        if area != areas[at] or ranks[at] < inf:
            continue  # its neighbours changed since
        ranks[at] = floor = max(floor, area)
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for vertex in (left, right):
            if 0 < vertex < len(line) - 1:
                areas[vertex] = _area(line[before[vertex]], line[vertex], line[after[vertex]])
                heappush(heap, (areas[vertex], vertex))
    return ranks


def _area(first: Position, middle: Position, last: Position) -> float:
    return abs((middle[0] - first[0]) * (last[1] - first[1]) - (last[0] - first[0]) * (middle[1] - first[1])) / 2


def bounds(lines: tuple[Line, ...]) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    longitudes, latitudes = zip(*(position for line in lines for position in line), strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)

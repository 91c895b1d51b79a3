"""From degrees to pixels: a small piece of the earth taken as flat, north up, the same scale both ways."""

from dataclasses import dataclass
from math import cos, floor, log10, radians

METRES_PER_DEGREE = 111_320.0
LEAST = 60.0  # metres: a route shorter than this is not blown up beyond it
STEPS = (1, 2, 5)

Position = tuple[float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A view of `width` by `height` pixels centred on (`longitude`, `latitude`)."""

    width: int
    height: int
    longitude: float
    latitude: float
    scale: float  # pixels per metre

    @property
    def across(self) -> float:
        """Pixels per degree of longitude here."""
        return self.down * max(cos(radians(self.latitude)), 0.01)

    @property
    def down(self) -> float:
        return METRES_PER_DEGREE * self.scale

    def point(self, position: Position) -> Point:
        x = self.width / 2 + (position[0] - self.longitude) * self.across
        return x, self.height / 2 - (position[1] - self.latitude) * self.down

    def degrees(self, x: float, y: float) -> Position:
        longitude = self.longitude + (x - self.width / 2) / self.across
        return longitude, self.latitude - (y - self.height / 2) / self.down

    def step(self, least: float = 56) -> float:
        """Metres between two lines of the grid: 1, 2 or 5 times a power of ten, at least `least` pixels apart."""
        power = 10.0 ** floor(log10(least / self.scale))
        return next(step * power for step in (*STEPS, 10) if step * power * self.scale >= least)


def fitted(positions: list[Position], width: int, height: int, margin: tuple[int, int]) -> Frame:
    """The frame that shows all positions with `margin` pixels free at the sides and at top and bottom."""
    longitudes, latitudes = zip(*positions, strict=True)
    latitude = (min(latitudes) + max(latitudes)) / 2
    across = (max(longitudes) - min(longitudes)) * METRES_PER_DEGREE * max(cos(radians(latitude)), 0.01)
    down = (max(latitudes) - min(latitudes)) * METRES_PER_DEGREE
    scale = min((width - 2 * margin[0]) / max(across, LEAST), (height - 2 * margin[1]) / max(down, LEAST))
    return Frame(width, height, (min(longitudes) + max(longitudes)) / 2, latitude, scale)

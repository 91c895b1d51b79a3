"""A cable route as it can be shown: geometry as floats, names as plain text, and what was left out."""

from dataclasses import dataclass
from functools import cached_property

from . import geometry
from .geometry import Line, Position

# What the reader left out of the route: one sentence each in quotes/forms/kmz_words.py.
NOTES = frozenset(
    {
        "network_link_ignored",
        "remote_link_ignored",
        "active_content_ignored",
        "extra_data_ignored",
        "other_geometry_ignored",
        "short_line_ignored",
        "inner_kml_ignored",
    }
)
PLACES_SHOWN = 200


@dataclass(frozen=True)
class Placemark:
    """One named thing of the document. `kind` is line, point, area or other; only the first two have geometry."""

    name: str
    kind: str
    lines: tuple[Line, ...] = ()
    places: tuple[Position, ...] = ()

    @cached_property
    def length_m(self) -> float | None:
        return sum(map(geometry.length, self.lines)) if self.lines else None


@dataclass(frozen=True)
class Trace:
    name: str  # the file's, for display
    sha256: str  # of the file's bytes
    placemarks: tuple[Placemark, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for placemark in self.placemarks for line in placemark.lines)

    @property
    def points(self) -> int:
        return sum(map(len, self.lines))

    @property
    def length_m(self) -> float:
        return sum(self._lengths)

    @property
    def start(self) -> Position:
        return self.lines[0][0]

    @property
    def end(self) -> Position:
        return self.lines[-1][-1]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return geometry.bounds(self.lines)

    @property
    def names(self) -> list[tuple[str, str, float | None]]:
        """(name, kind, length in metres) of every placemark, in the document's order."""
        return [(placemark.name, placemark.kind, placemark.length_m) for placemark in self.placemarks]

    def distance_to(self, longitude: float, latitude: float) -> float:
        """Metres from a place, such as the declared site, to the nearest point of the route."""
        return geometry.distance_to_lines((longitude, latitude), self.lines)

    def geojson(self, max_points: int = 2000) -> dict:
        """A FeatureCollection for display: one feature for each line, then the first named places.

        Properties: `name`, `kind` (line or point) and, of a line, `length_m`. Coordinates have six decimals
        (0.1 m); lines are thinned out to `max_points` vertices in all.
        """
        names = [placemark.name for placemark in self.placemarks for _ in placemark.lines]
        features = [
            _feature(names[row], "LineString", [_position(at) for at in line], length_m=round(self._lengths[row], 1))
            for row, line in geometry.simplified(self.lines, max_points).items()
        ]
        places = [(mark.name, at) for mark in self.placemarks for at in mark.places if mark.name][:PLACES_SHOWN]
        features += [_feature(name, "Point", _position(at)) for name, at in places]
        return {"type": "FeatureCollection", "features": features}

    @cached_property
    def _lengths(self) -> list[float]:
        return [geometry.length(line) for line in self.lines]


def _feature(name: str, shape: str, coordinates: list, **more) -> dict:
    kind = "point" if shape == "Point" else "line"
    return {
        "type": "Feature",
        "properties": {"name": name, "kind": kind, **more},
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def _position(at: Position) -> list[float]:
    return [_rounded(value) for value in at]


def _rounded(value: float) -> float:
    return round(value, 6) + 0.0  # + 0.0: no minus before a zero

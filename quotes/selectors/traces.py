"""What can be said of a trace beside its drawing: the ends, and how far the declared site is."""

from dataclasses import dataclass

from django.db.models import Q

from quotes.kmz.geometry import Position, distance_to_lines
from quotes.models import Line, Trace

FAR = 500  # metres from the declared site: more than that is told as a warning


@dataclass(frozen=True)
class Facts:
    start: Position
    end: Position
    gap: float | None  # metres from the declared site to the nearest point; None when no site was received
    placemarks: list[dict]  # `name`, `kind` and, of a line, `length_m`

    @property
    def is_far(self) -> bool:
        return self.gap is not None and self.gap > FAR

    @property
    def ends(self) -> list[tuple[float, float]]:
        """(latitude, longitude) of start and end, as people write positions."""
        return [(at[1], at[0]) for at in (self.start, self.end)]


def site_of(line: Line) -> Position | None:
    """(longitude, latitude) as the operator sent them, when they are a place on earth."""
    longitude = _degrees(line.payload.get("longitude"), 180)
    latitude = _degrees(line.payload.get("latitude"), 90)
    return None if longitude is None or latitude is None else (longitude, latitude)


def versions(line: Line, user):
    """All that was ever sent or received for the line, newest first; a file that was only checked is its owner's."""
    return line.traces.filter(~Q(state="checked") | Q(actor=user)).select_related("actor")


def facts(trace: Trace, site: Position | None) -> Facts | None:
    """None when the file could not be read as a route."""
    features = trace.geometry.get("features", [])
    shapes = [f["geometry"]["coordinates"] for f in features if f["geometry"]["type"] == "LineString"]
    if not shapes:
        return None
    lines = tuple(tuple((at[0], at[1]) for at in shape) for shape in shapes)
    gap = distance_to_lines(site, lines) if site else None
    return Facts(lines[0][0], lines[-1][-1], gap, [feature["properties"] for feature in features])


def _degrees(value: object, limit: int) -> float | None:
    """Of a number or its text, with a point or a comma."""
    try:
        found = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) <= limit else None  # NaN is not

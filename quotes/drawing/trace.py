"""A cable route on a grid, without a map: the cable, its two ends, the declared site, and a scale.

It is drawn three times, for three widths of the place it stands in; drawing.css shows the one that fits, so
that its words stay readable.
"""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quotes.kmz.geometry import Line, Position, distance, distance_to_lines

from . import words
from .frame import Frame, fitted
from .grid import grid, scale_bar
from .labels import Box, place
from .plot import empty
from .svg import group, join, tag, text

WIDE, MIDDLE, SLIM = (960, 380), (640, 320), (328, 230)
NAMED_WITHIN = 25  # metres: a place that near to the start is the start
PLACES_DRAWN = 40


@dataclass(frozen=True)
class Route:
    lines: tuple[Line, ...]
    places: tuple[tuple[str, Position], ...]
    site: Position | None  # only when it is near enough to be drawn
    others: tuple[Line, ...] = ()  # of the route that it is compared with

    @property
    def start(self) -> Position:
        return self.lines[0][0]

    @property
    def end(self) -> Position:
        return self.lines[-1][-1]

    @property
    def start_name(self) -> str:
        near = (name for name, at in self.places if distance(at, self.start) <= NAMED_WITHIN)
        return next(near, "")


def draw_trace(
    geojson: dict, *, site: Position | None = None, other: dict | None = None, name: str = "trace"
) -> SafeString:
    """`geojson` as `Trace.geojson()` makes it; `site` is (longitude, latitude); `other`: the route below it, dashed.

    `name` tells two drawings of one page apart.
    """
    lines = tuple(_shapes(geojson, "LineString"))
    if not lines:
        return empty(_("There is no route to draw."))
    gap = distance_to_lines(site, lines) if site else None
    places = tuple((feature["properties"]["name"], tuple(at)) for feature, at in _features(geojson, "Point"))
    others = tuple(_shapes(other or {}, "LineString"))
    route = Route(lines, places[:PLACES_DRAWN], site if _is_near(gap, lines) else None, others)
    drawn = (("wide", *WIDE), ("middle", *MIDDLE), ("slim", *SLIM))
    return format_html('<div class="dw-trace">{}</div>', join(_variant(name, route, gap, *one) for one in drawn))


def _features(geojson, shape):
    for feature in geojson.get("features", ()):
        if feature["geometry"]["type"] == shape:
            yield feature, feature["geometry"]["coordinates"]


def _shapes(geojson, shape):
    return (tuple(tuple(at[:2]) for at in coordinates) for _feature, coordinates in _features(geojson, shape))


def _is_near(gap: float | None, lines) -> bool:
    """A site far from the route would shrink it to a dot: then only the words tell of it."""
    positions = [at for line in lines for at in line]
    corners = ((min(x for x, _y in positions), min(y for _x, y in positions)),
               (max(x for x, _y in positions), max(y for _x, y in positions)))  # fmt: skip
    return gap is not None and gap <= max(distance(*corners), 200.0)


def _variant(name, route: Route, gap, size, width, height) -> SafeString:
    slim, prefix = size == "slim", f"dw-{name}-{size}"
    shown = [at for line in route.lines + route.others for at in line] + ([route.site] if route.site else [])
    frame = fitted(shown, width, height, (34, 34) if slim else (90, 56))
    lines = [_pixels(line, frame) for line in route.lines]
    return tag(
        "svg",
        tag("title", _("Cable route"), id=f"{prefix}-title"),
        tag("desc", _told(route, gap), id=f"{prefix}-desc"),
        tag("rect", width=width, height=height, class_="dw-map"),
        grid(frame, worded=not slim),
        join(tag("path", d=_path(_pixels(line, frame)), class_="dw-other") for line in route.others),
        join(map(_cable, lines)),
        _nodes(route, frame),
        join(_labels(route, gap, frame, lines, slim)),
        scale_bar(frame),
        class_=f"dw-{size}", viewBox=f"0 0 {width} {height}", role="img",
        aria_labelledby=f"{prefix}-title", aria_describedby=f"{prefix}-desc",
    )  # fmt: skip


def _pixels(line: Line, frame: Frame) -> list[tuple[float, float]]:
    """The line on the screen, without the vertices that fall on the pixel of the one before."""
    points = [frame.point(line[0])]
    for position in line[1:-1]:
        x, y = frame.point(position)
        if abs(x - points[-1][0]) + abs(y - points[-1][1]) >= 1:
            points.append((x, y))
    return [*points, frame.point(line[-1])]


def _path(points) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _cable(points) -> SafeString:
    path = _path(points)
    return tag("path", d=path, class_="dw-halo") + tag("path", d=path, class_="dw-cable")


def _nodes(route: Route, frame: Frame) -> SafeString:
    small = [_disc(frame.point(at), 4, "dw-place") for name, at in route.places if name != route.start_name]
    marks = [_site(frame.point(route.end), frame.point(route.site))] if route.site else []
    ends = [_disc(frame.point(route.start), 7, "dw-start"), _disc(frame.point(route.end), 8, "dw-end")]
    return group(*small, *ends, *marks)


def _disc(point, radius, class_) -> SafeString:
    return tag("circle", cx=point[0], cy=point[1], r=radius, class_=class_)


def _site(end, site) -> SafeString:
    (x1, y1), (x, y) = end, site
    return tag("line", x1=x1, y1=y1, x2=x, y2=y, class_="dw-gap") + tag(
        "path", d=f"M{x - 6:.1f} {y:.1f}h12M{x:.1f} {y - 6:.1f}v12", class_="dw-site"
    )


def _labels(route: Route, gap, frame: Frame, lines, slim: bool):
    taken: list[Box] = []
    marks = [frame.point(at) for at in (route.start, route.end, route.site) if at]
    ends = ((_("Start"), route.start_name, route.start), (_("End"), _from_site(gap), route.end))
    for title, detail, at in ends:
        box = place(frame.point(at), (title, "" if slim else detail), frame, lines, marks, taken)
        taken.append(box)
        yield _label(box, title, "" if slim else detail)


def _label(box: Box, title: str, detail: str) -> SafeString:
    x, y = box.left, box.top
    return group(
        tag("rect", x=x, y=y, width=box.width, height=box.height, rx=4, class_="dw-box"),
        text(title, x + 9, y + 18, "dw-strong"),
        text(detail, x + 9, y + 37, "dw-quiet") if detail else "",
    )


def _from_site(gap: float | None) -> str:
    return "" if gap is None else _("%(distance)s from the declared site") % {"distance": words.metres(gap)}


def _told(route: Route, gap) -> str:
    said = _("From %(start)s to %(end)s.") % {"start": _place(route.start), "end": _place(route.end)}
    near = _("The nearest point is %(gap)s.") % {"gap": _from_site(gap)} if gap is not None else ""
    return f"{said} {near}".strip()


def _place(at: Position) -> str:
    return f"{words.number(at[1], 4)}, {words.number(at[0], 4)}"

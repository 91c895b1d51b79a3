"""Many places on one plain grid: a disc in the tone of the state, its icon in it, and a link to the object.

For the eye and the pointer only: the page tells the same in a list, so none of it is reached by the keyboard.
"""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quotes.kmz.geometry import Position

from .frame import fitted
from .grid import grid, scale_bar
from .svg import join, tag

WIDE, SLIM = (960, 430), (328, 360)
RADIUS = 11


@dataclass(frozen=True)
class Point:
    at: Position  # longitude, latitude
    href: str
    title: str  # “Menuiserie Kerdoncuff, price to review”
    tone: str  # of the visual system
    icon: SafeString  # a finished icon of 16 pixels


def draw_points(points: list[Point]) -> SafeString:
    return format_html(
        '<div class="dw-points" aria-hidden="true">{}{}</div>',
        _variant("wide", points, *WIDE),
        _variant("slim", points, *SLIM),
    )


def _variant(size, points, width, height) -> SafeString:
    frame = fitted([point.at for point in points], width, height, (34, 34))
    return tag(
        "svg",
        tag("rect", width=width, height=height, class_="dw-map"),
        grid(frame, worded=False),
        join(_mark(point, *frame.point(point.at)) for point in points),
        scale_bar(frame),
        class_=f"dw-{size}", viewBox=f"0 0 {width} {height}",
    )  # fmt: skip


def _mark(point: Point, x: float, y: float) -> SafeString:
    disc = tag("circle", cx=0, cy=0, r=RADIUS, class_="dw-disc")
    sign = tag("g", point.icon, transform="translate(-7 -7) scale(.875)")
    place = {"transform": f"translate({x:.1f} {y:.1f})", "class_": f"dw-mark {point.tone}"}
    at = "{:.6f},{:.6f}".format(*point.at)  # for the script of the map
    mark = tag("g", disc, sign, **place)
    return tag("a", tag("title", point.title), mark, href=point.href, tabindex=-1, data_at=at)

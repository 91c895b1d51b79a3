"""The grid under a route: squares of a round number of metres, their coordinates, and the bar that tells the step."""

from math import ceil, log10

from django.utils.safestring import SafeString

from . import words
from .frame import Frame
from .svg import group, join, tag, text

ROOM = 78  # pixels that a longitude takes


def grid(frame: Frame, *, worded: bool) -> SafeString:
    pixels = frame.step() * frame.scale
    columns, rows = _marks(frame.width, pixels), _marks(frame.height, pixels)
    lines = [tag("line", x1=x, x2=x, y1=0, y2=frame.height) for x in columns]
    lines += [tag("line", x1=0, x2=frame.width, y1=y, y2=y) for y in rows]
    return join([group(*lines, class_="dw-grid"), _coordinates(frame, pixels, columns, rows) if worded else ""])


def _marks(size: int, pixels: float) -> list[float]:
    """Evenly about the middle, so that the grid does not depend on where a route lies."""
    half = int(size / 2 // pixels)
    return [size / 2 + at * pixels for at in range(-half, half + 1)]


def _coordinates(frame: Frame, pixels, columns, rows) -> SafeString:
    places = max(0, ceil(-log10(pixels / frame.down)) + 1)
    every = ceil(ROOM / pixels)
    longitudes = [
        text(words.number(frame.degrees(x, 0)[0], places), x + 5, frame.height - 9, "dw-quiet")
        for x in columns[::every]
        if 60 < x < frame.width - 190  # clear of the latitudes and of the scale
    ]
    latitudes = [
        text(words.number(frame.degrees(0, y)[1], places), 8, y - 6, "dw-quiet")
        for y in rows
        if 24 < y < frame.height - 30
    ]
    return join(longitudes + latitudes)


def scale_bar(frame: Frame) -> SafeString:
    metres = frame.step()
    length = metres * frame.scale
    right, bottom = frame.width - 20, frame.height - 16
    return group(
        tag("path", d=f"M{right - length:.1f} {bottom - 6}v6h{length:.1f}v-6", class_="dw-scale"),
        text(words.metres(metres), right - length / 2, bottom - 10, None, "middle"),
    )

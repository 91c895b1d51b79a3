"""The way from a person through the portal to the operator, as a cable: whole, or cut and where."""

from textwrap import wrap

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .svg import group, join, percent, tag, text
from .words import labelled

AIR = 10  # radius of a node with the gap around it
ROW = 72
FITS = 38  # characters beside the nodes on a telephone


def draw_outage(*, you: str, portal: str, operator: str, cut: tuple[str, str] | None = None) -> SafeString:
    """`you`, `portal` and `operator` say how each is; `cut` is (“Cut since 13:40”, “24 minutes”), None: all is well."""
    stops = [(_("You"), you), (_("The portal"), portal)]
    end = (_("The operator"), operator)
    said = ". ".join(labelled(*stop) for stop in [*stops, *([cut] if cut else []), end])
    return format_html(
        '<div class="dw-way-to">{}{}</div>',
        _svg("broad", said, 76, _broad(stops, cut, end)),
        _svg("slim", said, ROW * (4 if cut else 3), _slim(stops, cut, end)),
    )


def _svg(variant, said, height, content) -> SafeString:
    prefix = f"dw-link-{variant}"
    return tag(
        "svg",
        tag("title", _("The connection to the operator"), id=f"{prefix}-title"),
        tag("desc", said, id=f"{prefix}-desc"),
        content,
        class_=f"dw-{variant}", width="100%", height=height, role="img",
        aria_labelledby=f"{prefix}-title", aria_describedby=f"{prefix}-desc",
    )  # fmt: skip


# Broad: from left to right. Percentages across, so nested pictures carry what needs pixels.


def _broad(stops, cut, end) -> SafeString:
    ways = _cut(cut) if cut else _way(0, 100, 0)
    nodes = [
        _at(0, _node(8, 14, "dw-done"), _words(stops[0], 0)),
        _at(16, _node(8, 14, "dw-done"), _words(stops[1], 0)),
        _at(100, _node(-9, 14, "dw-todo" if cut else "dw-done"), _words(end, 0, "end")),
    ]
    return join([ways, *nodes])


def _cut(cut) -> SafeString:
    cross = tag("path", d="M-7 7l14 14M7 7l-14 14", class_="dw-cross")
    return join(
        [
            _way(0, 46, -18),
            _at(46, tag("path", d="M-18 14c9 0 13-2 18-8", class_="dw-way")),
            _at(49.5, cross, _words(cut, 0, "middle")),
            _at(53, tag("path", d="M0 22c5-6 9-8 18-8", class_="dw-way dw-broken")),
            _way(53, 100, 18, "dw-way dw-broken"),
        ]
    )


def _at(share: float, *content) -> SafeString:
    return tag("svg", *content, x=percent(share), class_="dw-open")


def _way(start: float, end: float, shift: int, class_: str = "dw-way") -> SafeString:
    """A straight piece between two shares of the width, moved by pixels; nodes lie on it, the edge cuts it."""
    line = tag("line", x1=percent(start), x2=percent(end), y1=14, y2=14, class_=class_)
    return group(line, transform=f"translate({shift} 0)")


def _node(x: int, y: int, class_: str) -> SafeString:
    """A disc with air around it, which hides the cable that runs below."""
    return tag("circle", cx=x, cy=y, r=AIR, class_="dw-air") + tag("circle", cx=x, cy=y, r=8, class_=class_)


def _words(stop, x: int, anchor: str | None = None) -> SafeString:
    return text(stop[0], x, 44, "dw-strong", anchor) + text(stop[1], x, 63, "dw-quiet", anchor)


# Slim: from top to bottom.


def _slim(stops, cut, end) -> SafeString:
    rows = [*stops, *([cut] if cut else []), end]
    return join(_row(at, stop, rows, cut) for at, stop in enumerate(rows))


def _row(at, stop, rows, cut) -> SafeString:
    y = at * ROW + 14
    broken = bool(cut) and at >= rows.index(cut)
    if stop is cut:
        node = tag("path", d=f"M3 {y - 7}l14 14M17 {y - 7}l-14 14", class_="dw-cross")
    else:
        node = _node(10, y, "dw-todo" if broken else "dw-done")
    way = "dw-way dw-broken" if broken else "dw-way"
    line = tag("line", x1=10, x2=10, y1=y + AIR + 2, y2=y + ROW - AIR - 2, class_=way) if stop is not rows[-1] else ""
    lines = wrap(stop[1], FITS)[:2]
    words = [text(said, 34, y + 24 + 19 * at, "dw-quiet") for at, said in enumerate(lines)]
    return join([node, line, text(stop[0], 34, y + 5, "dw-strong"), *words])

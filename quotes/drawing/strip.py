"""One price among others on a short line: the middle half as a band, the median as a tick, this price as a dot."""

from statistics import quantiles

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .svg import percent, tag

HEIGHT, MIDDLE = 18, 9
EDGE = 4.0  # per cent that stay free on each side for the dot


def strip(own: float, values: list[float]) -> SafeString:
    """`values` in order, two at least. The words beside it say the same, so readers are not told it twice."""
    low, high = min(values[0], own), max(values[-1], own)
    lower, middle, upper = quantiles(values, n=4, method="inclusive")

    def x(value: float) -> float:
        return EDGE + (value - low) / (high - low) * (100 - 2 * EDGE) if high > low else 50.0

    drawing = tag(
        "svg",
        tag("line", x1=percent(x(values[0])), x2=percent(x(values[-1])), y1=MIDDLE, y2=MIDDLE, class_="dw-axis"),
        tag("rect", x=percent(x(lower)), y=4, width=percent(x(upper) - x(lower)), height=10, class_="dw-band"),
        tag("line", x1=percent(x(middle)), x2=percent(x(middle)), y1=1, y2=17, class_="dw-tick"),
        tag("circle", cx=percent(x(own)), cy=MIDDLE, r=5, class_="dw-dot"),
        width="100%",
        height=HEIGHT,
        aria_hidden="true",
    )
    return format_html('<span class="dw-strip">{}</span>', drawing)

"""What the three charts over time share: the scale, the grid, the axis, the frame."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import words
from .svg import join, percent, tag, text

TOP, BOTTOM, HEIGHT = 18, 184, 210
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Scale:
    """From a value to a height in pixels: a line every `step`, `top` at the upper edge."""

    step: int
    top: float

    def y(self, value: float) -> float:
        return BOTTOM - value / self.top * (BOTTOM - TOP)

    def grid(self) -> SafeString:
        """A line and its number for each step, and the axis at zero. Numbers stand left of the picture."""
        values = range(0, int(self.top) + 1, self.step)
        return join(
            tag("line", x1=0, x2="100%", y1=self.y(value), y2=self.y(value), class_="dw-grid" if value else "dw-axis")
            + text(words.number(value), -8, self.y(value) + 5, "dw-quiet", "end")
            for value in values
        )


def scale(highest: float, room: float = 1.05) -> Scale:
    """Lines every 1, 2 or 5 times a power of ten, three at most below `highest`; `room` is what stays free above."""
    power = 1
    while highest > 3 * STEPS[-1] * power:
        power *= 10
    step = next(step * power for step in STEPS if highest <= 3 * step * power)
    return Scale(step, max(highest * room, float(step)))


def label(words_: str, x: float, *, always: bool = True, strong: bool = False) -> SafeString:
    """A word under the axis; one that is not `always` shown leaves a narrow card."""
    classes = " ".join(["dw-strong" if strong else "dw-quiet"] + ([] if always else ["dw-more"]))
    return text(words_, percent(x), BOTTOM + 22, classes, "middle")


def chart(name: str, title: str, description: str, *content, before="") -> SafeString:
    """The frame: its links stay reachable, so it is a group and not an image."""
    prefix = f"dw-{name}"
    drawing = tag(
        "svg",
        tag("title", title, id=f"{prefix}-title"),
        tag("desc", description, id=f"{prefix}-desc"),
        *content,
        width="100%",
        height=HEIGHT,
        role="group",
        aria_labelledby=f"{prefix}-title",
        aria_describedby=f"{prefix}-desc",
    )
    return format_html('<figure class="dw-chart">{}{}</figure>', before, drawing)


def empty(sentence: str) -> SafeString:
    return format_html('<p class="dw-empty">{}</p>', sentence)

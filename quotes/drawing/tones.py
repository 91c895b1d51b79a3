"""How a tone looks where colour alone would not do: a ground, an edge and a pattern that survives grey and print.

A pattern is found by its id, so every picture defines its own under its own prefix.
"""

from django.utils.safestring import SafeString

from .svg import join, tag

SLASH, BACKSLASH, DOTS = "M-2 2l4-4M0 8l8-8M6 10l4-4", "M-2 6l4 4M0 0l8 8M6-2l4 4", None
PATTERNS = {"draft": SLASH, "ended": SLASH, "closed": BACKSLASH, "waiting": DOTS}
TONES = frozenset({"draft", "waiting", "action", "done", "closed", "ended", "unknown"})


def tone_class(tone: str) -> str:
    return f"dw-{tone if tone in TONES else 'unknown'}"


def fill(tone: str, prefix: str) -> str | None:
    """The `fill` attribute of a shape in this tone; None: the plain ground of its class."""
    return f"url(#{prefix}-{tone})" if tone in PATTERNS else None


def patterns(tones, prefix: str) -> SafeString:
    return tag("defs", join(_pattern(tone, prefix) for tone in sorted(set(tones) & set(PATTERNS))))


def _pattern(tone: str, prefix: str) -> SafeString:
    ground = tag("rect", width=8, height=8, class_="dw-ground")
    strokes = PATTERNS[tone]
    mark = tag("path", d=strokes, class_="dw-hatch") if strokes else tag("circle", cx=4, cy=4, r=1, class_="dw-dots")
    return tag(
        "pattern", ground, mark, id=f"{prefix}-{tone}", width=8, height=8, patternUnits="userSpaceOnUse",
        class_=tone_class(tone),
    )  # fmt: skip

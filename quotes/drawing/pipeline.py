"""Where the lines stand: one bar where there is room for words under it, else a bar for each part."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import words
from .plot import empty
from .svg import join, link, percent, tag, text, width_of
from .tones import fill, patterns, tone_class

BROAD = 1000  # pixels: the narrowest container that shows the one bar (static/css/drawing.css)


@dataclass(frozen=True)
class Segment:
    label: str  # “awaiting price”
    count: int
    href: str
    tone: str  # of the visual system


def pipeline(segments: list[Segment]) -> SafeString:
    if not any(segment.count for segment in segments):
        return empty(_("No line is open or was decided this month."))
    said = "; ".join(words.labelled(segment.label, words.number(segment.count)) for segment in segments)
    return format_html(
        '<figure class="dw-pipeline">{}{}</figure>',
        _pipeline_svg("broad", said, 86, segments, _broad(segments)),
        _pipeline_svg("slim", said, 52 * len(segments), segments, _slim(segments)),
    )


def _pipeline_svg(variant, said, height, segments, content):
    prefix = f"dw-pipeline-{variant}"
    return tag(
        "svg",
        tag("title", _("Pipeline"), id=f"{prefix}-title"),
        tag("desc", said, id=f"{prefix}-desc"),
        patterns((segment.tone for segment in segments), prefix),
        content,
        class_=f"dw-{variant}", width="100%", height=height, role="group",
        aria_labelledby=f"{prefix}-title", aria_describedby=f"{prefix}-desc",
    )  # fmt: skip


def _broad(segments):
    x, parts = 0.0, []
    for segment, share in zip(segments, _shares(segments), strict=True):
        gap = 0.3 if x + share < 99.9 else 0.0
        bar = _bar(segment, "dw-pipeline-broad", x=percent(x), y=1, width=percent(share - gap), height=30)
        count = text(words.number(segment.count), percent(x), 58, "dw-count")
        name = text(segment.label, percent(x), 80, "dw-link")
        parts.append(link(segment.href, _told(segment), bar, count, name))
        x += share
    return join(parts)


def _shares(segments) -> list[float]:
    """Percentages of the width: what the words under a part need, and the rest by count."""
    needs = [width_of(segment.label, 6.5) / BROAD * 100 for segment in segments]
    total = sum(segment.count for segment in segments)
    shares = [max(segment.count / total * 100, need) for segment, need in zip(segments, needs, strict=True)]
    spare, over = sum(share - need for share, need in zip(shares, needs, strict=True)), sum(shares) - 100
    return [
        share - (share - need) / spare * over if spare else 100 / len(segments)
        for share, need in zip(shares, needs, strict=True)
    ]


def _slim(segments):
    highest = max(segment.count for segment in segments)
    rows = []
    for row, segment in enumerate(segments):
        length = max(segment.count / highest * 100, 1.0)
        bar = _bar(segment, "dw-pipeline-slim", x=1, y=row * 52 + 24, width=percent(length - 0.5), height=14)
        count = text(words.number(segment.count), 0, row * 52 + 16, "dw-strong")
        name = text(segment.label, 44, row * 52 + 16, "dw-link")
        rows.append(link(segment.href, _told(segment), count, name, bar))
    return join(rows)


def _bar(segment, prefix, **place):
    if not segment.count:
        return tag("rect", **{**place, "height": 1}, class_="dw-none")
    return tag("rect", **place, rx=3, class_=f"dw-bar {tone_class(segment.tone)}", fill=fill(segment.tone, prefix))


def _told(segment) -> str:
    return f"{words.number(segment.count)} {segment.label}"

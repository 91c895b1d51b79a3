"""Decisions by month, as stacked columns."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import words
from .plot import chart, empty, label, scale
from .svg import join, link, percent, tag, text
from .tones import fill, patterns, tone_class

PARTS = (("accepted", "done"), ("declined", "closed"), ("expired", "ended"))
READABLE = 16  # pixels: the lowest part that holds its number


@dataclass(frozen=True)
class Month:
    label: str
    accepted: int
    declined: int
    expired: int
    href: str  # every part opens the month's list


def decisions_by_month(months: list[Month]) -> SafeString:
    if not any(month.accepted + month.declined + month.expired for month in months):
        return empty(_("Nothing was decided in these months."))
    up = scale(max(month.accepted + month.declined + month.expired for month in months))
    slot = 100 / len(months)
    return chart(
        "decisions",
        _("Decisions by month"),
        "; ".join(words.labelled(month.label, _said(month)) for month in months),
        patterns((tone for _part, tone in PARTS), "dw-decisions"),
        up.grid(),
        join(_stack(month, at * slot, slot, up) for at, month in enumerate(months)),
        join(label(month.label, (at + 0.5) * slot, strong=at == len(months) - 1) for at, month in enumerate(months)),
        before=_legend(),
    )


def _stack(month, x, slot, up):
    base, parts = 0, []
    for part, tone in PARTS:
        count = getattr(month, part)
        if count:
            said = words.labelled(month.label, _counted(part, count))
            parts.append(link(month.href, said, *_block(count, tone, x, slot, up.y(base + count) + 1, up.y(base) - 1)))
        base += count
    return join(parts)


def _block(count, tone, x, slot, top, bottom):
    """The shape of one part, and its number where there is room for it."""
    height = max(bottom - top, 1.0)
    yield tag(
        "rect", x=percent(x + slot * 0.24), y=top, width=percent(slot * 0.52), height=height, rx=2,
        class_=f"dw-bar {tone_class(tone)}", fill=fill(tone, "dw-decisions"),
    )  # fmt: skip
    if height >= READABLE:
        middle = percent(x + slot / 2)
        yield text(words.number(count), middle, top + height / 2 + 5, f"dw-inside {tone_class(tone)}", "middle")


def _counted(part: str, count: int) -> str:
    found = {
        "accepted": ngettext("%(n)s accepted", "%(n)s accepted", count),
        "declined": ngettext("%(n)s declined", "%(n)s declined", count),
        "expired": ngettext("%(n)s expired", "%(n)s expired", count),
    }
    return found[part] % {"n": words.number(count)}


def _said(month) -> str:
    return ", ".join(_counted(part, getattr(month, part)) for part, _tone in PARTS)


def _legend() -> SafeString:
    shown = {"done": _("accepted"), "closed": _("declined"), "ended": _("expired")}
    return format_html(
        '<ul class="dw-legend">{}</ul>',
        format_html_join("", "<li>{}{}</li>", ((_swatch(t), n) for t, n in shown.items())),
    )


def _swatch(tone):
    prefix = f"dw-swatch-{tone}"
    square = tag(
        "rect", x=1, y=1, width=12, height=12, rx=2, class_=f"dw-bar {tone_class(tone)}", fill=fill(tone, prefix)
    )
    return tag("svg", patterns([tone], prefix), square, width=14, height=14, aria_hidden="true")

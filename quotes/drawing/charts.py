"""The two charts along a line of time. Every mark is a link to the list that it counts."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import plot, words
from .plot import BOTTOM, chart, empty, label, scale
from .svg import join, link, percent, tag, text


@dataclass(frozen=True)
class Week:
    label: str
    days: float | None  # the median; None: no answer that week
    href: str
    partial: bool = False  # the week is not over


@dataclass(frozen=True)
class Day:
    label: str
    count: int
    href: str
    soon: bool = False


# Time to answer: the medians on a cable, dashed to the week that is not over.


def time_to_answer(weeks: list[Week]) -> SafeString:
    known = [week.days for week in weeks if week.days is not None]
    if not known:
        return empty(_("No answer has come in these weeks."))
    up = scale(max(known), room=1.18)
    points = [
        (100 * (at + 0.5) / len(weeks), None if week.days is None else up.y(week.days), week)
        for at, week in enumerate(weeks)
    ]
    told = [at for at, week in enumerate(weeks) if week.days is not None]
    loud = {told[-1], max(told, key=lambda at: weeks[at].days)}
    return chart(
        "time",
        _("Time to answer"),
        "; ".join(words.labelled(week.label, _days(week)) for week in weeks),
        up.grid(),
        join(_span(*pair) for pair in pairwise(points)),
        join(_point(*point, loud=at in loud) for at, point in enumerate(points) if point[1] is not None),
        join(_week_label(at, len(weeks), week, x) for at, (x, _y, week) in enumerate(points)),
    )


def _span(start, end):
    if start[1] is None or end[1] is None:
        return ""
    ahead = " dw-ahead" if end[2].partial else ""
    return tag("line", x1=percent(start[0]), y1=start[1], x2=percent(end[0]), y2=end[1], class_=f"dw-way{ahead}")


def _point(x, y, week, *, loud):
    node = tag("circle", cx=percent(x), cy=y, r=6 if week.partial else 4, class_="dw-now" if week.partial else "dw-dot")
    value = text(_days(week), percent(x), y - 12, "dw-strong", "middle") if loud else ""
    reach = tag("circle", cx=percent(x), cy=y, r=14, class_="dw-hit")
    return link(week.href, words.labelled(week.label, _days(week)), reach, node, value)


def _week_label(at, count, week, x):
    back = count - 1 - at
    return label(week.label, x, always=back % 4 == 0) if back % 2 == 0 else ""


def _days(week) -> str:
    if week.days is None:
        return _("no answer")
    # Translators: a number of days, as short as can be.
    return _("%(n)s d") % {"n": words.number(week.days, 1)}


# Validity ahead: a column a day, amber while it is near.


def validity_ahead(days: list[Day]) -> SafeString:
    if not any(day.count for day in days):
        return empty(_("No offer to decide ends in the next %(n)s days.") % {"n": len(days)})
    up = scale(max(day.count for day in days), room=1.35)
    slot = 100 / len(days)
    near = [at for at, day in enumerate(days) if day.soon]
    return chart(
        "validity",
        _("Deadlines ahead"),
        "; ".join(words.labelled(day.label, words.number(day.count)) for day in days if day.count),
        up.grid(),
        join(_column(day, at * slot, slot, up) for at, day in enumerate(days) if day.count),
        _bracket(sum(days[at].count for at in near), near[-1] * slot + slot) if near else "",
        join(_day_label(at, day, (at + 0.5) * slot) for at, day in enumerate(days)),
    )


def _column(day, x, slot, up):
    y = up.y(day.count)
    middle = percent(x + slot / 2)
    return link(
        day.href,
        words.labelled(day.label, words.number(day.count)),
        tag("rect", x=percent(x), y=plot.TOP, width=percent(slot), height=BOTTOM - plot.TOP, class_="dw-hit"),
        tag(
            "rect", x=percent(x + slot * 0.13), y=y, width=percent(slot * 0.74), height=BOTTOM - y, rx=1.5,
            class_="dw-soon" if day.soon else "dw-later",
        ),
        text(words.number(day.count), middle, y - 6, "dw-value", "middle"),
    )  # fmt: skip


def _bracket(count, end):
    """Over the near days, with their sum in words: colour alone would not say it."""
    said = ngettext("%(n)s line within 7 days", "%(n)s lines within 7 days", count) % {"n": words.number(count)}
    sides = ((0.2, 0.2, 4, 10), (0.2, end, 4, 4), (end, end, 4, 10))
    lines = (tag("line", x1=percent(x1), x2=percent(x2), y1=y1, y2=y2, class_="dw-bracket") for x1, x2, y1, y2 in sides)
    return join(lines) + text(said, percent(end), 9, None, "start", dx=8)


def _day_label(at, day, x):
    """The first day, the last near one, then every fifth; half of them on a narrow card."""
    if at not in (0, 7) and (at < 12 or at % 5 != 2):
        return ""
    return label(day.label, x, always=at in (0, 7) or at % 10 == 7)

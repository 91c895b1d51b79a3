"""The charts of the home page: each mark is a link to the list that it counts, and a table says the same."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from babel.dates import format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quotes import drawing
from quotes.drawing import Day, Month, Segment, Week
from quotes.selectors import charts as selector
from quotes.selectors.days import SOON, following, months
from quotes.services.words import MOTIVES
from quotes.templatetags.formats import day as day_words
from quotes.templatetags.formats import locale, number


@dataclass(frozen=True)
class Row:
    """One row of a chart's table."""

    label: str
    href: str
    cells: list


@dataclass
class Chart:
    title: str
    note: str
    head: str  # what a row is
    columns: list[str]
    height: int = 210  # what stands free for it until it is drawn, in pixels
    drawing: SafeString | str = ""
    rows: tuple[Row, ...] | list[Row] = ()


def motives() -> list[dict]:
    """Why offers were declined, each with the list of those actions."""
    since = {"kind": "decline", "state": "done", "recorded_at_gte": months(selector.MONTHS)[0]}
    return [
        {"label": MOTIVES.get(code, code), "count": count, "href": f"/commands/?{urlencode(since | {'motive': code})}"}
        for code, count in selector.motives()
    ]


def frames() -> list[Chart]:
    """The four without their numbers: what stands in their place until they are seen."""
    month = format_date(months(1)[0], "MMMM", locale=locale())
    lines = _("Lines")
    return [
        Chart(
            _("Pipeline"), _("lines, open or answered in %(month)s") % {"month": month}, _("Where they stand"), [lines]
        ),
        Chart(
            _("Time to answer"),
            _("days from a line’s creation to its answer, median by week"),
            _("Week"),
            [_("Answers"), _("Median, days")],
        ),
        Chart(_("Deadlines ahead"), _("lines to decide, by the day their prices end, 30 days"), _("Day"), [lines]),
        Chart(
            _("Decisions by month"),
            _("lines by the month of the operator’s answer"),
            _("Month"),
            [_("Accepted"), _("Declined"), _("Expired"), _("All")],
            height=238,
        ),
    ]


def charts(user) -> list[Chart]:
    pipeline, answers, deadlines, decisions = found = frames()
    _draw_pipeline(pipeline, selector.pipeline(user))
    _draw_answers(answers, *selector.weeks())
    _draw_deadlines(deadlines, selector.days(user))
    _draw_decisions(decisions, selector.decisions())
    return found


def _draw_pipeline(chart, n) -> None:
    since = {"response_date_gte": months(1)[0]}
    segments = [
        Segment(_("drafts"), n["drafts"], _lines(state="acknowledged"), "draft"),
        Segment(_("awaiting a price"), n["waiting"], _lines(state="confirmed"), "waiting"),
        Segment(_("to decide"), n["to_decide"], "/review/", "action"),
        Segment(_("accepted"), n["accepted"], _lines(state="accepted", **since), "done"),
        Segment(_("declined or expired"), n["lost"], _lines(state=["refused", "expired"], **since), "closed"),
    ]
    chart.drawing = drawing.pipeline(segments)
    chart.rows = [Row(segment.label, segment.href, [segment.count]) for segment in segments]


def _draw_answers(chart, found, overall) -> None:
    if overall is not None:
        chart.note = _("%(note)s; of all these weeks %(days)s") % {
            "note": chart.note,
            "days": number(round(overall, 1)),
        }
    weeks = [
        Week(_week(monday), days, _answered(monday), partial=monday == found[-1][0]) for monday, _count, days in found
    ]
    chart.drawing = drawing.time_to_answer(weeks)
    chart.rows = [
        Row(week.label, week.href, [count, None if days is None else round(days, 1)])
        for week, (_monday, count, days) in zip(weeks, found, strict=True)
    ]


def _draw_deadlines(chart, found) -> None:
    days = [Day(day_words(day), count, _ending(day), at <= SOON) for at, (day, count) in enumerate(found)]
    chart.drawing = drawing.validity_ahead(days)
    chart.rows = [Row(day.label, day.href, [day.count]) for day in days if day.count]


def _draw_decisions(chart, found) -> None:
    drawn = [Month(_month(first), n["accepted"], n["refused"], n["expired"], _decided(first)) for first, n in found]
    chart.drawing = drawing.decisions_by_month(drawn)
    chart.rows = [
        Row(month.label, month.href, [month.accepted, month.declined, month.expired, sum(n.values())])
        for month, (_first, n) in zip(drawn, found, strict=True)
    ]


def _lines(**query) -> str:
    return f"/lines/?{urlencode(query, doseq=True)}"


def _answered(monday: date) -> str:
    return _lines(response_date_gte=monday, response_date_lt=monday + timedelta(weeks=1))


def _decided(first: date) -> str:
    end = following(first)
    return _lines(state=selector.DECIDED, response_date_gte=first, response_date_lt=end)


def _ending(day: date) -> str:
    return f"/review/?{urlencode({'validity_date_gte': day, 'validity_date_lt': day + timedelta(days=1)})}"


def _week(monday: date) -> str:
    # Translators: the number of a week, as short as can be.
    return _("W%(n)s") % {"n": monday.isocalendar().week}


def _month(first: date) -> str:
    return format_date(first, "MMM", locale=locale())

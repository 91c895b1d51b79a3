import re
import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from quotes.drawing import (
    Day,
    Month,
    Segment,
    Week,
    decisions_by_month,
    pipeline,
    time_to_answer,
    validity_ahead,
)

pytestmark = pytest.mark.usefixtures("british")

HOSTILE = '"><script>alert(1)</script>\x00\ud800&{{7*7}}'
SEGMENTS = [
    Segment("drafts", 18, "/lines/?state=acknowledged", "draft"),
    Segment("awaiting price", 47, "/lines/?state=confirmed", "waiting"),
    Segment("to decide", 23, "/review/", "action"),
    Segment("accepted this month", 31, "/lines/?state=accepted", "done"),
    Segment("declined, expired", 11, "/lines/?state=refused", "closed"),
]
WEEKS = [Week(f"W{at}", days, f"/lines/?week={at}", at == 4) for at, days in enumerate([3.8, 5.1, None, 2.6, 2.4], 0)]
DAYS = [Day(f"{at} May", 2 if at in (1, 7, 8, 29) else 0, f"/review/?day={at}", at <= 7) for at in range(30)]
MONTHS = [Month("Nov", 22, 8, 3, "/lines/?month=11"), Month("Dec", 17, 0, 1200, "/lines/?month=12")]

CHARTS = {
    "pipeline": lambda: pipeline(SEGMENTS),
    "time to answer": lambda: time_to_answer(WEEKS),
    "validity ahead": lambda: validity_ahead(DAYS),
    "decisions by month": lambda: decisions_by_month(MONTHS),
}


def parsed(markup):
    return ET.fromstring(markup)


def words(tree):
    return [element.text for element in tree.iter("text")]


def links(tree):
    return [(element.get("href"), element.find("title").text) for element in tree.iter("a")]


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_chart_is_well_formed_and_carries_no_style_or_script(draw):
    tree = parsed(draw())
    for element in tree.iter():
        assert element.tag not in ("script", "style", "foreignObject")
        assert not [key for key in element.attrib if key == "style" or key.startswith("on")]


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_a_chart_has_a_name_and_a_description_and_every_id_once(draw):
    tree = parsed(draw())
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for svg in tree.iter("svg"):
        if svg.get("aria-hidden") is None:
            assert svg.get("aria-labelledby") in ids
            assert svg.get("aria-describedby") in ids
    for fill in re.findall(r"url\(#([^)]+)\)", draw()):
        assert fill in ids


def test_the_pipeline_prints_each_number_and_links_it():
    tree = parsed(pipeline(SEGMENTS))
    broad, slim = tree.findall("svg")
    for picture in (broad, slim):
        assert [href for href, _title in links(picture)] == [segment.href for segment in SEGMENTS]
        assert [word for word in words(picture) if word.isdigit()] == ["18", "47", "23", "31", "11"]


def test_the_bars_of_the_pipeline_fill_the_width_and_follow_the_counts():
    broad = parsed(pipeline(SEGMENTS)).find("svg")
    bars = [bar for bar in broad.iter("rect") if bar.get("rx")]
    widths = [float(bar.get("width").rstrip("%")) for bar in bars]
    assert float(bars[-1].get("x").rstrip("%")) + widths[-1] == pytest.approx(100, abs=0.05)
    assert sorted(range(5), key=widths.__getitem__)[-2:] == [3, 1]


def test_a_part_of_the_pipeline_without_lines_keeps_its_words_and_loses_its_bar():
    tree = parsed(pipeline([*SEGMENTS[:4], Segment("declined", 0, "/lines/", "closed")]))
    assert "0" in words(tree)
    assert len(tree.findall("svg/a/rect[@class='dw-none']")) == 2


def test_time_to_answer_links_each_week_and_breaks_where_no_answer_came():
    tree = parsed(time_to_answer(WEEKS))
    assert links(tree) == [
        ("/lines/?week=0", "W0: 3.8 d"),
        ("/lines/?week=1", "W1: 5.1 d"),
        ("/lines/?week=3", "W3: 2.6 d"),
        ("/lines/?week=4", "W4: 2.4 d"),
    ]
    spans = [line.get("class") for line in tree.iter("line") if "dw-way" in line.get("class")]
    assert spans == ["dw-way", "dw-way dw-ahead"]


def test_time_to_answer_prints_the_slowest_week_and_the_last():
    assert [word for word in words(parsed(time_to_answer(WEEKS))) if word.endswith(" d")] == ["5.1 d", "2.4 d"]


def test_higher_values_stand_higher():
    heights = [float(dot.get("cy")) for dot in parsed(time_to_answer(WEEKS)).iter("circle") if dot.get("r") == "14"]
    assert heights[1] < heights[0] < heights[2] < heights[3]


def test_validity_ahead_counts_the_near_days_in_words():
    tree = parsed(validity_ahead(DAYS))
    assert "4 lines within 7 days" in words(tree)
    classes = [bar.get("class") for bar in tree.iter("rect") if bar.get("class") != "dw-hit"]
    assert classes == ["dw-soon", "dw-soon", "dw-later", "dw-later"]
    assert links(tree)[0] == ("/review/?day=1", "1 May: 2")


def test_validity_ahead_without_near_lines_says_so():
    later = [Day(day.label, 0 if day.soon else day.count, day.href, day.soon) for day in DAYS]
    assert "0 lines within 7 days" in words(parsed(validity_ahead(later)))


def test_decisions_by_month_links_every_part_and_prints_what_fits():
    tree = parsed(decisions_by_month(MONTHS))
    assert links(tree) == [
        ("/lines/?month=11", "Nov: 22 accepted"),
        ("/lines/?month=11", "Nov: 8 declined"),
        ("/lines/?month=11", "Nov: 3 expired"),
        ("/lines/?month=12", "Dec: 17 accepted"),
        ("/lines/?month=12", "Dec: 1,200 expired"),
    ]
    assert "1,200" in words(tree)
    assert [item.text or item[0].tail for item in tree.iter("li")] == ["accepted", "declined", "expired"]


def test_the_description_carries_every_number():
    description = parsed(decisions_by_month(MONTHS)).find("svg/desc").text
    assert description == "Nov: 22 accepted, 8 declined, 3 expired; Dec: 17 accepted, 0 declined, 1,200 expired"


@pytest.mark.parametrize(
    "markup",
    [
        lambda: pipeline([]),
        lambda: pipeline([Segment("drafts", 0, "/", "draft")]),
        lambda: time_to_answer([]),
        lambda: time_to_answer([Week("W1", None, "/")]),
        lambda: validity_ahead([]),
        lambda: validity_ahead([Day("1 May", 0, "/", True)]),
        lambda: decisions_by_month([]),
        lambda: decisions_by_month([Month("May", 0, 0, 0, "/")]),
    ],
)
def test_no_data_is_a_short_sentence(markup):
    tree = parsed(markup())
    assert (tree.tag, tree.get("class")) == ("p", "dw-empty")
    assert tree.text.endswith(".")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: pipeline([Segment(HOSTILE, 1, "/?q=" + HOSTILE, HOSTILE)]),
        lambda: time_to_answer([Week(HOSTILE, 1.0, HOSTILE)]),
        lambda: validity_ahead([Day(HOSTILE, 1, HOSTILE)]),
        lambda: decisions_by_month([Month(HOSTILE, 1, 1, 1, HOSTILE)]),
    ],
)
def test_hostile_words_stay_text(draw):
    markup = draw()
    assert "<script" not in markup
    tree = parsed(markup)
    assert any("<script>alert(1)</script>" in (element.text or "") for element in tree.iter())


def test_an_unknown_tone_looks_unknown():
    markup = pipeline([Segment("x", 1, "/", "pink")])
    assert "dw-unknown" in markup
    assert "pink" not in markup


def test_numbers_follow_the_language():
    with translation.override("fr"):
        assert "5,1" in time_to_answer(WEEKS)


@pytest.mark.parametrize("highest", [0.2, 1, 3, 4, 7, 48, 99, 101, 999, 12_345, 7_000_000])
def test_the_grid_has_a_readable_number_of_lines(highest):
    tree = parsed(time_to_answer([Week("W1", highest, "/")]))
    lines = [line for line in tree.iter("line") if line.get("class") in ("dw-grid", "dw-axis")]
    assert 2 <= len(lines) <= 5
    top = min(float(circle.get("cy")) for circle in tree.iter("circle"))
    assert top >= 18

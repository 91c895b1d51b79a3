"""States, icons and the cable as HTML."""

import re

from django.utils import translation

from quotes import states
from quotes.templatetags import ui
from quotes.templatetags.icons import ICONS

TABLES = [states.BASKET, states.LINE, states.OFFER, states.COMMAND, states.EXPORT]
ALL = [state for table in TABLES for state in table.values()] + [
    states.CLOSED_BY_OPERATOR,
    states.line("hold"),
    states.line(""),
]


def test_every_state_has_shape_word_and_tone():
    with translation.override("en-gb"):
        lacking = {(state.value, state.icon): _lacking(state) for state in ALL}
    assert lacking == dict.fromkeys(lacking, [])


def _lacking(state) -> list[str]:
    parts = (f'class="st {state.tone}" data-state="{state.value}"', ICONS[state.icon], str(state.label))
    return [part for part in parts if part not in ui.badge(state)]


def test_a_hostile_state_stays_text():
    shown = ui.badge(states.line('"><script>alert(1)</script>'))
    assert "<script" not in shown and "&lt;script&gt;" in shown


def test_icons_are_silent_and_have_a_size_without_the_style_sheet():
    assert all('aria-hidden="true"' in svg and 'width="16"' in svg for svg in ICONS.values())


STEPS = [
    {"title": "Draft", "when": "yesterday", "by": "<Claire>", "status": "done"},
    {"title": "No answer", "status": "broken"},
    {"title": "Decision", "status": "now"},
    {"title": "Order", "status": "todo"},
]


def test_a_route_marks_the_present_step_and_says_each_status_in_words():
    with translation.override("en-gb"):
        shown = ui.route(STEPS)
    assert re.findall(r"\((done|failed|now|to come)\)", shown) == ["done", "failed", "now", "to come"]
    assert shown.count('aria-current="step"') == 1
    assert "&lt;Claire&gt;" in shown


def test_the_line_is_solid_up_to_what_was_reached():
    lines = re.findall(r'<line class="h ([a-z]*)"', ui.route(STEPS))
    assert lines == ["", "", "ahead"]


def test_readiness_is_one_node_a_line_up_to_twelve_then_a_bar():
    assert ui.ready(4, 5).count('class="fill"') == 4
    assert '<progress value="9" max="13"' in ui.ready(9, 13)
    assert ui.ready(0, 1).count('class="open"') == 1

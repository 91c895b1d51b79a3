"""Icons, states and the cable. Each tag builds its few words of HTML directly: a list shows many of them, and
an include a row costs more than the row."""

from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from .formats import moment
from .icons import ICONS

register = template.Library()


@register.simple_tag
def icon(name):
    return ICONS[name]


@register.simple_tag
def badge(state):
    """A `quotes.states.State` as a person meets it: shape, word, tone; `data-state` as received."""
    return format_html(
        '<span class="st {}" data-state="{}">{}{}</span>', state.tone, state.value, ICONS[state.icon], state.label
    )


@register.simple_tag
def chip(text, tone="draft", icon="pencil"):
    """What stands beside a state and never instead of it: "2 fields", "in 4 days", "Queued"."""
    return format_html('<span class="st {}">{}{}</span>', tone, ICONS[icon], text)


# --- the cable ------------------------------------------------------------------------------------------------

_NODES = {
    "done": '<circle class="fill" cx="10" cy="10" r="6"/>',
    "now": '<circle cx="10" cy="10" r="7"/><circle class="dot" cx="10" cy="10" r="3"/>',
    "todo": '<circle class="ahead" cx="10" cy="10" r="6"/>',
    "open": '<circle class="open" cx="10" cy="10" r="6"/>',
    "broken": '<circle class="bad" cx="10" cy="10" r="7"/><path class="bad" d="m7.6 7.6 4.8 4.8m0-4.8-4.8 4.8"/>',
}
_LINES = (
    '<line class="h {0}" x1="20" y1="10" x2="100%" y2="10"/>'
    '<line class="v {0}" x1="10" y1="20" x2="10" y2="100%"/>'
)  # fmt: skip


def _cable(status: str, following: str | None) -> SafeString:
    """Node and the line to the next one: solid once that was reached, dashed ahead."""
    line = _LINES.format("ahead" if following == "todo" else "") if following else ""
    return mark_safe(f'<svg class="cable" aria-hidden="true">{line}{_NODES[status]}</svg>')  # noqa: S308


@register.simple_tag
def route(steps):
    """Steps `{title, when, by, status}` as a cable; status is done, now, todo or broken. `when` may be a date,
    a time or words; `when` and `by` may be missing."""
    following = [step["status"] for step in steps[1:]] + [None]
    return format_html(
        '<ol class="route">{}</ol>',
        format_html_join("", "{}", ([_step(s, f)] for s, f in zip(steps, following, strict=True))),
    )


def _step(step, following):
    status = step["status"]
    spoken = {"todo": gettext("to come"), "broken": gettext("failed"), "done": gettext("done"), "now": gettext("now")}
    return format_html(
        '<li class="{}-step"{}>{}<b>{} <span class="vh">({})</span></b>{}{}</li>',
        status, mark_safe(' aria-current="step"') if status == "now" else "", _cable(status, following),
        step["title"], spoken[status], _detail("when", step.get("when")), _detail("by", step.get("by")),
    )  # fmt: skip


def _detail(kind, words):
    if not words:
        return ""
    return format_html(
        '<span class="{}">{}</span>', kind, moment(words, year=True) if isinstance(words, date) else words
    )


@register.simple_tag
def node(status):
    """One node alone, for lists of things done and open: done, now, todo, open or broken."""
    return mark_safe(f'<svg class="node cable-node" viewBox="0 0 20 20" aria-hidden="true">{_NODES[status]}</svg>')  # noqa: S308


@register.simple_tag
def ready(done, total):
    """How many of some lines are complete, one node a line up to twelve, then a bar. Say it in words beside."""
    if total > 12:
        return format_html('<progress value="{}" max="{}" aria-hidden="true"></progress>', done, total)
    step = 100 / max(1, total - 1)
    spans = "".join(_span(position, step, position < done) for position in range(1, total))
    nodes = "".join(_mark(position, step, position < done) for position in range(total))
    return mark_safe(f'<svg class="ready" aria-hidden="true">{spans}{nodes}</svg>')  # noqa: S308


def _span(position, step, complete):
    line = f'<line class="{"" if complete else "ahead"}" x1="0" y1="7" x2="100%" y2="7"/>'
    return f'<svg x="{(position - 1) * step:.2f}%" width="{step:.2f}%" overflow="visible">{line}</svg>'


def _mark(position, step, complete):
    at = f'cx="{position * step:.2f}%" cy="7"'
    return f'<circle class="halo" {at} r="8"/><circle class="{"fill" if complete else "open"}" {at} r="5"/>'


def _dot(x, y, r, css="fill"):
    return f'<circle class="{css}" cx="{x}" cy="{y}" r="{r}"/>'


_RISE = '<path d="M{} 44h{}c26 0 8-34 34-34h{}"/>'
_DRAWINGS = {
    "start": _RISE.format(14, 46, 60) + '<path class="ahead" d="M170 10h71"/>'
    + _dot(8, 44, 6, "hole") + _dot(162, 10, 8, "hole") + _dot(162, 10, 3, "dot") + _dot(248, 10, 7, "ahead"),
    "done": _RISE.format(8, 52, 156) + _dot(8, 44, 7) + _dot(160, 10, 7) + _dot(250, 10, 8),
    "none": '<path class="ahead" d="M15 28h80M169 28h80"/>'
    + "".join(_dot(x, 28, 7, "ahead") for x in (8, 102, 162, 256)),
}  # fmt: skip


@register.simple_tag
def drawing(name):
    """What an empty place shows: `start` (begin here), `done` (nothing waits), `none` (no match)."""
    return mark_safe(f'<svg class="drawing" viewBox="0 0 264 60" aria-hidden="true">{_DRAWINGS[name]}</svg>')  # noqa: S308

"""The documented states, how they look, and what they allow. The only home of these rules.

States are an open set: the operator may send any text. An unknown one is shown as received, in the tone
`unknown`, and allows nothing. No order of states is enforced (the specification draws `finalized` twice).
Buttons, services and tests all ask `allows`; the operator keeps the last word.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class State:
    """One state as a person meets it. `tone` and `icon` are names of the visual system (static/css, icons)."""

    value: str
    label: str | Promise
    tone: str
    icon: str
    allows: frozenset[str] = frozenset()
    final: bool = False
    known: bool = True


def _state(value, label, tone, icon, allows="", *, final=False):
    return value, State(value, label, tone, icon, frozenset(allows.split()), final)


BASKET = dict(
    [
        _state(
            "acknowledged",
            pgettext_lazy("basket state", "Draft"),
            "draft",
            "pencil",
            "edit confirm add_line edit_line delete_line trace",
        ),
        _state("confirmed", pgettext_lazy("basket state", "Sent, awaiting prices"), "waiting", "clock"),
        _state("partial_ready", pgettext_lazy("basket state", "Some prices in"), "action", "half"),
        _state("ready", pgettext_lazy("basket state", "Prices in"), "action", "tag"),
        _state("partial_finalized", pgettext_lazy("basket state", "Partly decided"), "action", "checklist"),
        _state("finalized", pgettext_lazy("basket state", "Closed"), "done", "check-disc", final=True),
    ]
)

LINE = dict(
    [
        _state("acknowledged", pgettext_lazy("line state", "Draft"), "draft", "pencil"),
        _state("confirmed", pgettext_lazy("line state", "Awaiting price"), "waiting", "clock"),
        _state("ready", pgettext_lazy("line state", "Price to review"), "action", "tag", "accept decline restore"),
        _state(
            "unable_to_provide", pgettext_lazy("line state", "Not possible"), "ended", "barred", "ask_again", final=True
        ),
        _state("expired", pgettext_lazy("line state", "Expired"), "ended", "calendar-x", "ask_again", final=True),
        _state("refused", pgettext_lazy("line state", "Declined"), "closed", "x-disc", "restore ask_again", final=True),
        _state("accepted", pgettext_lazy("line state", "Accepted"), "done", "check-disc", final=True),
    ]
)

OFFER = dict(
    [
        _state("ready", pgettext_lazy("offer state", "Open"), "action", "tag", "accept decline"),
        _state("refused", pgettext_lazy("offer state", "Declined"), "closed", "x-disc", "restore", final=True),
        _state("accepted", pgettext_lazy("offer state", "Accepted"), "done", "check-disc", final=True),
        _state("expired", pgettext_lazy("offer state", "Expired"), "ended", "calendar-x", final=True),
    ]
)

COMMAND = dict(
    [
        _state("recorded", pgettext_lazy("command state", "Queued"), "waiting", "arrow", "withdraw"),
        _state("sending", pgettext_lazy("command state", "Being sent"), "waiting", "arrow"),
        _state("done", pgettext_lazy("command state", "Done"), "done", "check-disc", final=True),
        _state("refused", pgettext_lazy("command state", "Refused by the operator"), "closed", "x-disc", final=True),
        _state("uncertain", pgettext_lazy("command state", "Being checked"), "waiting", "question-disc"),
        _state("not_applied", pgettext_lazy("command state", "Did not happen"), "ended", "barred", final=True),
        _state("needs_person", pgettext_lazy("command state", "Needs a person"), "action", "alert", "resolve"),
        _state("withdrawn", pgettext_lazy("command state", "Withdrawn"), "ended", "barred", final=True),
        _state("expired", pgettext_lazy("command state", "Not sent, too late"), "ended", "calendar-x", final=True),
    ]
)

EXPORT = dict(
    [
        _state("asked", pgettext_lazy("export state", "Queued"), "waiting", "arrow"),
        _state("running", pgettext_lazy("export state", "Running"), "waiting", "arrow"),
        _state("ready", pgettext_lazy("export state", "Ready"), "done", "check-disc", "download", final=True),
        _state("failed", pgettext_lazy("export state", "Failed"), "closed", "x-disc", "again", final=True),
        _state("expired", pgettext_lazy("export state", "Expired"), "ended", "calendar-x", "again", final=True),
    ]
)

BATCH = dict(
    [
        _state("draft", pgettext_lazy("batch state", "Being prepared"), "draft", "pencil", "start"),
        _state("running", pgettext_lazy("batch state", "Running"), "waiting", "arrow", "stop"),
        _state("stopped", pgettext_lazy("batch state", "Stopped"), "ended", "barred", "resume"),
        _state("done", pgettext_lazy("batch state", "Finished"), "done", "check-disc", final=True),
    ]
)

# An item of a batch before a command speaks for it.
ITEM = dict(
    [
        _state("waiting", pgettext_lazy("item state", "Waiting"), "waiting", "clock"),
        _state("skipped", pgettext_lazy("item state", "Left out"), "ended", "barred", final=True),
        _state("invalid", pgettext_lazy("item state", "With errors"), "closed", "x-disc", final=True),
        _state("done", pgettext_lazy("item state", "Done"), "done", "check-disc", final=True),
    ]
)

FINAL_BASKETS = [value for value, state in BASKET.items() if state.final]
FINAL_LINES = [value for value, state in LINE.items() if state.final]

CLOSED_BY_OPERATOR = State(
    "finalized", pgettext_lazy("basket state", "Closed by the operator"), "unknown", "diamond-question"
)

# A command in one of these may still act at the operator, so it holds its line or basket.
LIVE = ("sending", "uncertain", "needs_person")
# A command in one of these never had an effect: the same act may be tried again by a person.
WITHOUT_EFFECT = ("refused", "not_applied", "withdrawn", "expired")
# What a person is still waiting for.
PENDING = ("recorded", *LIVE)
# … and what of it ends without one.
MOVING = ("recorded", "sending", "uncertain")


def unknown(value: str) -> State:
    label = format_lazy(_("Unknown state: “{value}”"), value=value) if value else _("State not received")
    return State(value, label, "unknown", "diamond-question", known=False)


def basket(value: str, open_lines: int = 0) -> State:
    """`open_lines` (lines not final) tells the two meanings of `finalized` apart."""
    if value == "finalized" and open_lines:
        return CLOSED_BY_OPERATOR
    return BASKET.get(value) or unknown(value)


def line(value: str) -> State:
    return LINE.get(value) or unknown(value)


def offer(value: str, line_value: str) -> State:
    """An offer whose price element carries no state of its own stands as its line stands."""
    if not value:
        return OFFER.get(line_value) or line(line_value)
    return OFFER.get(value) or unknown(value)


def offer_allows(action: str, offer_value: str, line_value: str) -> bool:
    """Accept, decline and restore follow the line and its offer; anything unknown allows nothing."""
    return action in line(line_value).allows and action in offer(offer_value, line_value).allows


def command(value: str) -> State:
    return COMMAND[value]


def export(value: str) -> State:
    return EXPORT[value]


def batch(value: str) -> State:
    return BATCH[value]

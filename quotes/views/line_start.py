"""What the form of a new line begins with: the basket's project, what the line before shares, or a whole other line."""

from dataclasses import dataclass
from uuid import UUID

from quotes.models import Line
from quotes.selectors import lines
from quotes.selectors.line_request import OWN, SHARED, request_of


@dataclass(frozen=True)
class Start:
    values: dict
    copied: Line | None = None


def of(request, basket) -> Start:
    """`?copy=<line>`: all but what belongs to one line only; `?after=<line>`: what the next one most likely shares."""
    values = {"project_id": basket.project_id}
    copied = _asked_for(request, "copy", lines.visible(request.user))
    after = _asked_for(request, "after", basket.lines)
    if copied:
        values |= {name: value for name, value in request_of(copied).items() if name not in OWN}
    elif after:
        known = request_of(after)
        values |= {name: known[name] for name in SHARED if known[name]}
    return Start(values, copied)


def _asked_for(request, name, lines) -> Line | None:
    try:
        return lines.filter(pk=UUID(request.GET[name])).first()
    except (KeyError, ValueError):
        return None

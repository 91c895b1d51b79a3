"""What an answer, or the lack of one, means: a table from (read or write, status) to the error tree."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from quotes.covage.errors import (
    BODY_KEPT,
    CovageAuthFailed,
    CovageBadPayload,
    CovageBusy,
    CovageError,
    CovageNotFound,
    CovageRefused,
    CovageUnavailable,
    CovageUnclear,
)
from quotes.covage.reading import read_refusal
from quotes.covage.transport import Answer, Failure, Lost

SHORTEST_WAIT, LONGEST_WAIT = 1, 3600  # seconds


def of_read(answer: Answer, what: str, **context) -> CovageError | None:
    """The error that a read's answer means, None for a success. `what` names the call, for the log."""
    status = answer.status
    if answer.is_success:
        return None
    context = _context(answer) | context
    if status < 400:
        return CovageBadPayload(f"{what}: redirected ({status})", **context)
    if status == 401:
        return CovageAuthFailed(f"{what}: our token is refused", **context)
    if status >= 500 or status in (408, 425, 429):
        return CovageUnavailable(f"{what}: {status}", **context)
    return _refused(answer, what, context)


def of_write(answer: Answer, what: str, **context) -> CovageError | None:
    """The error that a write's answer means, None for a success."""
    status = answer.status
    if answer.is_success:
        return None
    context = _context(answer) | context
    if status < 400 or status >= 500 or status in (408, 425):
        return CovageUnclear(f"{what}: {status}", **context)
    return _refused(answer, what, context)


def of_failure(failure: Failure, what: str, is_write: bool, **context) -> CovageError:
    """The error of an exchange that brought no whole answer."""
    if not (is_write and isinstance(failure, Lost)):
        return CovageUnavailable(f"{what}: {failure}", **context)
    partial = failure.partial[:BODY_KEPT].decode("utf-8", "replace")
    return CovageUnclear(f"{what}: {failure}", status=failure.status, body=partial, partial=partial or None, **context)


def retry_after(answer: Answer) -> float | None:
    """Seconds that the operator asks us to wait, between 1 s and 1 h: of seconds or an HTTP date.

    0: it asks us to wait and does not say how long (nonsense, or a 429 without any). None: it does not ask. None for
    any status but 429 and 503: on a success the header only says when to ask about that one thing again.
    """
    text = answer.headers.get("retry-after", "").strip()
    if answer.status not in (429, 503) or (answer.status == 503 and not text):
        return None
    seconds = _seconds(text)
    if seconds is None and (moment := _moment(text)):
        # Their date is compared with their clock, when they show it.
        now = _moment(answer.headers.get("date", "")) or datetime.now(UTC)
        seconds = max((moment - now).total_seconds(), 0)
    return 0 if seconds is None or seconds < 0 else min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return None if math.isnan(seconds) else seconds


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # whatever the parser makes of nonsense
        return None


def _refused(answer: Answer, what: str, context: dict) -> CovageRefused:
    kind = {404: CovageNotFound, 410: CovageNotFound, 429: CovageBusy}.get(answer.status, CovageRefused)
    return kind(f"{what}: {answer.status}", errors=read_refusal(answer.body), **context)


def _context(answer: Answer) -> dict:
    return {
        "status": answer.status,
        "body": answer.body[:BODY_KEPT].decode("utf-8", "replace"),
        "retry_after": retry_after(answer),
    }

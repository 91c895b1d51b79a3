"""What the page of the synchronisation says of the operator, the token and the readings. Nothing here is secret."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quotes.drawing import draw_outage
from quotes.models import OperatorState, Rejected, SyncJob
from quotes.selectors import health
from quotes.services.words import JOBS, REJECTED
from quotes.sync.tokens import DatabaseTokens
from quotes.templatetags.spans import clock, lasting

# How a reading ended early, by the class of the error that the job noted.
ERRORS = {
    "CovageUnavailable": gettext_lazy("no answer"),
    "CovageAuthFailed": gettext_lazy("login refused"),
    "CovageBadPayload": gettext_lazy("answer not readable"),
    "CovageRefused": gettext_lazy("refused"),
    "CovageNotFound": gettext_lazy("not found"),
    "MailServerAway": gettext_lazy("the mail server does not answer"),
    "MailRefused": gettext_lazy("the mail server refused a mail"),
}


def jobs(now: datetime) -> list[SyncJob]:
    """In the order of JOBS, with what the table shows of each."""
    found = {job.name: job for job in SyncJob.objects.all()}
    rows = [found[name] for name in (*JOBS, *sorted(found.keys() - JOBS.keys())) if name in found]
    for row in rows:
        row.label = JOBS.get(row.name, row.name)
        row.is_running = bool(row.claimed_until and row.claimed_until > now)
        row.is_due = not row.due_at or row.due_at <= now
        row.next = "" if row.is_due else clock(row.due_at)
        row.seconds = row.duration_ms / 1000
        row.ended = ERRORS.get(row.error.split(":")[0], _("stopped early")) if row.error else ""
    return rows


def rejected() -> list[Rejected]:
    """What was put aside, the newest first, with words for where it came from and what is wrong with it."""
    found = health.rejected()
    for item in found:
        item.label = REJECTED.get(item.collection, item.collection)
        is_nameless = item.reason == "no usable id"
        item.words = _("It has no id, so nobody can tell what it is.") if is_nameless else _("It could not be read.")
    return found


def read_at(jobs: list[SyncJob]) -> datetime | None:
    """When a list of baskets was last read, out of the rows that are at hand."""
    return max((job.succeeded_at for job in jobs if job.name in health.LISTS and job.succeeded_at), default=None)


def is_late(operator: OperatorState, read_at: datetime | None) -> bool:
    """The operator answers as far as we know, yet nothing was read for long: the background worker stands still."""
    if operator.failing_since:
        return False
    return not read_at or timezone.now() - read_at > timedelta(seconds=6 * health.list_interval())


def next_try(operator: OperatorState) -> datetime | None:
    times = [operator.open_until, operator.paused_until, operator.login_blocked_until]
    return max((moment for moment in times if moment and moment > timezone.now()), default=None)


def token(operator: OperatorState) -> dict:
    """Whether the portal holds a login at the operator, and for how long; never the token itself."""
    now = timezone.now()
    if operator.login_blocked_until and operator.login_blocked_until > now:
        return {"state": "blocked", "until": operator.login_blocked_until}
    kept = DatabaseTokens().load()
    until = datetime.fromtimestamp(kept.expires_at, UTC) if kept else None
    if until is None or until < now:
        return {"state": "none", "until": None}
    return {"state": "valid", "until": until}


def drawing(operator: OperatorState, read_at: datetime | None):
    data = _("running, data of %(time)s") % {"time": clock(read_at)} if read_at else _("running, nothing read yet")
    return draw_outage(you=_("connected"), portal=data, operator=_answer(operator), cut=_cut(operator))


def _answer(operator) -> str:
    if operator.failing_since:
        again = next_try(operator)
        return _("does not answer, next try %(time)s") % {"time": clock(again)} if again else _("does not answer")
    if operator.answered_at:
        return _("answered %(time)s") % {"time": clock(operator.answered_at)}
    return _("not asked yet")


def _cut(operator) -> tuple[str, str] | None:
    since = operator.failing_since
    return (_("Cut since %(time)s") % {"time": clock(since)}, str(lasting(since))) if since else None

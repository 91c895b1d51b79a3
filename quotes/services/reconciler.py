"""What became of an uncertain command: read until it is known, never repeat what must not be repeated."""

import logging
import time
from collections.abc import Iterable
from itertools import accumulate, chain, repeat

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from quotes.covage import CovageAuthFailed, CovageError, CovageUnavailable
from quotes.models import Command
from quotes.services import claims, crashing, journal, sender
from quotes.services.acts import ACTS, Act, Proof, Verdict, act_of
from quotes.sync.asked import Asked
from quotes.sync.connection import connect

BATCH = 20
SWEEP = 20  # seconds after which a sweep begins nothing new: the worker's own time is limited
SENT_AT_MOST = 3  # for kinds that may be repeated after a reading showed no effect
UNREADABLE = 4  # times SYNC["quiet_accept"]: after so long without a readable answer a person must look

log = logging.getLogger(__name__)


def read_now(commands: Iterable[Command]) -> None:
    """A person waits to know what became of these; what takes too long is left to the worker."""
    until = time.monotonic() + settings.COVAGE_TOTAL_TIMEOUT
    for command in commands:
        if (left := until - time.monotonic()) > 0:
            reconcile(command.pk, within=left, urgent=True)


def reconcile(pk, *, within: float | None = None, urgent: bool = False) -> Command:
    """Make one reading for an uncertain command and draw the conclusion.

    `urgent`: before it is due, because a person waits; then "nothing yet" counts for nothing, or impatience would deny.
    """
    command = journal.claim_reading(pk)
    if command is None:
        return Command.objects.get(pk=pk)
    crashing.here("reading")
    act, asked = act_of(command), Asked.now()
    client = connect(within=within or settings.COVAGE_TOTAL_TIMEOUT, urgent=urgent, request_id=command.id.hex)
    try:
        proof = act.proof(client, command)
        if proof.verdict is Verdict.NOT_YET and _is_last(act, command) and act.maybe(client, command):
            proof = Proof(Verdict.MAYBE)
    except (CovageUnavailable, CovageAuthFailed):
        journal.looked_at(command) if urgent else journal.read_again(command, counted=False)
        return command
    except CovageError:
        proof = Proof(Verdict.UNREADABLE)
    crashing.here("read")
    _conclude(act, command, proof, asked, urgent)
    return command


def _conclude(act: Act, command: Command, proof: Proof, asked: Asked, urgent: bool) -> None:
    if proof.happened:
        sender.prove(act, command, proof, asked)
    elif proof.verdict is Verdict.CONTRADICTION:
        journal.needs_person(command, reason="contradiction")
    elif proof.verdict is Verdict.UNREADABLE:
        _unreadable(command)
    elif urgent and not _said_no(command):
        journal.looked_at(command)
    elif _is_last(act, command):
        _no_effect(act, command, proof)
    else:
        journal.read_again(command, counted=True)


def _said_no(command: Command) -> bool:
    """The operator refused, and until now no reading could confirm it."""
    return bool(command.errors) or command.reason == "refused"


def _is_last(act: Act, command: Command) -> bool:
    """Whether this reading, when it shows nothing either, is the one that decides."""
    return _said_no(command) or command.checks + 1 >= _readings(act)


def _readings(act: Act) -> int:
    """How many readings must agree. Counted, not timed: a clock that jumps must not turn "not yet" into "never"."""
    quiet = settings.SYNC[act.quiet] * settings.SYNC_SPEED
    times = accumulate(chain(journal.READ_AGAIN, repeat(journal.READ_AGAIN[-1])))
    return max(act.readings, next(number for number, seconds in enumerate(times, 1) if seconds >= quiet))


def _unreadable(command: Command) -> None:
    age = abs((timezone.now() - command.sent_at).total_seconds())  # below 0 when the clock was set back since
    if age > UNREADABLE * settings.SYNC["quiet_accept"]:
        journal.needs_person(command, reason="undecidable")
    else:
        journal.read_again(command, counted=False)


def _no_effect(act: Act, command: Command, proof: Proof) -> None:
    if proof.verdict is Verdict.MAYBE:
        journal.needs_person(command, reason="undecidable")
    elif _said_no(command):
        journal.refused(command, reason="refused", errors=command.errors, status=command.operator_status)
    elif proof.verdict is Verdict.UNDECIDABLE and not act.may_double:
        journal.needs_person(command, reason="undecidable")
    elif not act.sent_once and command.attempts < SENT_AT_MOST:
        journal.send_again(command)
    else:
        journal.not_applied(command)


def sweep() -> int:
    """Everything of the journal that is due: what a worker does every few seconds. Returns how many rows it moved.

    One that fails keeps none of the others waiting.
    """
    until = time.monotonic() + SWEEP
    work = [(journal.abandoned, command) for command in _abandoned()]
    work += [(sender.run, pk) for pk in _due("recorded")]
    work += [(reconcile, pk) for pk in _due("uncertain")]
    work += [(_after_all, command) for command in _late()]
    return sum(_done(do, subject) for do, subject in work if time.monotonic() < until)


def _done(do, subject) -> bool:
    try:
        return do(subject) is not False
    except Exception:
        log.exception("the sweep goes on without one", extra={"command": str(getattr(subject, "pk", subject))})
        return False


def _abandoned():
    """A claim that lapsed while sending: the process died."""
    return list(Command.objects.filter(claims.free(), state="sending")[:BATCH])


def _due(state):
    """What cannot wait first."""
    rows = Command.objects.filter(claims.free(), claims.due(timezone.now()), state=state)
    rows = rows.order_by(F("not_after").asc(nulls_last=True), "recorded_at")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _late():
    """What ended without effect, or waits for a person, although the mirror has learnt since that it happened."""
    ended = Command.objects.filter(state__in=journal.NOT_DONE, attempts__gt=0).exclude(reason="by_person")
    acts = [act for act in ACTS.values() if act.late is not None]
    found = [command for act in acts for command in ended.filter(act.late, kind=act.kind)[:BATCH]]
    return [command for command in found if command.state != act_of(command).late_state]


def _after_all(command: Command) -> None:
    journal.after_all(command, act_of(command).late_state, reason="late")

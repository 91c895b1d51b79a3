"""Sending a recorded command: check, read afresh, commit "sending", call once, settle.

The request of a person and the worker run the same `run`.
"""

import logging
import threading
import time
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from quotes.covage import (
    CovageAuthFailed,
    CovageBusy,
    CovageError,
    CovageNotFound,
    CovageRefused,
    CovageUnavailable,
    CovageUnclear,
)
from quotes.errors import NotAllowed, NotPossible, WorldMoved
from quotes.models import Command
from quotes.services import crashing, journal
from quotes.services.acts import Act, Proof, Verdict, act_of
from quotes.services.permissions import require
from quotes.sync.asked import Asked
from quotes.sync.connection import connect

log = logging.getLogger(__name__)

AT_ONCE = threading.BoundedSemaphore(4)  # calls that this web process makes while people wait
LONGEST_PAUSE = 3  # seconds from the commit of "sending" to the call; more means that the process was frozen
DATABASE_BACK = 2  # seconds after which an answer that could not be stored is tried once more


def run_now(command: Command) -> Command:
    """Send while the person waits; when too many do, the worker takes it within seconds."""
    if not AT_ONCE.acquire(blocking=False):
        return command
    try:
        return run(command.pk, within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    finally:
        AT_ONCE.release()


def run(pk, *, within: float | None = None, urgent: bool = False) -> Command:
    """Send one recorded command if it is ours to send; returns the row as it stands afterwards.

    `within`: seconds for all its calls together, never more than the claim lasts.
    """
    command = journal.claim(pk)
    if command is None:
        return Command.objects.get(pk=pk)
    crashing.here("claimed")
    client = connect(within=within or settings.COVAGE_TOTAL_TIMEOUT, urgent=urgent, request_id=command.id.hex)
    if _is_ready(act_of(command), client, command):
        crashing.here("checked")
        committing = time.monotonic()
        if journal.begin(command):
            crashing.here("sending")
            _send(act_of(command), client, command, committing)
    command.refresh_from_db()
    return command


def _is_ready(act: Act, client, command: Command) -> bool:
    try:
        require(command.actor, act.permission)
        act.check(command)
        act.prepare(client, command)
    except NotAllowed:
        journal.refused(command, reason="right_lost")
    except (NotPossible, WorldMoved) as stop:
        journal.refused(command, reason=stop.reason)
    except CovageNotFound as error:
        journal.refused(command, reason="not_found", status=error.status)
    except CovageError as error:
        journal.put_back(command, seconds=error.retry_after, reason=_why(error))
    else:
        return True
    return False


def _send(act: Act, client, command: Command, committing: float) -> None:
    asked = Asked.now(own_write=True)
    try:
        if time.monotonic() - committing > LONGEST_PAUSE:
            raise CovageUnavailable("paused")
        answer = act.send(client, command)
    except (CovageUnavailable, CovageAuthFailed) as error:
        journal.put_back(command, seconds=error.retry_after, reason=_why(error))
    except CovageUnclear as error:
        journal.uncertain(command, reason="no_answer", status=error.status, result=act.partial(error.partial))
    except CovageRefused as error:
        _was_refused(act, client, command, error)
    except Exception:
        # A fault of our own: whether the write left is not known.
        log.exception("sending failed", extra={"command": str(command.pk)})
        journal.uncertain(command, reason="process_died")
    else:
        crashing.here("answered")
        settle(act, command, answer, asked)
        crashing.here("stored")
        _afterwards(act, client, command)


def _was_refused(act: Act, client, command: Command, error: CovageRefused) -> None:
    """A refusal counts once a reading agrees: a faulty operator may refuse what it has just done."""
    asked = Asked.now()
    try:
        proof = act.proof(client, command)
    except CovageNotFound:
        proof = Proof(Verdict.NOT_YET)
    except CovageError:
        return journal.uncertain(command, reason="refused", errors=error.errors, status=error.status)
    if proof.happened:
        return prove(act, command, proof, asked)
    if proof.verdict in (Verdict.UNREADABLE, Verdict.MAYBE):
        return journal.uncertain(command, reason="refused", errors=error.errors, status=error.status)
    if isinstance(error, CovageBusy) and not act.sent_once and command.attempts < 3:
        return journal.put_back(command, seconds=error.retry_after, reason="busy")
    journal.refused(command, reason=_why(error), errors=error.errors, status=error.status)


def settle(act: Act, command: Command, answer, asked: Asked) -> None:
    """The operator answered success: keep its answer and the command's end in one transaction.

    Whatever goes wrong here, the write has happened: its ids are kept, in the log at least, and readings do the rest.
    """
    result = act.result(answer)
    try:
        _store(act, command, answer, asked, result)
    except Exception:
        log.exception("answer could not be stored", extra={"command": str(command.pk), "answered": result})
        with suppress(DatabaseError, InterfaceError):  # it is taken for abandoned then, and read
            journal.uncertain(command, reason="not_stored", result=result)


def _store(act: Act, command: Command, answer, asked: Asked, result: dict) -> None:
    """Once more when the database was away: an answer comes only once."""
    try:
        _stored(act, command, answer, asked, result)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        time.sleep(DATABASE_BACK)
        connection.close()
        _stored(act, command, answer, asked, result)


def _stored(act: Act, command: Command, answer, asked: Asked, result: dict) -> None:
    with journal.alone():
        act.answered(command, answer, asked)
        journal.done(command, result=result, gap=act.gap(result))
        crashing.here("settling")


def prove(act: Act, command: Command, proof: Proof, asked: Asked) -> None:
    """A reading showed that it happened."""
    with journal.alone():
        act.proven(command, proof, asked)
        result = command.result | act.learnt(proof)
        journal.done(command, result=result, gap=act.gap(result))
        crashing.here("proving")


def _afterwards(act: Act, client, command: Command) -> None:
    if command.state != "done":
        return
    try:
        act.afterwards(client, command)
    except CovageError as error:
        log.info("reading after a write failed", extra={"command": str(command.pk), "reason": str(error)})


def _why(error: CovageError) -> str:
    """A code of quotes.services.words for what kept or refused a command."""
    if isinstance(error, CovageAuthFailed):
        return "login_refused"
    if isinstance(error, CovageBusy):
        return "busy"
    if isinstance(error, CovageRefused):
        return {401: "login_refused", 403: "operator_forbids", 404: "not_found"}.get(error.status, "refused")
    return "unreachable"

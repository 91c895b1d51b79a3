"""The one way out: every write to the operator is a Command row, moved from state to state here and nowhere else.

recorded -> sending -> done | refused | uncertain;  uncertain -> done | refused | not_applied | needs_person | recorded
needs_person -> done | not_applied (a person settles it);  done -> done (what a lost answer held is known after all)
recorded -> withdrawn | expired | refused (our own rule, nothing sent)
refused, not_applied, needs_person -> done | needs_person (the mirror shows that it happened after all)

Each move is one conditional UPDATE, and its event and its consequence are part of the same transaction. It names the
state and the fence that the mover knew, so of two movers one wins. That it happened needs no fence: it is true whoever
learnt it. `quotes.services.recording` makes the rows, `sender` sends, `reconciler` reads what became of it.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from quotes import states
from quotes.errors import NotPossible
from quotes.models import Command, Event, Revision
from quotes.services import claims
from quotes.services.acts import act_of
from quotes.services.permissions import require
from quotes.sync import watch

TRY_AGAIN = (2, 5, 10, 20, 30, 60)  # seconds between tries while nothing could be sent
READ_AGAIN = (2, 5, 15, 30, 60, 120, 300, 600, 900)  # seconds before each reading of an uncertain outcome
NOT_DONE = ("not_applied", "refused", "needs_person")  # what a later reading may show to be wrong
NO_ANSWER = 15  # the longest of these while the operator cannot be read: it may be back any moment


@contextmanager
def alone():
    """A transaction in which nobody else moves a command or changes a mirror: they wait until it ends.

    SQLite's immediate transactions are so by themselves; on PostgreSQL the row that all mirrors share is the lock. What
    was checked inside stays true until the commit, and nobody deadlocks over rows taken in another order.
    """
    with transaction.atomic():
        Revision.objects.select_for_update().get(pk=1)
        yield


def earlier(nonce: str, actor) -> Command | None:
    """The command that this very form made when it was submitted before."""
    return Command.objects.filter(nonce=nonce, actor=actor).first() if nonce else None


def claim(pk) -> Command | None:
    """Take a recorded command for sending: the row, or None when it is somebody else's or too late."""
    late = Command.objects.filter(claims.too_late(timezone.now()), pk=pk, state="recorded").first()
    if late:
        _move(late, ("recorded",), "expired", settled_at=timezone.now(), fence=F("fence") + 1)
        return None
    return claims.take("recorded", pk)


def claim_reading(pk) -> Command | None:
    """Take an uncertain command for a reading."""
    return claims.take("uncertain", pk)


def begin(command: Command) -> bool:
    """The point of no return, committed before the first byte leaves. False: another write on this object is alive."""
    now = timezone.now()
    try:
        with alone():
            _name_is_still_free(command)
            row = Command.objects.filter(pk=command.pk, state="recorded", fence=command.fence)
            facts = {"attempts": F("attempts") + 1, "sent_at": now, "claimed_until": now + claims.for_sending()}
            if not row.exclude(claims.too_late(now)).update(state="sending", token=command.token, **facts):
                return False
            act_of(command).touch(command)
            tell(command, "sending")
    except (IntegrityError, NotPossible):
        put_back(command, reason="under_way")
        return False
    command.state, command.attempts, command.sent_at = "sending", command.attempts + 1, now
    return True


def _name_is_still_free(command: Command) -> None:
    """A name that another create has taken since we looked for it at the operator would prove the wrong one."""
    since = command.claimed_until - claims.for_reading()
    named = Command.objects.filter(kind=command.kind, token=command.token, state="done", settled_at__gte=since)
    if command.line_id:
        named = named.filter(basket=command.basket)
    if command.token and named.exists():
        raise NotPossible("under_way")


def put_back(command: Command, *, seconds: float | None = None, reason: str = "") -> None:
    """Nothing was sent: the command waits for its next try; `seconds`: what the operator asked for, if it said so."""
    tries = min(command.checks, len(TRY_AGAIN) - 1)
    wait = seconds or TRY_AGAIN[tries] / settings.SYNC_SPEED
    now = timezone.now()
    _move(
        command,
        ("recorded", "sending"),
        "recorded",
        event=False,
        attempts=command.attempts - (command.state == "sending"),
        checks=F("checks") + 1,
        checked_at=now,
        next_try_at=now + timedelta(seconds=wait),
        reason=reason,
    )


def done(command: Command, *, result: dict, gap: str = "") -> None:
    """It happened: by the write's own answer, or by a reading. An answer that comes late still fills a gap."""
    rows = Q(state__in=("sending", "uncertain", "needs_person"))
    if result and not gap:
        rows |= Q(state="done") & ~Q(gap="")
    facts = {"result": {**command.result, **result}, "gap": gap, "settled_at": timezone.now()}
    told = {"gap": gap, **result}
    _move(command, rows, "done", fenced=False, told=told, errors={}, reason="", **facts)


def refused(command: Command, *, reason: str, errors: dict | None = None, status: int | None = None) -> None:
    """By the operator after sending, or by our own rule before it (attempts is 0 then)."""
    facts = {"errors": errors or {}, "operator_status": status, "reason": reason, "settled_at": timezone.now()}
    told = {"reason": reason, "errors": errors or {}}
    _move(command, ("recorded", "sending", "uncertain"), "refused", told=told, **facts)


def uncertain(command: Command, *, reason: str, errors: dict | None = None, status=None, result=None) -> None:
    """It may have happened. From here on the portal only reads."""
    facts = {"errors": errors or {}, "operator_status": status, "reason": reason, "result": result or command.result}
    now = timezone.now()  # kept beside the next try, or nobody could tell later that the clock was ahead here
    facts |= {
        "checks": 0,
        "checked_at": now,
        "next_try_at": now + timedelta(seconds=READ_AGAIN[0] / settings.SYNC_SPEED),
    }
    _move(command, ("sending",), "uncertain", told={"reason": reason}, **facts)


def read_again(command: Command, *, counted: bool) -> None:
    """A reading brought no certainty; `counted` when the operator answered and showed no effect."""
    seconds = READ_AGAIN[min(command.checks + 1, len(READ_AGAIN) - 1)]
    if not counted:
        seconds = min(seconds, NO_ANSWER)
    now = timezone.now()
    facts = {"checks": F("checks") + (1 if counted else 0), "checked_at": now}
    facts["next_try_at"] = now + timedelta(seconds=seconds / settings.SYNC_SPEED)
    _move(command, ("uncertain",), "uncertain", event=False, **facts)


def looked_at(command: Command) -> None:
    """A reading out of turn brought nothing: the next one comes when it would have come."""
    _move(command, ("uncertain",), "uncertain", event=False)


def not_applied(command: Command) -> None:
    _move(command, ("uncertain",), "not_applied", settled_at=timezone.now())


def needs_person(command: Command, *, reason: str) -> None:
    _move(command, ("uncertain",), "needs_person", told={"reason": reason}, reason=reason, checked_at=timezone.now())


def after_all(command: Command, state: str, *, reason: str) -> None:
    """What counted as without effect shows one: `done` when that is proven, `needs_person` when it only seems so."""
    facts = {"reason": reason, "fence": F("fence") + 1, "settled_at": timezone.now() if state == "done" else None}
    _move(command, NOT_DONE, state, told={"reason": reason, "late": True}, **facts)


def settled_by_person(command: Command, *, happened: bool, result: dict) -> bool:
    """A person says what became of it. False: somebody else was faster. Call inside a transaction."""
    known = {**command.result, **result}
    gap = act_of(command).gap(known) if happened else ""
    facts = {"result": known, "gap": gap, "reason": "by_person", "settled_at": timezone.now()}
    state = "done" if happened else "not_applied"
    return _move(command, ("needs_person",), state, told={"gap": gap, **result}, **facts)


def completed_by_person(command: Command, *, result: dict) -> bool:
    """A person knows all that the lost answer held. False: somebody else was faster. Call inside a transaction."""
    rows = Q(state="done") & ~Q(gap="")
    return _move(command, rows, "done", event=False, result={**command.result, **result}, gap="")


def send_again(command: Command) -> None:
    """Readings showed no effect and this kind may be repeated."""
    _move(command, ("uncertain",), "recorded", event="send_again", checks=0, next_try_at=None)


def abandoned(command: Command) -> None:
    """The process that was sending died: whether the write left is not known."""
    uncertain(command, reason="process_died")


def withdraw(command: Command, *, actor) -> None:
    """A person takes back what was not sent yet. Raises NotPossible when it is on its way."""
    require(actor, "withdraw")
    rows = Q(state="recorded") & claims.free()
    facts = {"settled_at": timezone.now(), "fence": F("fence") + 1}
    if not _move(command, rows, "withdrawn", fenced=False, by=actor, **facts):
        raise NotPossible("withdrawn" if command.state == "withdrawn" else "not_withdrawable", command=command)


def _move(command: Command, states_or_rows, state, *, fenced=True, event=True, by=None, told=None, **facts) -> bool:
    """One conditional UPDATE, what follows from it and its event, all or nothing; the row is reread either way.

    `event`: False for none, or the name of a step other than the state.
    """
    rows = states_or_rows if isinstance(states_or_rows, Q) else Q(state__in=states_or_rows)
    if fenced:
        rows &= Q(fence=command.fence)
    with alone():
        moved = Command.objects.filter(rows, pk=command.pk).update(state=state, claimed_until=None, **facts) == 1
        command.refresh_from_db()
        if moved:
            _follow(act_of(command), command)
        if moved and event:
            tell(command, event if isinstance(event, str) else state, actor=by, **(told or {}))
    watch.wake(command.basket)
    return moved


def _follow(act, command: Command) -> None:
    """What the end of a command, or doubt about it, means for the mirror."""
    if command.state in ("done", "uncertain", "not_applied", "refused"):
        act.touch(command)
    if command.state in states.WITHOUT_EFFECT:
        act.failed(command)


def tell(command: Command, step: str, *, actor=None, **data) -> None:
    """One event of the history for a step of a command."""
    about = {"basket": command.basket, "line": command.line, "command": command, "request_id": command.request_id}
    if command.product_id:
        data["product_id"] = command.product_id
    Event.add(f"command_{step}", actor=actor or command.actor, **about, command_kind=command.kind, **data)

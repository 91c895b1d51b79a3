"""The one way out: every write to the operator is a Command row, moved from state to state here and nowhere else.

recorded -> sending -> done | refused | uncertain;  uncertain -> done | refused | not_applied | needs_person | recorded
needs_person -> done | not_applied (a person settles it);  done -> done (a person adds what a lost answer held)
recorded -> withdrawn | expired | refused (our own rule, nothing sent)

Each move is one conditional UPDATE: it names the state and the fence that the mover knew, so of two movers one wins,
on PostgreSQL and SQLite alike. `quotes.services.sender` sends, `quotes.services.reconciler` reads what became of it.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from quotes.errors import Invalid, NotPossible
from quotes.models import Command, Event
from quotes.services.acts import act_of
from quotes.services.permissions import require
from quotes.sync import watch

TRY_AGAIN = (2, 5, 10, 20, 30, 60)  # seconds between tries while nothing could be sent
READ_AGAIN = (2, 5, 15, 30, 60, 120, 300, 600, 900)  # seconds between readings of an uncertain outcome


def once(*, nonce: str, actor, kind: str, params: dict, insert) -> tuple[Command, bool]:
    """Record a command unless this form was submitted before. Returns it, and whether it is new.

    `insert()` makes the row (and the mirror that it will fill) inside a transaction. Raises Invalid when the nonce
    belongs to another request, IntegrityError when a uniqueness other than the nonce's forbids the command.
    """
    found = _repeated(nonce, actor, kind, params)
    if found:
        return found, False
    try:
        with transaction.atomic():
            return insert(), True
    except IntegrityError:
        found = _repeated(nonce, actor, kind, params)
        if found is None:
            raise
        return found, False


def record(**fields) -> Command:
    """Insert the row and its event. Call inside `once`'s insert."""
    command = Command.objects.create(**fields)
    tell(command, "recorded")
    return command


def earlier(nonce: str, actor) -> Command | None:
    """The command that this very form made when it was submitted before."""
    return Command.objects.filter(nonce=nonce, actor=actor).first() if nonce else None


def _repeated(nonce, actor, kind, params) -> Command | None:
    if not nonce:
        raise Invalid({"": ["form_incomplete"]})
    found = Command.objects.filter(nonce=nonce).first()
    if found and (found.actor_id, found.kind, found.params) != (actor.pk, kind, params):
        raise Invalid({"": ["form_used"]})
    return found


def claim(pk) -> Command | None:
    """Take a recorded command for sending: the row, or None when it is somebody else's, not due or too late."""
    now = timezone.now()
    rows = Command.objects.filter(pk=pk, state="recorded")
    if rows.filter(not_after__lt=now).exists():
        _expire(pk)
        return None
    return _take(rows, now)


def claim_reading(pk) -> Command | None:
    """Take an uncertain command for a reading."""
    return _take(Command.objects.filter(pk=pk, state="uncertain"), timezone.now())


def _take(rows, now) -> Command | None:
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    until = now + timedelta(seconds=settings.COVAGE_TOTAL_TIMEOUT + 30)
    if not rows.filter(free).update(claimed_until=until, fence=F("fence") + 1):
        return None
    return rows.select_related("actor", "basket", "line__basket").get()


def begin(command: Command) -> bool:
    """The point of no return, committed before the first byte leaves. False: another write on this object is alive."""
    now = timezone.now()
    late = Q(not_after__lt=now)
    try:
        with transaction.atomic():
            row = Command.objects.filter(pk=command.pk, state="recorded", fence=command.fence).exclude(late)
            if not row.update(state="sending", attempts=F("attempts") + 1, sent_at=now, token=command.token):
                return False
            act_of(command).touch(command)
            tell(command, "sending")
    except IntegrityError:
        put_back(command, seconds=1)
        return False
    command.state, command.attempts, command.sent_at = "sending", command.attempts + 1, now
    return True


def put_back(command: Command, *, seconds: float | None = None, reason: str = "") -> None:
    """Nothing was sent: the command waits for its next try."""
    tries = min(command.checks, len(TRY_AGAIN) - 1)
    wait = TRY_AGAIN[tries] / settings.SYNC_SPEED if seconds is None else seconds
    _move(
        command,
        ("recorded", "sending"),
        state="recorded",
        attempts=command.attempts - (command.state == "sending"),
        checks=F("checks") + 1,
        next_try_at=timezone.now() + timedelta(seconds=wait),
        reason=reason,
    )


def done(command: Command, *, result: dict, gap: str = "") -> None:
    facts = {"result": {**command.result, **result}, "gap": gap, "settled_at": timezone.now()}
    if _move(command, ("sending", "uncertain", "needs_person"), state="done", errors={}, reason="", **facts):
        tell(command, "done", gap=gap, **result)


def refused(command: Command, *, reason: str, errors: dict | None = None, status: int | None = None) -> None:
    """By the operator after sending, or by our own rule before it (attempts is 0 then)."""
    facts = {"errors": errors or {}, "operator_status": status, "reason": reason, "settled_at": timezone.now()}
    if _move(command, ("recorded", "sending", "uncertain"), state="refused", **facts):
        tell(command, "refused", reason=reason, errors=errors or {})
        act_of(command).failed(command)


def uncertain(command: Command, *, reason: str, errors: dict | None = None, status=None, result=None) -> None:
    """It may have happened. From here on the portal only reads."""
    facts = {"errors": errors or {}, "operator_status": status, "reason": reason, "result": result or command.result}
    next_try = timezone.now() + timedelta(seconds=READ_AGAIN[0] / settings.SYNC_SPEED)
    if _move(command, ("sending",), state="uncertain", checks=0, next_try_at=next_try, **facts):
        tell(command, "uncertain", reason=reason)


def read_again(command: Command, *, counted: bool) -> None:
    """A reading brought no certainty; `counted` when the operator answered and showed no effect."""
    step = READ_AGAIN[min(command.checks, len(READ_AGAIN) - 1)]
    now = timezone.now()
    _move(
        command,
        ("uncertain",),
        checks=F("checks") + (1 if counted else 0),
        checked_at=now,
        next_try_at=now + timedelta(seconds=step / settings.SYNC_SPEED),
    )


def not_applied(command: Command) -> None:
    if _move(command, ("uncertain", "needs_person"), state="not_applied", settled_at=timezone.now()):
        tell(command, "not_applied")
        act_of(command).failed(command)


def needs_person(command: Command, *, reason: str) -> None:
    if _move(command, ("uncertain",), state="needs_person", reason=reason, checked_at=timezone.now()):
        tell(command, "needs_person", reason=reason)


def settled_by_person(command: Command, *, happened: bool, result: dict) -> bool:
    """A person says what became of it. False: somebody else was faster. Call inside a transaction."""
    state = "done" if happened else "not_applied"
    facts = {"result": {**command.result, **result}, "reason": "by_person", "settled_at": timezone.now()}
    facts["gap"] = act_of(command).gap(facts["result"]) if happened else ""
    if not _move(command, ("needs_person",), state=state, **facts):
        return False
    tell(command, state, gap=facts["gap"], **result)
    if not happened:
        act_of(command).failed(command)
    return True


def completed_by_person(command: Command, *, result: dict) -> bool:
    """A person knows all that the lost answer held. False: somebody else was faster. Call inside a transaction."""
    rows = Command.objects.filter(pk=command.pk, state="done").exclude(gap="")
    moved = rows.update(result={**command.result, **result}, gap="") == 1
    command.refresh_from_db()
    return moved


def send_again(command: Command) -> None:
    """Readings showed no effect and this kind may be repeated."""
    if _move(command, ("uncertain",), state="recorded", checks=0, next_try_at=timezone.now()):
        tell(command, "send_again")


def abandoned(command: Command) -> None:
    """The process that was sending died: whether the write left is not known."""
    command.fence = Command.objects.values_list("fence", flat=True).get(pk=command.pk)
    uncertain(command, reason="process_died")


def withdraw(command: Command, *, actor) -> None:
    """A person takes back what was not sent yet. Raises NotPossible when it is on its way."""
    require(actor, "withdraw")
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    row = Command.objects.filter(free, pk=command.pk, state="recorded")
    if not row.update(state="withdrawn", settled_at=now, fence=F("fence") + 1):
        command.refresh_from_db()
        raise NotPossible("withdrawn" if command.state == "withdrawn" else "not_withdrawable", command=command)
    command.refresh_from_db()
    tell(command, "withdrawn", actor=actor)
    act_of(command).failed(command)


def _expire(pk) -> None:
    row = Command.objects.filter(pk=pk, state="recorded", not_after__lt=timezone.now())
    if row.update(state="expired", settled_at=timezone.now(), fence=F("fence") + 1):
        command = Command.objects.get(pk=pk)
        tell(command, "expired")
        act_of(command).failed(command)


def _move(command: Command, states, **facts) -> bool:
    """One conditional UPDATE by the holder of the fence; the row is reread either way."""
    rows = Command.objects.filter(pk=command.pk, state__in=states, fence=command.fence)
    with transaction.atomic():
        moved = rows.update(claimed_until=None, **facts) == 1
        if moved and facts.get("state") in ("done", "uncertain", "not_applied", "refused"):
            act_of(command).touch(command)
    command.refresh_from_db()
    watch.wake(command.basket)
    return moved


def tell(command: Command, step: str, *, actor=None, **data) -> None:
    """One event of the history for a step of a command."""
    about = {"basket": command.basket, "line": command.line, "command": command, "request_id": command.request_id}
    if command.product_id:
        data["product_id"] = command.product_id
    Event.add(f"command_{step}", actor=actor or command.actor, **about, command_kind=command.kind, **data)

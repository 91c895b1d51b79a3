"""What became of an uncertain command: read until it is known, never repeat what must not be repeated."""

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from quotes.covage import CovageError
from quotes.models import Command
from quotes.models.commands import Kind
from quotes.services import journal, sender
from quotes.services.acts import Act, Verdict, act_of
from quotes.sync.asked import Asked
from quotes.sync.connection import connect

BATCH = 20
SENT_AT_MOST = 3  # for kinds that may be repeated after a reading showed no effect


def reconcile(pk, *, within: float | None = None, urgent: bool = False) -> Command:
    """Make one reading for an uncertain command and draw the conclusion."""
    command = journal.claim_reading(pk)
    if command is None:
        return Command.objects.get(pk=pk)
    act, asked = act_of(command), Asked.now()
    client = connect(within=within, urgent=urgent, request_id=command.id.hex)
    try:
        proof = act.proof(client, command)
    except CovageError:
        journal.read_again(command, counted=False)
        return command
    if proof.happened:
        sender.prove(act, command, proof, asked)
    elif proof.verdict is Verdict.CONTRADICTION:
        journal.needs_person(command, reason="contradiction")
    elif _is_quiet(act, command):
        _no_effect(act, command, proof)
    else:
        journal.read_again(command, counted=True)
    return command


def _is_quiet(act: Act, command: Command) -> bool:
    """Enough readings, over long enough a time, showed nothing (this one counts)."""
    age = (timezone.now() - command.sent_at).total_seconds()
    return command.checks + 1 >= act.readings and age >= settings.SYNC[act.quiet]


def _no_effect(act: Act, command: Command, proof) -> None:
    if command.errors or command.reason == "refused":
        journal.refused(command, reason="refused", errors=command.errors, status=command.operator_status)
    elif not act.sent_once and command.attempts < SENT_AT_MOST:
        journal.send_again(command)
    elif proof.verdict is Verdict.UNDECIDABLE and act.sent_once:
        journal.needs_person(command, reason="undecidable")
    else:
        journal.not_applied(command)


def sweep() -> int:
    """Everything of the journal that is due: what a worker does every few seconds. Returns how many rows it moved."""
    moved = 0
    for command in _abandoned():
        journal.abandoned(command)
        moved += 1
    for pk in _due("recorded"):
        sender.run(pk)
        moved += 1
    for pk in _due("uncertain"):
        reconcile(pk)
        moved += 1
    return moved + _happened_late()


def _abandoned():
    return list(Command.objects.filter(state="sending", claimed_until__lt=timezone.now())[:BATCH])


def _due(state):
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = Q(next_try_at=None) | Q(next_try_at__lte=now) | Q(not_after__lt=now)
    rows = Command.objects.filter(free, due, state=state).order_by("recorded_at")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _happened_late() -> int:
    """A create that counted as not applied, whose object appeared after all: say so."""
    creates = Q(kind=Kind.CREATE_BASKET, basket__remote_id__isnull=False) | Q(
        kind=Kind.ADD_LINE, line__remote_id__isnull=False
    )
    late = Command.objects.filter(creates, state="not_applied", attempts__gt=0)
    for command in late:
        Command.objects.filter(pk=command.pk, state="not_applied").update(
            state="done", reason="late", fence=F("fence") + 1
        )
        journal.tell(command, "done", late=True)
    return len(late)

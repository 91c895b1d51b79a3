"""What a kind of command must answer, in one place: how to send it, how to see that it happened, what to store.

Each noun's module (baskets, lines, traces, decisions, exports) registers its acts here; the journal, the sender and
the reconciler know no kind by name.
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import Q

from quotes.covage import CovageClient
from quotes.models import Command
from quotes.models.commands import SENT_ONCE
from quotes.sync import store
from quotes.sync.asked import Asked


class Verdict(Enum):
    HAPPENED = "happened"
    NOT_YET = "not_yet"  # the operator shows the state from before
    CONTRADICTION = "contradiction"  # neither before nor after: somebody else acted
    MAYBE = "maybe"  # something new there may be it under another name
    UNDECIDABLE = "undecidable"  # the documented answers cannot show it
    UNREADABLE = "unreadable"  # this answer tells nothing: the next one may


@dataclass(frozen=True)
class Proof:
    verdict: Verdict
    answer: object = None  # what the reading brought, for `proven` to store

    @property
    def happened(self) -> bool:
        return self.verdict is Verdict.HAPPENED


class Act:
    kind: str
    permission: str
    quiet = "quiet"  # key of settings.SYNC: how long readings must agree before "it did not happen"
    readings = 2  # … and how many of them, at least
    may_double = False  # sending it again without knowing costs nothing
    late: Q | None = None  # how the mirror looks when a command that counted as without effect had one after all
    late_state = "done"  # … and what that makes of it

    @property
    def sent_once(self) -> bool:
        return self.kind in SENT_ONCE

    def check(self, command: Command) -> None:
        """Our own rule, asked again when the command is sent. Raises NotPossible."""

    def prepare(self, client: CovageClient, command: Command) -> None:
        """Fresh readings before sending. Raises WorldMoved, NotPossible or CovageError; nothing was sent then."""

    def send(self, client: CovageClient, command: Command):
        """The one write. Returns the client's payload; raises CovageError."""
        raise NotImplementedError

    def proof(self, client: CovageClient, command: Command) -> Proof:
        """Read at the operator whether it happened. Raises CovageError when reading failed."""
        return Proof(Verdict.UNDECIDABLE)

    def maybe(self, client: CovageClient, command: Command) -> bool:
        """Whether it may have happened all the same, unseen by `proof`: asked once, before it is said that it did not.

        Raises CovageError when reading failed.
        """
        return False

    def result(self, answer) -> dict:
        """The ids worth keeping for ever with the command."""
        return {}

    def learnt(self, proof: Proof) -> dict:
        """… that a reading brings."""
        return {}

    def partial(self, answer) -> dict:
        """… of an answer that cannot be understood as a whole: an object of JSON, text, or None."""
        return {}

    def answered(self, command: Command, answer, asked: Asked) -> None:
        """Store the write's own answer."""

    def proven(self, command: Command, proof: Proof, asked: Asked) -> None:
        """Store what a proof brought; by default it has the shape of the write's own answer."""
        self.answered(command, proof.answer, asked)

    def gap(self, result: dict) -> str:
        """What is lost although it happened; "" when nothing."""
        return ""

    def failed(self, command: Command) -> None:
        """It ended without an effect."""

    def afterwards(self, client: CovageClient, command: Command) -> None:
        """Readings that complete the picture after a success; a failure here changes nothing. Raises CovageError."""

    def target(self, command: Command):
        """The mirror that the write changes."""
        return command.line or command.basket

    def touch(self, command: Command) -> None:
        if self.target(command):
            store.touch(self.target(command))


ACTS: dict[str, Act] = {}


def act(cls: type[Act]) -> type[Act]:
    """Class decorator: make one instance known under its kind."""
    ACTS[cls.kind] = cls()
    return cls


def act_of(command: Command) -> Act:
    return ACTS[command.kind]

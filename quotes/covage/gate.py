"""The door every call passes: breaker, call budget and Retry-After live behind it, outside this package."""

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["token", "read", "write", "file"]


@dataclass(frozen=True)
class Call:
    """One HTTP request about to be made. `urgent` means that a person is waiting for it."""

    method: str
    path: str
    kind: Kind
    urgent: bool = False


class Gate(Protocol):
    """`enter` is answered by exactly one `leave`, unless it raised."""

    def enter(self, call: Call) -> None:
        """Let the call pass, perhaps after a wait. Raises CovageUnavailable when calls are held back."""

    def leave(self, call: Call, *, ok: bool, status: int | None, retry_after: float | None) -> None:
        """Learn how it went. `ok`: a whole answer came with a status below 500."""


class OpenGate:
    """Lets everything pass."""

    def enter(self, call: Call) -> None:
        pass

    def leave(self, call: Call, *, ok: bool, status: int | None, retry_after: float | None) -> None:
        pass

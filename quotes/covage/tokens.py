"""The access token and where it is kept, so that many processes share one and renew it once."""

import threading
import time
from dataclasses import dataclass, field, replace
from typing import Protocol


@dataclass(frozen=True)
class Token:
    """Times are epoch seconds of our clock; 0 means unknown.

    `renew_at` lies at about 80 % of the life, so that a renewal that fails still leaves a usable token.
    """

    access: str = field(repr=False)
    expires_at: float
    refresh: str = field(default="", repr=False)
    refresh_expires_at: float = 0
    version: int = 0
    renew_at: float = 0


class TokenStore(Protocol):
    def load(self) -> Token | None:
        """The newest token, expired or not; None when there never was one."""

    def save(self, token: Token) -> Token:
        """Keep it and return it with its new version, which ends the claim on the old one."""

    def claim(self, version: int, seconds: float) -> bool:
        """True for one caller only: it may renew the token of this version (0: there is none) for so long."""

    def refused(self, seconds: float) -> None:
        """The renewal failed, and the claim on it ends. No password grant for so long (lock-out); 0: at once."""

    def blocked(self) -> float:
        """Seconds until the next password grant is allowed; 0 means now."""


class MemoryTokens:
    """A TokenStore for one process: tests and scripts."""

    def __init__(self):
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._claimed_until = 0.0
        self._blocked_until = 0.0

    def load(self) -> Token | None:
        return self._token

    def save(self, token: Token) -> Token:
        with self._lock:
            self._token = replace(token, version=self._version() + 1)
            self._claimed_until = self._blocked_until = 0.0
            return self._token

    def claim(self, version: int, seconds: float) -> bool:
        with self._lock:
            if version != self._version() or time.monotonic() < self._claimed_until:
                return False
            self._claimed_until = time.monotonic() + seconds
            return True

    def refused(self, seconds: float) -> None:
        self._claimed_until = 0.0
        self._blocked_until = time.monotonic() + seconds

    def blocked(self) -> float:
        return max(0.0, self._blocked_until - time.monotonic())

    def _version(self) -> int:
        return self._token.version if self._token else 0

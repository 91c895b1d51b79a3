"""The service account's token: OAuth2 password grant at Keycloak, refreshed, one renewal at a time."""

import contextlib
import random
import re
import time
import uuid
from decimal import Decimal

from quotes.covage.config import Config
from quotes.covage.deadline import Deadline
from quotes.covage.errors import CovageAuthFailed, CovageError, CovageUnavailable
from quotes.covage.gate import Call
from quotes.covage.outcomes import retry_after
from quotes.covage.payloads import Unreadable
from quotes.covage.reading import read_json
from quotes.covage.tokens import Token, TokenStore
from quotes.covage.transport import Answer, Failure, NotSent, Request
from quotes.covage.values import as_text

GRANT_SECONDS = 10  # for the whole of a renewal
EARLY_SECONDS = 5  # the same, while the old token still serves
WAIT_SECONDS = 5  # for a renewal that somebody else makes
BLOCK_SECONDS = 900  # after a refused password: the account must not be locked out
USUAL_LIFE = 60


class Authority:
    """Gives a token that should be good; renews it at 80 % of its life, or when the operator refused it."""

    def __init__(self, config: Config, store: TokenStore, exchange, *, urgent: bool):
        """`exchange(call, request, deadline)` makes one gated HTTP exchange, or raises Failure or CovageUnavailable."""
        self._config, self._store, self._exchange = config, store, exchange
        self._call = Call("POST", "token", "token", urgent)

    def token(self, deadline: Deadline) -> Token:
        """Raises CovageAuthFailed or CovageUnavailable."""
        token = self._store.load()
        if token and time.time() < (token.renew_at or token.expires_at):
            return token
        return self._renewed(token, deadline)

    def after_refusal(self, token: Token, deadline: Deadline) -> Token:
        """A token to use instead of one that was answered with 401; another process may have renewed it already."""
        newest = self._store.load()
        if newest and newest.version != token.version:
            return newest
        return self._renewed(newest, deadline, is_refused=True)

    def _renewed(self, token: Token | None, deadline: Deadline, *, is_refused: bool = False) -> Token:
        if token and not is_refused and time.time() < token.expires_at:
            return self._renewed_early(token, deadline)
        self._stop_while_blocked()
        if not self._store.claim(_version(token), GRANT_SECONDS + 1):
            return self._renewed_elsewhere(token, deadline)
        try:
            return self._store.save(self._granted(token, deadline.within(GRANT_SECONDS)))
        except CovageUnavailable:
            if not self._store.blocked():
                self._store.refused(0)  # gives the claim back
            raise

    def _renewed_early(self, token: Token, deadline: Deadline) -> Token:
        """The old one still serves, so a failure costs nothing; the claim stays, or every call would try again."""
        if self._store.blocked() or not self._store.claim(token.version, GRANT_SECONDS + 1):
            return token
        try:
            return self._store.save(self._granted(token, deadline.within(EARLY_SECONDS)))
        except (CovageUnavailable, CovageAuthFailed):
            return token

    def _renewed_elsewhere(self, token: Token | None, deadline: Deadline) -> Token:
        patience = deadline.within(WAIT_SECONDS)
        while patience.left:
            self._stop_while_blocked()
            time.sleep(min(0.1, patience.left))
            newest = self._store.load()
            if newest and newest.version != _version(token):
                return newest
        raise CovageUnavailable("the token is being renewed elsewhere")

    def _granted(self, token: Token | None, deadline: Deadline) -> Token:
        if token and token.refresh and not 0 < token.refresh_expires_at <= time.time():
            with contextlib.suppress(_Refused):
                return self._grant(deadline, grant_type="refresh_token", refresh_token=token.refresh)
        return self._by_password(deadline)

    def _by_password(self, deadline: Deadline) -> Token:
        self._stop_while_blocked()
        try:
            return self._grant(
                deadline, grant_type="password", username=self._config.username, password=self._config.password
            )
        except _Refused as refused:
            if refused.is_lost:
                raise CovageUnavailable("token: no answer") from refused
            self._store.refused(BLOCK_SECONDS)
            wait = self._store.blocked()
            raise CovageAuthFailed(f"token: {refused}", status=refused.status, retry_after=wait) from refused

    def _stop_while_blocked(self) -> None:
        if seconds := self._store.blocked():
            raise CovageAuthFailed("token: the password was refused lately", retry_after=seconds)

    def _grant(self, deadline: Deadline, **fields: str) -> Token:
        """Raises _Refused, or CovageUnavailable when the endpoint cannot say anything."""
        asked_at = time.time()
        request = Request(
            "POST",
            self._config.token_url,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": self._config.user_agent,
                "X-Request-ID": str(uuid.uuid4()),
            },
            form={"client_id": self._config.client_id, **fields},
        )
        try:
            answer = self._exchange(self._call, request, deadline)
        except NotSent as failure:
            raise CovageUnavailable(f"token: {failure}") from failure
        except Failure as failure:
            raise _Refused(str(failure), is_lost=True) from failure
        return _read(answer, asked_at)


class _Refused(CovageError):
    """The grant was refused, or its answer was lost (the refresh token may be burnt then)."""

    def __init__(self, message: str, *, is_lost: bool = False, status: int | None = None):
        super().__init__(message, status=status)
        self.is_lost = is_lost


def _version(token: Token | None) -> int:
    return token.version if token else 0


def _read(answer: Answer, asked_at: float) -> Token:
    if answer.status in (400, 401, 403):
        raise _Refused(_reason(answer), status=answer.status)
    if not answer.is_success:
        raise CovageUnavailable(f"token: {answer.status}", status=answer.status, retry_after=retry_after(answer))
    try:
        return _token(read_json(answer.body), asked_at)
    except Unreadable as error:
        raise CovageUnavailable("token: unreadable answer", status=answer.status) from error


def _token(fields: object, asked_at: float) -> Token:
    if not isinstance(fields, dict) or not isinstance(fields.get("access_token"), str) or not fields["access_token"]:
        raise Unreadable("no access token")
    life = _seconds(fields.get("expires_in")) or USUAL_LIFE
    refresh_life = _seconds(fields.get("refresh_expires_in"))  # 0: it does not expire
    return Token(
        access=fields["access_token"],
        expires_at=asked_at + life,
        refresh=as_text(fields.get("refresh_token")),
        refresh_expires_at=asked_at + refresh_life if refresh_life else 0,
        renew_at=asked_at + life * random.uniform(0.72, 0.88),  # noqa: S311  spreads renewals, guards nothing
    )


def _seconds(value: object) -> float:
    text = as_text(value)
    return float(Decimal(text)) if re.fullmatch(r"\d{1,9}(\.\d+)?", text, re.ASCII) else 0


def _reason(answer: Answer) -> str:
    """The OAuth error code and nothing else: the body might repeat what we sent."""
    found = re.search(rb'"error"\s*:\s*"([a-z_]{1,40})"', answer.body)
    return f"{answer.status} {found[1].decode() if found else ''}".strip()

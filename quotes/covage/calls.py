"""Reads and writes as the rest of the package knows them: token, gate, deadline, retries, and the error tree.

A read may be repeated inside its deadline; a write goes out once, on a connection of its own.
"""

import json
import logging
import random
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace

from quotes.covage import outcomes
from quotes.covage.auth import Authority
from quotes.covage.config import Config
from quotes.covage.deadline import Deadline
from quotes.covage.errors import BODY_KEPT, CovageBadPayload, CovageError, CovageUnavailable, CovageUnclear
from quotes.covage.gate import Call, Gate
from quotes.covage.payloads import Unreadable
from quotes.covage.reading import is_html, read_json
from quotes.covage.tokens import Token, TokenStore
from quotes.covage.transport import FILE_CAP, JSON_CAP, Answer, Failure, Request, Transport

RETRY_PAUSES = (0.1, 0.3)  # seconds, before the second and the third attempt of a read
NO_CHANCE = 16  # bytes of a token that cannot stand in an answer by chance

Query = tuple[tuple[str, str], ...]

log = logging.getLogger(__name__)


class Reply:
    """A successful answer of the operator that still has to be understood."""

    def __init__(self, answer: Answer, what: str, *, is_write: bool, request_id: str):
        self._answer, self._what, self._is_write, self.request_id = answer, what, is_write, request_id

    @property
    def body(self) -> bytes:
        return self._answer.body

    @property
    def content_type(self) -> str:
        return self._answer.headers.get("content-type", "")

    @property
    def is_unread(self) -> bool:
        return bool(self._answer.unread)

    @property
    def is_empty(self) -> bool:
        return not self.body.strip()

    @property
    def is_html(self) -> bool:
        return is_html(self.body)

    def json(self) -> object:
        """Raises Unreadable."""
        if self._answer.unread:
            raise Unreadable(self._answer.unread)
        return read_json(self.body)

    def unreadable(self, why: object, partial: dict | None = None) -> CovageError:
        """The error of a success that cannot be understood: for a write it may well have happened."""
        text = self.body[:BODY_KEPT].decode("utf-8", "replace")
        context = {"status": self._answer.status, "body": text, "request_id": self.request_id}
        if self._is_write:
            return CovageUnclear(f"{self._what}: {why}", partial=partial or text or None, **context)
        return CovageBadPayload(f"{self._what}: {why}", **context)


class Calls:
    """All calls of one client: they share the patience of a person and the beginning of their request ids."""

    def __init__(
        self,
        config: Config,
        tokens: TokenStore,
        gate: Gate,
        *,
        within: float | None,
        urgent: bool,
        request_id: str | None,
    ):
        self._config, self._gate, self._urgent = config, gate, urgent
        self._transport = Transport(config)
        self._authority = Authority(config, tokens, self._through_gate, urgent=urgent)
        self._limit = float("inf") if within is None else time.monotonic() + within
        self._request_id = re.sub(r"[^\w.-]", "", request_id or "", flags=re.ASCII)[:64]
        self._count = 0
        self.last_request_id = ""

    def read(self, path: str, params: Query = (), *, is_file: bool = False) -> Reply:
        """GET. Raises CovageUnavailable, CovageRefused, CovageAuthFailed or CovageBadPayload."""
        call = Call("GET", path, "file" if is_file else "read", self._urgent)
        request = self._request(call, params=params, cap=FILE_CAP if is_file else JSON_CAP)
        deadline = self._deadline()
        token = self._authority.token(deadline)
        answer = self._steadily(call, request, token, deadline)
        if answer.status == 401:
            token = self._authority.after_refusal(token, deadline)
            answer = self._steadily(call, request, token, deadline)
        return self._reply(call, answer, outcomes.of_read)

    def write(self, method: str, path: str, fields: Mapping | None = None, files: Mapping | None = None) -> Reply:
        """Raises CovageUnavailable (nothing was sent), CovageUnclear, CovageRefused or CovageAuthFailed."""
        call = Call(method, path, "write", self._urgent)
        request = self._request(call, files=files)
        if fields is not None:
            body = json.dumps(fields).encode()
            request = replace(request, body=body, headers={**request.headers, "Content-Type": "application/json"})
        deadline = self._deadline()
        token = self._authority.token(deadline)
        answer = self._once(call, request, token, deadline)
        if answer.status == 401:
            self._renew_for_the_next(token, deadline)
        return self._reply(call, answer, outcomes.of_write)

    def close(self) -> None:
        self._transport.close()

    def _deadline(self) -> Deadline:
        return Deadline(self._config.total_timeout, self._limit)

    def _request(self, call: Call, **parts) -> Request:
        self._count += 1
        self.last_request_id = f"{self._request_id}-{self._count}" if self._request_id else str(uuid.uuid4())
        headers = {
            "Accept": "*/*" if call.kind == "file" else "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": self._config.user_agent,
            "X-Request-ID": self.last_request_id,
        }
        return Request(call.method, self._config.api_url.rstrip("/") + call.path, headers=headers, **parts)

    def _steadily(self, call: Call, request: Request, token: Token, deadline: Deadline) -> Answer:
        """A read, repeated when the connection broke or a gateway had no answer; not when it took too long."""
        for pause in RETRY_PAUSES:
            try:
                answer = self._once(call, request, token, deadline)
                if not _may_pass(answer):
                    return answer
            except CovageUnavailable as error:
                failure = error.__cause__
                if not isinstance(failure, Failure) or failure.timed_out:
                    raise
            time.sleep(min(pause * random.uniform(0.5, 1.5), deadline.left))  # noqa: S311  jitter
        return self._once(call, request, token, deadline)

    def _once(self, call: Call, request: Request, token: Token, deadline: Deadline) -> Answer:
        headers = {**request.headers, "Authorization": f"Bearer {token.access}"}
        try:
            answer = self._through_gate(call, replace(request, headers=headers), deadline)
        except Failure as failure:
            error = outcomes.of_failure(failure, _what(call), call.kind == "write", request_id=self.last_request_id)
            raise error from failure
        return answer if call.kind == "file" else _without(token, answer)

    def _through_gate(self, call: Call, request: Request, deadline: Deadline) -> Answer:
        started = time.monotonic()
        self._gate.enter(call)
        entered = time.monotonic()
        deadline.forgive(entered - started)
        answer = None
        try:
            answer = self._transport.exchange(request, deadline, fresh=call.kind in ("write", "token"))
            return answer
        finally:
            self._leave(call, request, answer, time.monotonic() - entered)

    def _leave(self, call: Call, request: Request, answer: Answer | None, seconds: float) -> None:
        status = answer.status if answer else None
        request_id = request.headers["X-Request-ID"]
        log.info("%s: %s in %d ms (%s)", _what(call), status or "no answer", seconds * 1000, request_id)
        try:
            self._gate.leave(
                call,
                ok=answer is not None and answer.status < 500,
                status=status,
                retry_after=outcomes.retry_after(answer) if answer else None,
            )
        except Exception:  # whatever ails the gate, an answer that came must reach the caller
            log.exception("the gate could not be told of %s", request_id)

    def _renew_for_the_next(self, token: Token, deadline: Deadline) -> None:
        """A write is not repeated after a 401, whoever repeats it later should find a good token."""
        try:
            self._authority.after_refusal(token, deadline)
        except CovageError as error:
            log.warning("the token could not be renewed: %s", error)

    def _reply(self, call: Call, answer: Answer, outcome) -> Reply:
        error = outcome(answer, _what(call), request_id=self.last_request_id)
        if error:
            raise error
        return Reply(answer, _what(call), is_write=call.kind == "write", request_id=self.last_request_id)


def _without(token: Token, answer: Answer) -> Answer:
    """A debug page may repeat our headers, and bodies are kept.

    A short token also stands inside honest names and ids, by chance: of those only the whole header is taken out.
    """
    secret = (token.access if len(token.access) >= NO_CHANCE else f"Bearer {token.access}").encode()
    return replace(answer, body=answer.body.replace(secret, b"...")) if secret in answer.body else answer


def _may_pass(answer: Answer) -> bool:
    return answer.status in (502, 503, 504) and "retry-after" not in answer.headers


def _what(call: Call) -> str:
    return f"{call.method} {call.path}"

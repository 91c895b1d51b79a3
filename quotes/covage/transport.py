"""One HTTP exchange with the operator. The only module that knows `requests`.

Redirects are not followed, nothing is repeated, the environment (proxies, .netrc) is ignored, bodies are read up to a
cap, and the whole exchange ends at its deadline.
"""

import zlib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, ReadTimeoutError

from quotes.covage.config import Config
from quotes.covage.deadline import Deadline, Watchdog
from quotes.covage.errors import BODY_KEPT

JSON_CAP = 5 * 1024 * 1024
FILE_CAP = 25 * 1024 * 1024

_watchdog: ContextVar[Watchdog] = ContextVar("watchdog")


class Failure(Exception):
    """No whole answer came. `timed_out`: because it took too long."""

    def __init__(self, reason: str, *, timed_out: bool = False):
        super().__init__(reason)
        self.timed_out = timed_out


class NotSent(Failure):
    """Not one byte of the request was handed to the network."""


class Lost(Failure):
    """The request, or a part of it, went out. `status` and `partial` are what was read, if anything."""

    def __init__(self, reason: str, *, timed_out: bool = False, status: int | None = None, partial: bytes = b""):
        super().__init__(reason, timed_out=timed_out)
        self.status, self.partial = status, partial


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    params: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    files: Mapping | None = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    cap: int = JSON_CAP


@dataclass(frozen=True)
class Answer:
    """A whole answer, header names in lower case. `unread` says why the body was left out, if it was."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    unread: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Transport:
    """Reads share connections; each write gets its own, so that it cannot meet one that is about to close."""

    def __init__(self, config: Config):
        self._config = config
        self._shared = _Adapter()

    def exchange(self, request: Request, deadline: Deadline, *, fresh: bool) -> Answer:
        """Raises NotSent or Lost."""
        if deadline.left <= 0:
            raise NotSent("no time left", timed_out=True)
        adapter = _Adapter() if fresh else self._shared
        try:
            with Watchdog(deadline) as watchdog:
                return self._watched(adapter, request, deadline, watchdog)
        finally:
            if fresh:
                adapter.close()

    def close(self) -> None:
        self._shared.close()

    def _watched(self, adapter: HTTPAdapter, request: Request, deadline: Deadline, watchdog: Watchdog) -> Answer:
        token = _watchdog.set(watchdog)
        reader = _Reader(request.cap)
        try:
            answer = reader.read(adapter.send(_prepared(request), stream=True, timeout=self._timeout(deadline)))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _failure(error, watchdog, reader) from error
        finally:
            _watchdog.reset(token)
        if watchdog.has_bitten:  # a cut body without a length looks whole
            raise Lost("deadline", timed_out=True, status=reader.status, partial=reader.body)
        return answer

    def _timeout(self, deadline: Deadline) -> tuple[float, float]:
        left = max(deadline.left, 0.001)
        return min(self._config.connect_timeout, left), min(self._config.read_timeout, left)


def _prepared(request: Request) -> requests.PreparedRequest:
    """Built without a session: no cookies, no .netrc, no proxies, and nothing that looks at a redirect."""
    return requests.Request(
        request.method,
        request.url,
        params=request.params or None,
        headers=dict(request.headers),
        data=request.body if request.form is None else dict(request.form),
        files=request.files,
    ).prepare()


class _Reader:
    """Collects a body up to the cap, so that what came before a failure is not lost."""

    def __init__(self, cap: int):
        self._cap = cap
        self._pieces: list[bytes] = []
        self.status: int | None = None

    @property
    def body(self) -> bytes:
        return b"".join(self._pieces)

    def read(self, response: requests.Response) -> Answer:
        self.status = response.status_code
        is_success = 200 <= self.status < 300
        cap = self._cap if is_success else BODY_KEPT
        size = 0
        with response:
            for piece in response.raw.stream(64 * 1024, decode_content=False):
                self._pieces.append(piece)
                size += len(piece)
                if size > cap:
                    break
        return self._answer({name.lower(): value for name, value in response.headers.items()}, cap, is_success)

    def _answer(self, headers: dict[str, str], cap: int, is_success: bool) -> Answer:
        try:
            body = _unpacked(self.body, headers.get("content-encoding", ""), cap + 1)
        except zlib.error as error:
            return Answer(self.status, headers, unread=str(error))
        is_left_out = is_success and len(body) > cap
        return Answer(self.status, headers, b"" if is_left_out else body[:cap], "too big" if is_left_out else "")


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """We ask for no compression; who compresses all the same is read, up to the cap."""
    if encoding.lower() in ("", "identity"):
        return body
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        raise zlib.error("unknown encoding")
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, most)


def _failure(error: Exception, watchdog: Watchdog, reader: _Reader) -> Failure:
    timed_out = watchdog.has_bitten or isinstance(error, requests.Timeout | ReadTimeoutError | ConnectTimeoutError)
    reason = "deadline" if watchdog.has_bitten else type(error).__name__
    if not watchdog.has_sent:
        return NotSent(reason, timed_out=timed_out)
    return Lost(reason, timed_out=timed_out, status=reader.status, partial=reader.body)


class _Watched:
    """A connection that shows its socket to the watchdog before the first byte goes out."""

    def send(self, data):
        if self.sock is None:
            self.connect()
        _watchdog.get().hold(self.sock)
        super().send(data)


class _Plain(_Watched, HTTPConnection):
    pass


class _Secure(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Adapter(HTTPAdapter):
    """`requests` over watched connections; it repeats nothing by itself."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

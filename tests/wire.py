"""An HTTP server on a real socket that answers by script, misbehaves on request, and remembers every request.

    with Wire() as wire:
        wire.on("GET", "/api/v1/quote/q1/", Reply(json={"id": "q1"}))

Several replies to one address are given in turn, the last one for ever. A function gets the request and gives a reply.
"""

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import parse_headers
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

TOKEN_PATH = "/auth/realms/covage/protocol/openid-connect/token"


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> object:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Reply:
    """A well-behaved answer, and the ways in which it can go wrong."""

    status: int = 200
    json: object = None
    body: bytes | str = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # a Content-Length that lies
    no_length: bool = False  # ends with the connection
    cut: int | None = None  # only so many bytes of the body, then the end of the connection
    reset: bool = False  # a reset instead of the end
    drip: float = 0  # seconds between two bytes of the body
    drip_headers: float = 0  # the same for the head
    hang: bool = False  # nothing, until the server stops
    raw: bytes | None = None  # instead of everything

    @property
    def payload(self) -> bytes:
        if self.json is not None:
            return json.dumps(self.json).encode()
        return self.body.encode() if isinstance(self.body, str) else self.body

    @property
    def head(self) -> bytes:
        headers = {"Content-Type": "application/json"} if self.json is not None else {}
        if not self.no_length:
            headers["Content-Length"] = str(len(self.payload) if self.length is None else self.length)
        lines = [f"HTTP/1.1 {self.status} Scripted", *(f"{k}: {v}" for k, v in {**headers, **self.headers}.items())]
        return "\r\n".join([*lines, "", ""]).encode()


CLOSE = Reply(raw=b"")
RESET = Reply(raw=b"", reset=True)
HANG = Reply(hang=True)
Scripted = Reply | Callable[[Seen], Reply]


class Wire:
    def __init__(self, tls: ssl.SSLContext | None = None):
        self._tls = tls
        self.seen: list[Seen] = []
        self.token_requests: list[Seen] = []
        self._scripts: dict[tuple[str, str], list[Scripted]] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.token_url = self.url + TOKEN_PATH
        self.grants = 0
        self.on("POST", TOKEN_PATH, self.grant)

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self.stop_listening()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.close()

    def stop_listening(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def on(self, method: str, path: str, *replies: Scripted) -> None:
        self._scripts[method, path] = list(replies)

    def grant(self, _seen: Seen) -> Reply:
        self.grants += 1
        return Reply(json={
            "access_token": f"access-{self.grants}", "expires_in": 300, "token_type": "Bearer",
            "refresh_token": f"refresh-{self.grants}", "refresh_expires_in": 1800,
        })  # fmt: skip

    @property
    def last(self) -> Seen:
        return self.seen[-1]

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.append(connection)
            number = len(self._connections)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        if self._tls:
            try:
                connection = self._tls.wrap_socket(connection, server_side=True)
            except OSError:
                return
        reader = connection.makefile("rb")
        with contextlib.suppress(OSError, ValueError):
            while seen := _read(reader, number):
                if not self._answer(connection, seen):
                    break
        with contextlib.suppress(OSError):
            reader.close()
            connection.close()

    def _answer(self, connection: socket.socket, seen: Seen) -> bool:
        """False when the connection ends here."""
        reply = self._scripted(seen)
        if reply.hang:
            self._stopped.wait()
            return False
        if reply.raw is None:
            self._send(connection, reply.head, reply.drip_headers)
            self._send(connection, reply.payload[: reply.cut], reply.drip)
        else:
            connection.sendall(reply.raw)
        if reply.reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return (
            reply.raw is None and reply.cut is None and reply.length is None and not reply.no_length and not reply.reset
        )

    def _send(self, connection: socket.socket, data: bytes, pause: float) -> None:
        if not pause:
            connection.sendall(data)
            return
        for byte in data:
            if self._stopped.wait(pause):
                return
            connection.sendall(bytes([byte]))

    def _scripted(self, seen: Seen) -> Reply:
        with self._lock:
            (self.token_requests if seen.path == TOKEN_PATH else self.seen).append(seen)
            replies = self._scripts.get((seen.method, seen.path))
            if not replies:
                return Reply(404, json={"detail": "Not found."})
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
            return reply(seen) if callable(reply) else reply


def _read(reader, number: int) -> Seen | None:
    line = reader.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    head = BytesIO()
    while (header := reader.readline()) not in (b"\r\n", b""):
        head.write(header)
    head.write(b"\r\n")
    head.seek(0)
    headers = {name.lower(): value for name, value in parse_headers(head).items()}
    body = reader.read(int(headers.get("content-length", 0)))
    return Seen(line[0], line[1], headers, body, number)

"""The operator over real HTTP, in a thread of the test process."""

import json
import re
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.operator import faults
from tests.operator.shapes import PARIS, Shapes
from tests.operator.world import Refused, World

TOKEN = "/auth/realms/covage/protocol/openid-connect/token"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CSV = b"reference,end_customer_name\nQO_1,=1+1\n"


class Operator:
    """`with Operator() as operator:`; `operator.world` is its memory, `operator.requests` every call it got."""

    def __init__(self, shapes: Shapes | None = None):
        self.shapes = shapes or Shapes()
        self.world = World(self.shapes)
        self.faults: list[faults.Fault] = []
        self.requests: list[dict] = []
        self.grants = 0
        self.token_life = 3600
        self.revoked = False
        self.exports_ready_after = 1
        self.late: list = []  # what a gateway gave up on and the operator still does

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"operator": self}))
        self.server.daemon_threads = True
        self.server.stopping = threading.Event()
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *exc):
        self.stop()

    def stop(self):
        """From here on connections are refused."""
        self.server.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def fail(self, action, path=".*", **kwargs) -> faults.Fault:
        self.faults.append(faults.Fault(action, path, **kwargs))
        return self.faults[-1]

    @contextmanager
    def hold(self, path=".*", **kwargs):
        """Calls wait here (`held.wait()`), before or after they are done, until `held.release()` or the block's end."""
        held = faults.Hold("hold", path, **kwargs)
        self.faults.append(held)
        try:
            yield held
        finally:
            held.times = 0
            held.release()

    def catch_up(self) -> int:
        """Do what was asked behind the back of the client that got a fault with `later`. Returns how many."""
        done = 0
        while self.late:
            self.late.pop(0)()
            done += 1
        return done

    def sent(self, method: str, path: str) -> list[dict]:
        """The requests that came, whatever was answered."""
        return [r for r in self.requests if r["method"] == method and re.search(path, r["path"])]

    @contextmanager
    def shaped(self, **changes):
        old = {name: getattr(self.shapes, name) for name in changes}
        self.shapes.__dict__.update(changes)
        yield
        self.shapes.__dict__.update(old)


class _Handler(BaseHTTPRequestHandler):
    operator: Operator
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def _serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        note = self._note(parts, body)
        fault = self._fault(parts.path)
        held = isinstance(fault, faults.Hold)
        if fault and fault.later:
            self.operator.late.append(lambda: self._do(note, parts, body))
        if held and not fault.after:
            fault.keep()
        elif fault and not fault.after:
            return faults.play(fault, self, b'{"cut": "before anything was done"}')
        status, answer, headers = self._do(note, parts, body)
        if held and fault.after:
            fault.keep()
        elif fault and not held:
            return faults.play(fault, self, _bytes(answer))
        return self.say(status, answer, headers)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def _fault(self, path):
        with self.operator.world.lock:
            return next((f for f in self.operator.faults if f.takes(self.command, path)), None)

    def _do(self, note, parts, body):
        """Answer, and note in the ledger of requests whether something was changed by it."""
        world = self.operator.world
        with world.lock:
            sold = len(world.sold)
            status, answer, headers = self._answer(parts, body)
            note["sold"] = world.sold[sold] if len(world.sold) > sold else None
        note["effect"] = status < 300 and self.command != "GET" and parts.path != TOKEN
        return status, answer, headers

    def say(self, status, answer, headers=None):
        data = _bytes(answer)
        kind = "application/json" if not isinstance(answer, bytes | str) else "text/html"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _note(self, parts, body):
        note = {
            "method": self.command,
            "path": parts.path,
            "query": parts.query,
            "body": body,
            "headers": dict(self.headers),
            "at": datetime.now(UTC),
            "moment": time.monotonic(),
            "effect": False,  # whether it changed anything
            "sold": None,  # of an accept that made an order: the prices as they stood
        }
        self.operator.requests.append(note)
        return note

    def _answer(self, parts, body):
        with self.operator.world.lock:
            try:
                if parts.path == TOKEN:
                    return self._token(body)
                if self.operator.revoked or not self.headers.get("Authorization", "").startswith("Bearer t"):
                    return 401, {"detail": "Token expired."}, {}
                return _route(self.operator, self.command, parts, self._read(body), self.headers)
            except Refused as refusal:
                return refusal.status, self.operator.shapes.refusal(refusal.errors), {}

    def _token(self, body):
        self.operator.grants += 1
        self.operator.revoked = False
        life = self.operator.token_life
        answer = {"access_token": f"t{self.operator.grants}", "expires_in": life, "token_type": "Bearer"}
        return 200, answer | {"refresh_token": f"r{self.operator.grants}", "refresh_expires_in": life * 2}, {}

    def _read(self, body):
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/"):
            message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
            part: Message = next(
                p for p in message.get_payload() if p.get_param("name", header="content-disposition") == "file"
            )
            return part.get_filename(), part.get_payload(decode=True)
        return json.loads(body) if body else {}


def _bytes(answer) -> bytes:
    if isinstance(answer, bytes):
        return answer
    return answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()


def _route(operator, method, parts, body, headers):
    for pattern, call in _ROUTES:
        found = re.fullmatch(pattern, f"{method} {parts.path.removeprefix('/api/v1')}")
        if found:
            ids = [unquote(group) for group in found.groups()]
            answer = call(operator, ids, body, parse_qs(parts.query), headers)
            return answer if isinstance(answer, tuple) else (200, answer, {})
    return 404, {"detail": "No such endpoint."}, {}


def _basket(operator, basket_id):
    return operator.world.shown_basket(operator.world.basket(basket_id), detail=True)


def _line(operator, line_id, where="detail"):
    return operator.world.shown_line(operator.world.line(line_id), where)


def _page(operator, rows, query, path, headers):
    """Some legal envelope around one page of rows."""
    size, page = operator.shapes.page_size, int(query.get("page", ["1"])[0])
    last = page * size >= len(rows)
    link = f"{path}?{urlencode({**query, 'page': page + 1}, doseq=True)}"
    nexts = {"url": f"http://{headers['Host']}{link}", "path": link, "number": page + 1, "text": str(page + 1)}
    return {
        "page_size": size, "count": len(rows), "next_page": None if last else nexts[operator.shapes.next_page],
        "previous_page": None, "results": rows[(page - 1) * size : page * size],
    }  # fmt: skip


def _list_baskets(operator, ids, body, query, headers):
    names = {"exact": ("external_id", "project_id", "state"), "ignored": ("project_id", "state")}
    rows = [b for b in list(operator.world.baskets.values()) if _matches(b, query, names[operator.shapes.name_filter])]
    for name, beyond in (("creation_date_gt", 1), ("creation_date_lt", -1)):
        if name in query:
            edge = datetime.fromisoformat(query[name][0])
            edge = edge if edge.tzinfo else edge.replace(tzinfo=PARIS)
            rows = [b for b in rows if (b["creation_date"] - edge).total_seconds() * beyond > 0]
    shown = [operator.world.shown_basket(b, detail=False) for b in rows]
    return _page(operator, shown, query, "/api/v1/quote/", headers)


def _list_lines(operator, ids, body, query, headers):
    names = ("reference", "customer_order_name", "end_customer_name", "business_sector", "project_id", "state")
    rows = [line for line in list(operator.world.lines.values()) if _matches(line, query, names)]
    return _page(
        operator, [operator.world.shown_line(r, "listed") for r in rows], query, "/api/v1/quote_item/", headers
    )


def _matches(row, query, names):
    return all(str(row.get(n)).lower() == query[n][0].lower() for n in names if n in query)


def _then(act, answer):
    """An endpoint: do it, then say how things stand."""

    def call(operator, ids, body, query, headers):
        act(operator.world, ids, body)
        return answer(operator, ids)

    return call


def _add_line(operator, ids, body, query, headers):
    return 201, operator.world.shown_line(operator.world.add_line(ids[0], body), "created"), {}


def _create_basket(operator, ids, body, query, headers):
    return 201, operator.world.shown_basket(operator.world.create_basket(body), detail=False), {}


def _download_trace(operator, ids, body, query, headers):
    data = operator.world.line(ids[1])["trace"]
    if not data:
        raise Refused({"detail": ["Not found."]}, 404)
    return 200, data, {"Content-Type": "application/vnd.google-earth.kmz"}


def _status(operator, ids, body, query, headers):
    task = operator.world._known(operator.world.tasks, ids[0])
    task["looks"] += 1
    ended = task["looks"] > operator.exports_ready_after
    moment = operator.shapes.moment(datetime.now(PARIS))
    return {
        "task_id": ids[0],
        "success": True if ended else None,
        "started": moment,
        "stopped": moment if ended else None,
    }


def _download_export(operator, ids, body, query, headers):
    return 200, CSV if operator.world._known(operator.world.tasks, ids[0])["kind"] == "csv" else PDF, {}


_TO_BASKET, _TO_LINE = (lambda o, ids: _basket(o, ids[0])), (lambda o, ids: _line(o, ids[0]))
_ID = "([^/]+)"
_ROUTES = [
    ("POST /quote/", _create_basket),
    ("GET /quote/", _list_baskets),
    (f"GET /quote/{_ID}/", lambda o, ids, *_: _basket(o, ids[0])),
    (f"PATCH /quote/{_ID}/", _then(lambda w, ids, body: w.update_basket(ids[0], body), _TO_BASKET)),
    (f"PATCH /quote/{_ID}/confirm/", _then(lambda w, ids, body: w.confirm(ids[0]), _TO_BASKET)),
    (f"POST /quote/{_ID}/quote_item/", _add_line),
    (f"PATCH /quote/{_ID}/quote_item/{_ID}/",
     _then(lambda w, ids, body: w.update_line(*ids, body), lambda o, ids: _line(o, ids[1], "created"))),
    (f"DELETE /quote/{_ID}/quote_item/{_ID}/", _then(lambda w, ids, body: w.delete_line(*ids), _TO_BASKET)),
    (f"POST /quote/{_ID}/quote_item/{_ID}/trace/upload/",
     _then(lambda w, ids, body: w.keep_trace(*ids, *body), _TO_BASKET)),
    (f"GET /quote/{_ID}/quote_item/{_ID}/trace/download/", _download_trace),
    (f"DELETE /quote/{_ID}/quote_item/{_ID}/trace/",
     _then(lambda w, ids, body: w.drop_trace(*ids), lambda o, ids: {"detail": "Deleted."})),
    ("GET /quote_item/", _list_lines),
    (f"GET /quote_item/{_ID}/", lambda o, ids, *_: _line(o, ids[0])),
    (f"PATCH /quote_item/{_ID}/accept/", lambda o, ids, body, *_: o.world.accept(ids[0], body["product_id"])),
    (f"PATCH /quote_item/{_ID}/decline/",
     _then(lambda w, ids, body: w.decline(ids[0], body["product_id"], body.get("comment", "")), _TO_LINE)),
    (f"PATCH /quote_item/{_ID}/restore_price/",
     _then(lambda w, ids, body: w.restore(ids[0], body["product_id"]), _TO_LINE)),
    (f"POST /quote/{_ID}/quote_item/{_ID}/export/pdf/", lambda o, *_: o.world.start_export("pdf")),
    (f"POST /quote/{_ID}/quote_item/{_ID}/price/{_ID}/export/pdf/", lambda o, *_: o.world.start_export("pdf")),
    ("POST /quote_item/export/csv/", lambda o, *_: o.world.start_export("csv")),
    (f"GET /quote_item/export/{_ID}/status/", _status),
    (f"GET /quote_item/export/{_ID}/download/", _download_export),
    ("GET /referential/project", lambda o, *_: _page(o, [{"code": "FLASH", "active": True}], {}, "", {"Host": "x"})),
]  # fmt: skip

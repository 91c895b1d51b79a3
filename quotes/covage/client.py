"""The operator's quotation API: one method an operation, typed answers, the errors of `errors`.

Reads raise CovageUnavailable, CovageRefused (CovageNotFound), CovageAuthFailed or CovageBadPayload. Writes raise
CovageUnavailable (nothing was sent), CovageUnclear (it may have happened), CovageRefused (CovageNotFound, CovageBusy)
or CovageAuthFailed. Not safe for use by two threads at once.
"""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote

from quotes.covage.calls import Calls, Query, Reply
from quotes.covage.config import Config
from quotes.covage.errors import CovageBadPayload, CovageNotFound, CovageRefused
from quotes.covage.gate import Gate, OpenGate
from quotes.covage.pages import Walk
from quotes.covage.payloads import Accepted, Basket, ExportStatus, File, Line, Payload, Project, Task, Unreadable
from quotes.covage.tokens import MemoryTokens, TokenStore
from quotes.covage.values import as_identity, as_text

KMZ = "application/vnd.google-earth.kmz"

P = TypeVar("P", bound=Payload)


class CovageClient:
    """`within`: seconds that all calls of this client together may take, from now on. `urgent`: a person waits.

    `request_id` is the beginning of the X-Request-ID of every call.
    """

    def __init__(
        self,
        config: Config,
        *,
        tokens: TokenStore | None = None,
        gate: Gate | None = None,
        within: float | None = None,
        urgent: bool = False,
        request_id: str | None = None,
    ):
        self._api_url = config.api_url.rstrip("/")
        self._calls = Calls(
            config, tokens or MemoryTokens(), gate or OpenGate(), within=within, urgent=urgent, request_id=request_id
        )

    @property
    def last_request_id(self) -> str:
        """The X-Request-ID of the last call, "" before the first."""
        return self._calls.last_request_id

    def close(self) -> None:
        self._calls.close()

    # Baskets

    def create_basket(self, fields: Mapping) -> Basket:
        return _understood(self._calls.write("POST", _path("quote"), fields), Basket.read)

    def get_basket(self, basket_id: str) -> Basket:
        return _understood(self._calls.read(_path("quote", basket_id)), Basket.read, basket_id)

    def update_basket(self, basket_id: str, fields: Mapping) -> Basket:
        return _understood(self._calls.write("PATCH", _path("quote", basket_id), fields), Basket.read, basket_id)

    def confirm_basket(self, basket_id: str) -> Basket:
        return _understood(self._calls.write("PATCH", _path("quote", basket_id, "confirm")), Basket.read, basket_id)

    def basket_pages(self, **filters) -> Walk[Basket]:
        return self._walk(Basket, _path("quote"), filters)

    # Lines

    def add_line(self, basket_id: str, fields: Mapping) -> Line:
        reply = self._calls.write("POST", _path("quote", basket_id, "quote_item"), fields)
        return _understood(reply, lambda raw: Line.read(raw, basket_id))

    def update_line(self, basket_id: str, line_id: str, fields: Mapping) -> Line:
        reply = self._calls.write("PATCH", _line(basket_id, line_id), fields)
        return _understood(reply, lambda raw: Line.read(raw, basket_id), line_id)

    def delete_line(self, basket_id: str, line_id: str) -> Basket | None:
        """The basket afterwards; None when the success came without one."""
        return _basket_if_any(self._calls.write("DELETE", _line(basket_id, line_id)), basket_id)

    def line_pages(self, **filters) -> Walk[Line]:
        return self._walk(Line, _path("quote_item"), filters)

    def get_line(self, line_id: str) -> Line:
        return _understood(self._calls.read(_path("quote_item", line_id)), Line.read, line_id)

    # Traces

    def upload_trace(self, basket_id: str, line_id: str, name: str, data: bytes) -> Basket | None:
        """The basket afterwards; None when the success came without one."""
        files = {"file": (name or "trace.kmz", data, KMZ)}
        reply = self._calls.write("POST", _line(basket_id, line_id, "trace", "upload"), files=files)
        return _basket_if_any(reply, basket_id)

    def download_trace(self, basket_id: str, line_id: str) -> File:
        return _file(self._calls.read(_line(basket_id, line_id, "trace", "download"), is_file=True))

    def delete_trace(self, basket_id: str, line_id: str) -> str:
        """What the operator says about it, or ""."""
        answer = _if_any(self._calls.write("DELETE", _line(basket_id, line_id, "trace")))
        return as_text(answer.get("detail"))

    # Decisions

    def accept(self, line_id: str, product_id: str) -> Accepted:
        """Orders the product. CovageUnclear.partial holds the answer when one of the two order ids is missing."""
        reply = self._calls.write("PATCH", _path("quote_item", line_id, "accept"), {"product_id": product_id})
        return _understood(reply, Accepted.read)

    def decline(self, line_id: str, product_id: str, comment: str = "") -> Line:
        fields = {"product_id": product_id} | ({"comment": comment} if comment else {})
        reply = self._calls.write("PATCH", _path("quote_item", line_id, "decline"), fields)
        return _understood(reply, Line.read, line_id)

    def restore(self, line_id: str, product_id: str) -> Line:
        reply = self._calls.write("PATCH", _path("quote_item", line_id, "restore_price"), {"product_id": product_id})
        return _understood(reply, Line.read, line_id)

    # Exports

    def export_line_pdf(self, basket_id: str, line_id: str) -> str:
        """The task id."""
        return _task(self._calls.write("POST", _line(basket_id, line_id, "export", "pdf")))

    def export_offer_pdf(self, basket_id: str, line_id: str, product_id: str) -> str:
        """The task id."""
        return _task(self._calls.write("POST", _line(basket_id, line_id, "price", product_id, "export", "pdf")))

    def export_csv(self, filters: Mapping) -> str:
        """The task id."""
        return _task(self._calls.write("POST", _path("quote_item", "export", "csv"), filters))

    def export_status(self, task_id: str) -> ExportStatus:
        reply = self._calls.read(_path("quote_item", "export", task_id, "status"))
        return _understood(reply, lambda raw: ExportStatus.read(raw, task_id), task_id, named="task_id")

    def download_export(self, task_id: str) -> File:
        return _file(self._calls.read(_path("quote_item", "export", task_id, "download"), is_file=True))

    # Reference data

    def projects(self) -> list[Project]:
        """All of them. Documented without the slash that all other addresses end with, so both are tried."""
        path = "/api/v1/referential/project"
        try:
            return self._all(Project, path)
        except (CovageNotFound, CovageBadPayload):
            return self._all(Project, f"{path}/")

    def _all(self, model: type[P], path: str) -> list[P]:
        return [item for page in self._walk(model, path, {}) for item in page.results]

    def _walk(self, model: type[P], path: str, filters: Mapping) -> Walk[P]:
        def fetch(query: Query):
            reply = self._calls.read(path, query)
            try:
                return reply.json(), reply.unreadable
            except Unreadable as error:
                raise reply.unreadable(error) from error

        return Walk(fetch, model, self._api_url + path, filters)


def _path(*segments: str) -> str:
    """Every segment quoted, so that no id leads to another address. Raises CovageRefused for one that could."""
    if not all(map(as_identity, segments)):
        raise CovageRefused("no such address", errors={})
    return "".join(["/api/v1/", *(f"{quote(str(segment), safe='')}/" for segment in segments)])


def _line(basket_id: str, line_id: str, *segments: str) -> str:
    return _path("quote", basket_id, "quote_item", line_id, *segments)


def _understood(reply: Reply, read, expected_id: str = "", named: str = "id") -> P:
    """The payload, of the very object that was asked for."""
    partial = None
    try:
        answer = reply.json()
        partial = answer if isinstance(answer, dict) else None
        payload = read(answer)
    except Unreadable as error:
        raise reply.unreadable(error, partial) from error
    if expected_id and getattr(payload, named).casefold() != str(expected_id).casefold():
        raise reply.unreadable("another id than asked for", partial)
    return payload


def _basket_if_any(reply: Reply, basket_id: str) -> Basket | None:
    answer = _if_any(reply)
    return _understood(reply, Basket.read, basket_id) if as_identity(answer.get("id")) else None


def _if_any(reply: Reply) -> dict:
    """The object in the body, or {} where the success alone is the answer. A page of HTML is no answer of the API."""
    if reply.is_html:
        raise reply.unreadable("a page instead of an answer")
    try:
        answer = reply.json()
    except Unreadable:
        return {}
    return answer if isinstance(answer, dict) else {}


def _task(reply: Reply) -> str:
    return _understood(reply, Task.read).task_id


def _file(reply: Reply) -> File:
    if reply.is_unread or reply.is_empty or reply.is_html:
        raise reply.unreadable("no file")
    return File(reply.body, reply.content_type)

"""Around every API call: a request id, a line in the log, and the misbehaviour that the control page ordered."""

import json
import socket
import time
import uuid
from fnmatch import fnmatchcase

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError

from sandbox import clock
from sandbox.door import parse
from sandbox.models import Call, Fault

KEPT = 5000  # calls, give or take a hundred
UNREADABLE = (SuspiciousOperation, MultiPartParserError, OSError)
CONTROL = "/sandbox/"


class Journal:
    """Echoes `X-Request-ID` and keeps the last calls. Credentials are never kept: of a form, only the field names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(CONTROL):
            return self.get_response(request)
        request.request_id = request.headers.get("X-Request-ID", "")[:200] or str(uuid.uuid4())
        body, started = _json(request), time.monotonic()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id
        _keep(request, response, body, time.monotonic() - started)
        return response


class Misbehaviour:
    """Slowness for all, and faults for the calls they were ordered for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(CONTROL):
            return self.get_response(request)
        fault = _take(request)
        time.sleep(clock.desk().latency + (fault.delay if fault else 0))
        if fault is None or fault.status is None:
            return self.get_response(request)
        if fault.after:
            self.get_response(request)
        return _failure(request, fault)


def _take(request) -> Fault | None:
    """The oldest fault that fits, used up by one. Two calls at once cannot take the same."""
    if not Fault.objects.exists():
        return None
    with transaction.atomic():
        for fault in Fault.objects.order_by("id"):
            if fault.method in ("", request.method) and fnmatchcase(request.path, fault.path):
                Fault.objects.filter(pk=fault.pk).update(times=F("times") - 1)
                Fault.objects.filter(times=0).delete()
                return fault
    return None


def _failure(request, fault: Fault) -> HttpResponse:
    if fault.status:
        body = fault.body or json.dumps({"detail": f"Ordered on the control page: {fault.status}."})
        return HttpResponse(body, status=fault.status, headers={"Content-Type": "application/json"} | fault.headers)
    request.environ["gunicorn.socket"].shutdown(socket.SHUT_RDWR)
    response = HttpResponse()
    response.dropped = True
    return response


def _json(request) -> object:
    """What came as JSON, or None. Read before the view, while the stream is whole."""
    if not request.path.startswith("/api/") or request.content_type != "application/json":
        return None
    try:
        return parse(request.body)
    except (ValueError, *UNREADABLE):
        return None


def _keep(request, response, body: object, seconds: float) -> None:
    call = Call.objects.create(
        method=request.method,
        path=request.path[:1000],
        query=request.META.get("QUERY_STRING", ""),
        status=0 if getattr(response, "dropped", False) else response.status_code,
        fields=_fields(request, body),
        body=body,
        request_id=request.request_id,
        user_agent=request.headers.get("User-Agent", "")[:300],
        seconds=round(seconds, 4),
    )
    if call.pk % 100 == 0:
        Call.objects.filter(pk__lte=call.pk - KEPT).delete()


def _fields(request, body: object) -> list[str]:
    """The names of the fields that were sent, at the top level."""
    if body is not None:
        return sorted(body) if isinstance(body, dict) else []
    try:
        return sorted({*request.POST, *request.FILES})
    except UNREADABLE:
        return []

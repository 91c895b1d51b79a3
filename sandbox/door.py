"""What every API address shares: who may come in, by which method, with which kind of body, in one transaction."""

import json
from contextlib import nullcontext

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone

from sandbox import backoffice
from sandbox.models import Token
from sandbox.refusals import Refusal, detail

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}


def methods(**handlers):
    """A view from one handler a method. A handler returns JSON, (status, JSON) or a response, or raises Refusal."""

    def view(request, **kwargs):
        try:
            _check_bearer(request)
            handler = _handler(handlers, request.method)
            backoffice.catch_up()
            with nullcontext() if request.method in ("GET", "HEAD") else transaction.atomic():
                return _response(handler(request, **kwargs))
        except Refusal as refusal:
            return refusal.response()

    return view


def json_body(request) -> object:
    """The parsed body; an empty one is `{}`. Raises Refusal for another media type or for what is not JSON."""
    if not request.body:
        return {}
    if request.content_type != "application/json":
        raise detail(415, f'Unsupported media type "{request.content_type}" in request.')
    try:
        return parse(request.body)
    except ValueError as error:
        raise detail(400, f"JSON parse error - {error}") from error


def parse(body: bytes) -> object:
    """Strict JSON, without NaN and the infinities. Raises ValueError."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("too deeply nested") from error


def _check_bearer(request) -> None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value:
        raise detail(401, "Authentication credentials were not provided.", CHALLENGE)
    if not Token.objects.filter(access=value.strip(), expires__gt=timezone.now()).exists():
        raise detail(401, "Given token is not valid or has expired.", CHALLENGE)


def _handler(handlers: dict, method: str):
    handler = handlers.get("GET" if method == "HEAD" else method)
    if handler is None:
        raise detail(405, f'Method "{method}" not allowed.', {"Allow": ", ".join(handlers)})
    return handler


def _response(answer) -> HttpResponse:
    if isinstance(answer, HttpResponseBase):
        return answer
    status, body = answer if isinstance(answer, tuple) else (200, answer)
    return JsonResponse(body, status=status)


def _no_constant(name: str):
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")

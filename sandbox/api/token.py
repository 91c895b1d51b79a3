"""The token endpoint: password and refresh_token grants, answered and refused as Keycloak does."""

import secrets
import uuid
from datetime import timedelta

from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone

from sandbox.models import Token
from sandbox.options import current
from sandbox.refusals import Refusal


def token(request):
    try:
        if request.method != "POST":
            raise _refusal(405, "HTTP 405 Method Not Allowed", "")
        with transaction.atomic():
            return JsonResponse(_answer(_grant(request.POST)))
    except Refusal as refusal:
        return refusal.response()


def _grant(form) -> Token:
    grant = form.get("grant_type")
    if not grant:
        raise _refusal(400, "invalid_request", "Missing form parameter: grant_type")
    if form.get("client_id") != current.client_id:
        raise _refusal(401, "invalid_client", "Invalid client or Invalid client credentials")
    if grant not in GRANTS:
        raise _refusal(400, "unsupported_grant_type", "Unsupported grant_type")
    return GRANTS[grant](form)


def _by_password(form) -> Token:
    given = [form.get("username", ""), form.get("password", "")]
    if given != [current.username, current.password]:
        raise _refusal(401, "invalid_grant", "Invalid user credentials")
    return _issue(uuid.uuid4())


def _by_refresh(form) -> Token:
    """Rotation: a refresh token serves once. The access token issued with it lives on until its own end."""
    old = Token.objects.filter(refresh=form.get("refresh_token", "")).first()
    if old is None:
        raise _refusal(400, "invalid_grant", "Invalid refresh token")
    if old.refreshed:
        raise _refusal(400, "invalid_grant", "Maximum allowed refresh token reuse exceeded")
    if old.refresh_expires <= timezone.now():
        raise _refusal(400, "invalid_grant", "Token is not active")
    old.refreshed = True
    old.save(update_fields=["refreshed"])
    return _issue(old.session)


GRANTS = {"password": _by_password, "refresh_token": _by_refresh}


def _issue(session: uuid.UUID) -> Token:
    moment = timezone.now()
    Token.objects.filter(refresh_expires__lt=moment - timedelta(days=1)).delete()
    return Token.objects.create(
        access=secrets.token_urlsafe(32),
        refresh=secrets.token_urlsafe(32),
        session=session,
        expires=moment + timedelta(seconds=current.token_lifetime),
        refresh_expires=moment + timedelta(seconds=current.refresh_lifetime),
    )


def _answer(row: Token) -> dict:
    return {
        "access_token": row.access,
        "expires_in": current.token_lifetime,
        "refresh_expires_in": current.refresh_lifetime,
        "refresh_token": row.refresh,
        "token_type": "Bearer",
        "session_state": str(row.session),
        "scope": "profile email",
    }


def _refusal(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})

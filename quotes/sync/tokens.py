"""The operator's token in one database row, so that all processes share it and one at a time renews it.

The row is sealed with a key made from SECRET_KEY: a dump of the database alone opens nothing at the operator.
"""

import base64
import hashlib
import json
from dataclasses import asdict
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from quotes.covage import Token
from quotes.models import OperatorState
from quotes.sync.claims import ahead, free

LONGEST_RENEWAL = timedelta(minutes=1)
LONGEST_BLOCK = timedelta(minutes=20)


def _seal() -> Fernet:
    digest = hashlib.sha256(b"operator token" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


class DatabaseTokens:
    """`quotes.covage.TokenStore` over the one row of OperatorState."""

    def load(self) -> Token | None:
        sealed, version = OperatorState.objects.values_list("token", "token_version").get(pk=1)
        if not sealed:
            return None
        try:
            fields = json.loads(_seal().decrypt(sealed.encode()))
            return Token(**fields | {"version": version})
        except (InvalidToken, TypeError):  # SECRET_KEY or the shape of a token was changed: as good as run out
            return Token(access="", expires_at=0, version=version)

    def save(self, token: Token) -> Token:
        sealed = _seal().encrypt(json.dumps(asdict(token)).encode()).decode()
        row = OperatorState.objects.filter(pk=1)
        row.update(token=sealed, token_version=F("token_version") + 1, renewing_until=None, login_blocked_until=None)
        return self.load()

    def claim(self, version: int, seconds: float) -> bool:
        """True for one caller: nobody else renews, and the token is still the one that the caller knew."""
        known = Q(token_version=version) if version else Q(token="") | Q(token_version=0)
        row = OperatorState.objects.filter(free("renewing_until", LONGEST_RENEWAL), known, pk=1)
        return row.update(renewing_until=timezone.now() + timedelta(seconds=seconds)) == 1

    def refused(self, seconds: float) -> None:
        until = timezone.now() + timedelta(seconds=seconds / settings.SYNC_SPEED) if seconds else None
        OperatorState.objects.filter(pk=1).update(login_blocked_until=until, renewing_until=None)

    def blocked(self) -> float:
        until = OperatorState.objects.values_list("login_blocked_until", flat=True).get(pk=1)
        return ahead(until, LONGEST_BLOCK / settings.SYNC_SPEED)

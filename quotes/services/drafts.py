"""Recovery copies: what somebody has typed and not saved, kept for that person alone and sent nowhere."""

from datetime import timedelta

from django.utils import timezone

from quotes.models import Command, Draft
from quotes.services.permissions import require

KEPT = timedelta(days=30)
LARGEST = 64 * 1024  # bytes of a form as posted
NEVER = ("csrfmiddlewaretoken", "nonce", "place")  # of the page, not what was typed
AT_ONCE = 500


def keep(user, place: str, data, nonce: str = "") -> Draft | None:
    """Keep the fields of a form (`data`: a QueryDict). None: this very page was sent meanwhile, nothing can be lost.

    Raises NotAllowed for somebody who writes nothing here.
    """
    require(user, "comment")
    if nonce and Command.objects.filter(nonce=nonce, actor=user).exists():
        return None
    fields = {_text(name): [_text(text) for text in texts] for name, texts in data.lists() if _is_kept(name)}
    draft, _made = Draft.objects.update_or_create(user=user, place=_text(place), defaults={"fields": fields})
    return draft


def drop(user, place: str) -> None:
    """The form was saved, or its copy is not wanted."""
    Draft.objects.filter(user=user, place=place).delete()


def expire_old() -> int:
    old = Draft.objects.filter(saved_at__lt=timezone.now() - KEPT)
    return Draft.objects.filter(pk__in=old.values_list("pk", flat=True)[:AT_ONCE]).delete()[0]


def _text(typed: str) -> str:
    """PostgreSQL stores no NUL."""
    return typed.replace("\0", "")


def _is_kept(name: str) -> bool:
    return name not in NEVER and "password" not in name

"""What colleagues say to each other about a basket or a line, and the note that stays here. Nothing of it leaves.

The history says that somebody spoke or changed the note, never what: it cannot be edited, and texts may have to be.
"""

import hashlib
import re

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from quotes.errors import Invalid, NotPossible
from quotes.models import Basket, Comment, Event, InternalNote
from quotes.models.mirror import fold
from quotes.services.permissions import require

_MENTION = re.compile(r"(?<![\w@.+-])@([\w@.+-]+)")


def add(*, actor, nonce: str, about, text: str) -> Comment:
    """Say something on a basket or a line; whoever is named with @login is told. The same form twice is one comment.

    Raises NotAllowed, Invalid.
    """
    require(actor, "comment")
    if not nonce:
        raise Invalid({"": ["form_incomplete"]})
    if found := Comment.objects.filter(nonce=nonce).first():
        return _same(found, actor, text)
    try:
        with transaction.atomic():
            return _added(actor, nonce, about, text)
    except IntegrityError:
        return _same(Comment.objects.get(nonce=nonce), actor, text)


def write_note(*, actor, about, text: str, seen: str) -> None:
    """Replace the internal note. `seen`: the `digest` of the text that the person had before their eyes.

    Raises NotAllowed; NotPossible("note_moved") when somebody else wrote meanwhile.
    """
    require(actor, "comment")
    with transaction.atomic():
        row = InternalNote.objects.select_for_update().filter(**_on(about)).first()
        old = row.text if row else ""
        if old == text:
            return
        if digest(old) != seen:
            raise NotPossible("note_moved")
        row = row or InternalNote(**_on(about))
        row.text, row.search, row.changed_by = text, fold(text), actor
        row.save()
        Event.add("note_changed", actor=actor, **_on(about))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def named(text: str) -> tuple[list[User], list[str]]:
    """The people that a text names with @login, in any case, and the names that nobody has."""
    wanted = {name.rstrip(".").casefold(): name.rstrip(".") for name in _MENTION.findall(text)}
    if not wanted:
        return [], []
    people = {user.username.casefold(): user for user in User.objects.filter(is_active=True)}
    return [people[name] for name in wanted if name in people], [wanted[name] for name in wanted if name not in people]


def _added(actor, nonce, about, text) -> Comment:
    comment = Comment.objects.create(actor=actor, nonce=nonce, text=text, search=fold(text), **_on(about))
    people, _unknown = named(text)
    comment.mentions.set(people)
    told = [person.pk for person in people]
    Event.add("commented", actor=actor, **_on(about), comment=comment.pk, mentions=told)
    return comment


def _same(comment: Comment, actor, text: str) -> Comment:
    if (comment.actor_id, comment.text) != (actor.pk, text):
        raise Invalid({"": ["form_used"]})
    return comment


def _on(about) -> dict:
    return {"basket" if isinstance(about, Basket) else "line": about}

"""Finding one thing by what people paste, and many by words.

Exact forms go through indexes: references, external ids as typed and as sent, ids of the operator and of the portal,
ids of orders. Words are looked for anywhere, without case and accents; spaces and dashes do not matter.
"""

import re
from itertools import chain
from uuid import UUID

from django.db.models import Q

from quotes import states
from quotes.models import Basket, Command, Line
from quotes.models.commands import Kind
from quotes.models.mirror import fold, key
from quotes.selectors import baskets, lines

_REFERENCE = re.compile(r"(?P<head>[a-z]{2})[\s_–—-]*(?P<digits>[0-9\s_–—-]+)")
_ORDER = re.compile(r"(?=.*\d)\S+")  # no sentence, and at least a digit
_JOINTS = re.compile(r"[\s_–—-]+")
LONGEST = 200


def exact(user, text: str) -> Line | Basket | None:
    """The one line or basket that the text names; None when there is none, or more than one."""
    found = list(chain(_lines(user, text)[:2], _baskets(user, text)[:2]))
    if not found and _ORDER.fullmatch(text):
        found = list(_of_order(user, text)[:2])
    return found[0] if len(found) == 1 else None


def _lines(user, text):
    names = spellings(text)
    named = Q(reference_key__in=names) | Q(external_key__in=names) | Q(wished_key__in=names)
    return lines.visible(user).filter(named | _has_id(text), is_void=False)


def _baskets(user, text):
    names = spellings(text)
    named = Q(external_key__in=names) | Q(wished_key__in=names)
    return baskets.listed(user).filter(named | _has_id(text))


def _has_id(text) -> Q:
    remote = Q(remote_id__in={text, text.lower()})
    try:
        return remote | Q(pk=UUID(text))
    except ValueError:
        return remote


def _of_order(user, text):
    """The line whose accept made the order, or the order line, of that id."""
    made = Q(result__product_order_id=text) | Q(result__product_order_item_id=text)
    accepts = Command.objects.filter(made, kind=Kind.ACCEPT).exclude(state__in=states.WITHOUT_EFFECT)
    return lines.visible(user).filter(pk__in=accepts.values("line"))


def spellings(text: str) -> list[str]:
    """How the name may be written at the operator: as typed, with the joints it may have, as a whole reference."""
    name = key(text)
    joined = {_JOINTS.sub(joint, name) for joint in ("_", "-", " ", "")}
    return sorted({name, *joined, *_reference(name)} - {""})


def _reference(name: str) -> set[str]:
    """ "qo 2026 0423 1" as "qo_20260423_00000001", the form of the references in the specification."""
    found = _REFERENCE.fullmatch(name)
    if not found:
        return set()
    day, number = "", ""
    for digits in _JOINTS.split(found["digits"]):
        room = 8 - len(day)
        day, number = day + digits[:room], number + digits[room:]
    return {f"{found['head']}_{day}_{number:0>8}"} if len(day) == 8 and number else set()


def words(text: str) -> list[str]:
    """What is looked for anywhere: letters and digits, without case and accents."""
    return re.findall(r"[^\W_]+", fold(text))

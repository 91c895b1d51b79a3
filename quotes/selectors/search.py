"""Finding one thing by what people paste, and many by words.

Exact forms go through indexes: references, external ids as typed and as sent, ids of the operator and of the portal,
ids of orders. Words are looked for anywhere, without case and accents; spaces and dashes do not matter.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from quotes import states
from quotes.models import Basket, Command, Line
from quotes.models.mirror import fold, key
from quotes.selectors import baskets, lines

_REFERENCE = re.compile(r"(?P<head>[a-z]{2})[\s_–—-]*(?P<digits>[0-9\s_–—-]+)")
_ORDER = re.compile(r"(?=.*\d)\S+")  # no sentence, and at least a digit
_JOINTS = re.compile(r"[\s_–—-]+")
LONGEST = 200
_TOKEN = re.compile(r"(?<!\S)(?P<name>\w+):(?P<value>\"[^\"]*\"|\S+)")
_NAMES = {
    "state": "state",
    "etat": "state",
    "late": "late",
    "retard": "late",
    "project": "project",
    "projet": "project",
}
_NAMES |= {"person": "person", "personne": "person"}
_YES = ("yes", "oui", "1")
LATE = timedelta(days=2)  # a price to decide that expires by then, or should have been decided already


@dataclass
class Asked:
    """What somebody typed: free words, and `name:value` filters under their English names."""

    words: list[str]
    filters: dict[str, str] = field(default_factory=dict)

    def of_lines(self) -> dict[str, str]:
        """The same in the fields of the list of lines."""
        found = self._shared(states.LINE)
        if self.filters.get("late"):
            day = timezone.localdate() + LATE + timedelta(days=1)
            found |= {"state": "ready", "validity_date_lt": day.isoformat()}
        return found

    def of_baskets(self) -> dict[str, str] | None:
        """None: no basket can be meant, they have no deadline."""
        return None if self.filters.get("late") else self._shared(states.BASKET)

    def _shared(self, known) -> dict[str, str]:
        names = {"state": "state", "project": "project_id", "person": "person"}
        found = {names[name]: value for name, value in self.filters.items() if name in names}
        if "state" in found:
            found["state"] = _state(found["state"], known)
        return found | ({"q": " ".join(self.words)} if self.words else {})


def asked(text: str) -> Asked:
    """`state:ready late:yes project:FLASH bakery`; the names in French or English, the states in words too."""
    found = Asked([])

    def take(match) -> str:
        name, value = _NAMES.get(fold(match["name"])), match["value"].strip('"')
        if not name or (name == "late" and fold(value) not in _YES):
            return match[0]
        found.filters[name] = value
        return " "

    found.words = words(_TOKEN.sub(take, text))
    return found


def _state(text: str, known) -> str:
    """The code of a state that is named by its label."""
    labels = {fold(str(state.label)): code for code, state in known.items()}
    return labels.get(fold(text), text)


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
    accepts = Command.objects.accepts_with_effect().filter(made)
    return lines.visible(user).filter(pk__in=accepts.values("line"))


def spellings(text: str) -> list[str]:
    """How the name may be written at the operator: as typed, with the joints it may have, as a whole reference."""
    name = key(text)
    joined = {_JOINTS.sub(joint, name) for joint in ("_", "-", " ", "")}
    return sorted({name, *joined, *_reference(name)} - {""})


def references(text: str) -> list[str]:
    """The whole reference that the text stands for, as the operator writes it; [] when it stands for none."""
    return [name.upper() for name in _reference(key(text))]


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

"""What colleagues said about a basket or a line, and the note that stays here."""

from django.contrib.auth.models import User
from django.db.models import Q

from quotes.models import Basket, Comment, InternalNote
from quotes.models.mirror import fold

SHOWN = 20  # on the page of the object
EXAMPLES = 12  # of people whom one may name
HOLDERS = 200  # objects that a search finds by what was said about them


def of(about, most: int | None = None) -> tuple[list[Comment], bool]:
    """The newest comments, the oldest of them first, and whether there are more; a basket's include its lines'."""
    on = Q(basket=about) | Q(line__basket=about) if isinstance(about, Basket) else Q(line=about)
    rows = Comment.objects.filter(on).select_related("actor", "line").order_by("-added_at", "-id")
    found = list(rows[: most + 1] if most else rows)
    return found[:most][::-1], bool(most) and len(found) > most


def note_of(about) -> InternalNote | None:
    noun = "basket" if isinstance(about, Basket) else "line"
    return InternalNote.objects.select_related("changed_by").filter(**{noun: about}).first()


def logins() -> list[str]:
    """Whom one may name, for example."""
    people = User.objects.filter(is_active=True).order_by("username")
    return list(people.values_list("username", flat=True)[:EXAMPLES])


def holding(noun: str, text: str) -> list[tuple[object, str]]:
    """(id of a basket or line, what was said about it, folded) for each that holds any of the words, a few hundred
    at most: so few that a list may ask for them by id."""
    found: dict[object, str] = {}
    for pk, said in _any_of(noun, fold(text).split(), "search")[:HOLDERS]:
        found[pk] = f"{found.get(pk, '')} {said}"
    return list(found.items())


def excerpts(noun: str, pks: list, words: list[str]) -> dict[object, str]:
    """What was said that holds any of the words, for some baskets or lines: one text each."""
    return dict(_any_of(noun, words, "text", pks)[: len(pks) * 5]) if pks else {}


def _any_of(noun: str, words: list[str], column: str, pks=None):
    wanted = Q()
    for word in words:
        wanted |= Q(search__contains=word)
    on = {f"{noun}__in": pks} if pks is not None else {f"{noun}__isnull": False}
    notes, said = (
        model.objects.filter(wanted, **on).order_by().values_list(noun, column) for model in (InternalNote, Comment)
    )
    return notes.union(said)

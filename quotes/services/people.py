"""The people of the portal: who may come in, and as what. The history tells each change, never a password."""

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import Q

from quotes.errors import Invalid, NotPossible, WorldMoved
from quotes.models import Event
from quotes.models.people import name_of
from quotes.services.permissions import ROLES, require


def role_of(person: User) -> str:
    """One of ROLES, "" for nobody's role. A superuser is an administrator, as for the rights."""
    names = {"admin"} if person.is_superuser else {group.name for group in person.groups.all()}
    return next((role for role in ROLES if role in names), "")


def add(*, actor, login: str, role: str, password: str, first_name: str = "", last_name: str = "") -> User:
    """Raises WorldMoved when somebody else took the login meanwhile."""
    require(actor, "people")
    person = User(username=login, first_name=first_name, last_name=last_name)
    person.set_password(password)  # slow on purpose: before the transaction
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            _give(person, role)
            _tell("person_added", actor, person, after=_standing(person))
    except IntegrityError as taken:
        raise WorldMoved("login_taken") from taken
    return person


def change(*, actor, person: User, changes: dict) -> None:
    """`changes`: any of first_name, last_name, role, is_active. Rights are read at each request and a session of
    somebody who may not log in is nobody's, so both hold at once. Raises Invalid."""
    require(actor, "people")
    with transaction.atomic():
        Group.objects.select_for_update().get_or_create(name="admin")  # or two could take each other's role
        person = User.objects.get(pk=person.pk)
        before = _standing(person)
        _apply(person, changes)
        after = _standing(person)
        if before != after:
            _keep_an_administrator(actor, person, changes)
            _tell("person_changed", actor, person, before=before, after=after)


def set_password(*, actor, person: User, password: str) -> None:
    """Ends the person's sessions: each carries a hash of the password."""
    require(actor, "people")
    if person == actor:
        raise NotPossible("own_password")
    person.set_password(password)
    with transaction.atomic():
        person.save(update_fields=["password"])
        _tell("person_password", actor, person)


def _apply(person, changes):
    if "role" in changes:
        _give(person, changes["role"])
    for name in ("first_name", "last_name", "is_active"):
        setattr(person, name, changes.get(name, getattr(person, name)))
    person.save(update_fields=["first_name", "last_name", "is_active"])


def _give(person, role):
    group, _ = Group.objects.get_or_create(name=role)
    person.groups.remove(*person.groups.filter(name__in=ROLES).exclude(pk=group.pk))
    person.groups.add(group)
    if person.is_superuser and role != "admin":
        person.is_superuser = False
        person.save(update_fields=["is_superuser"])


def _keep_an_administrator(actor, person, changes):
    if person == actor and not person.is_active:
        raise Invalid({"is_active": ["not_oneself"]})
    administrators = User.objects.filter(Q(is_superuser=True) | Q(groups__name="admin"), is_active=True)
    if not administrators.exists():
        raise Invalid({"role" if "role" in changes else "is_active": ["last_admin"]})


def _standing(person) -> dict:
    return {"name": name_of(person), "role": role_of(person), "active": person.is_active}


def _tell(kind, actor, person, **standing):
    Event.add(kind, actor=actor, person=person.pk, login=person.username, label=name_of(person), **standing)

"""Who may do what: Django groups to rights, in one place for buttons, services and the sender."""

from django.conf import settings

from quotes.errors import NotAllowed

_SALES = {"create", "edit", "trace", "confirm", "export", "refresh", "withdraw", "comment", "share"}
_DECIDE = {"accept", "decline", "restore"}
_RIGHTS = {
    "sales": _SALES,
    "manager": _SALES | _DECIDE | {"sync", "resolve"},
    "auditor": set(),
    "admin": {"refresh", "withdraw", "comment", "share", "sync", "resolve", "people"},
}
ROLES = ("admin", "manager", "sales", "auditor")  # who is in several groups is shown as the first of them


def rights(user) -> frozenset[str]:
    """The rights of a person, read from the database once per loaded user."""
    if not hasattr(user, "_rights"):
        user._rights = frozenset(_rights(user))
    return user._rights


def may(user, right: str) -> bool:
    return right in rights(user)


def require(user, right: str) -> None:
    """Raises NotAllowed."""
    if not may(user, right):
        raise NotAllowed(right)


def _rights(user):
    if not user.is_authenticated or not user.is_active:
        return set()
    groups = set(user.groups.values_list("name", flat=True)) | ({"admin"} if user.is_superuser else set())
    found = set().union(*(_RIGHTS.get(name, set()) for name in groups))
    if "sales" in groups and settings.PORTAL_SALES_MAY_DECLINE:
        found |= {"decline", "restore"}
    return found

"""The people that the operator names, under whichever keys: the inner ones are not documented."""

from dataclasses import dataclass, field

from quotes.covage.values import as_dicts, as_text

_KEYS = {
    "name": ("name", "full_name", "fullName", "label"),
    "role": ("role", "function", "title"),
    "organization": ("organization", "organisation", "company"),
    "email": ("email_address", "emailAddress", "email", "mail"),
    "phone": ("number", "phone_number", "phone", "telephone", "cell_phone_number", "mobile"),
}
_PARTS = ("first_name", "last_name")


@dataclass
class Person:
    name: str = ""
    role: str = ""
    organization: str = ""
    email: str = ""
    phone: str = ""
    rest: list[tuple[str, str]] = field(default_factory=list)


def people(value: object) -> list[Person]:
    """Of a list of objects, one object, or bare names; [] for nothing."""
    return [_person(raw) for raw in as_dicts(value)]


def _person(raw: dict) -> Person:
    told = {key: text for key, value in raw.items() if (text := as_text(value))}
    person = Person()
    for name, keys in _KEYS.items():
        key = next((key for key in keys if key in told), None)
        setattr(person, name, told.pop(key, "") if key else "")
    if not person.name:
        person.name = " ".join(told.pop(part) for part in _PARTS if part in told)
    person.rest = list(told.items())
    return person

"""The address book: contacts of past lines, learned and never typed in twice."""

from django.core.cache import cache

from quotes.models import Line
from quotes.selectors.line_request import contacts_of

LOOKED_THROUGH = 500  # newest lines
MOST = 200


def known() -> list[dict]:
    """One contact a name, as on the newest line that has it, in the order of the alphabet."""
    return cache.get_or_set("known-contacts", _seen, 60)


def _seen() -> list[dict]:
    found: dict[str, dict] = {}
    payloads = Line.objects.order_by("-added_at").values_list("payload__related_contact_information", flat=True)
    for contacts in payloads[:LOOKED_THROUGH]:
        for contact in contacts_of(contacts):
            if contact.get("name"):
                found.setdefault(contact["name"], contact)
    return sorted(found.values(), key=lambda contact: contact["name"].casefold())[:MOST]

"""The external id that a create carries: the only handle that the operator gives us to find it again.

The person's own text goes out untouched whenever nothing of that name exists where it goes;
otherwise a short token is appended; left empty, one is generated.
"""

import re

from django.utils.crypto import get_random_string

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread on the phone
PREFIX = "p-"  # of what the portal makes itself
LONGEST = 60  # of what a person types


def generated() -> str:
    return PREFIX + get_random_string(10, ALPHABET)


def is_generated(name: str) -> bool:
    """Ours, not a person's: nobody wants to see it again."""
    return re.fullmatch(f"{PREFIX}[{ALPHABET}]{{10}}", name) is not None


def distinct(wished: str) -> str:
    """The wished text made unique."""
    return f"{wished}~{get_random_string(5, ALPHABET)}"


def may_be(sent: str, shown: str) -> bool:
    """Whether an operator that drops, cuts or respells names may show the sent one like this."""
    return sent.casefold().startswith(shown.strip().casefold())


def choose(wished: str, is_taken) -> str:
    """`is_taken(name)` looks at the operator and in our own journal."""
    if not wished:
        return generated()
    return distinct(wished) if is_taken(wished) else wished

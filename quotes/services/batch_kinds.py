"""The kinds of batches: importing this module registers how an item of each is done."""

from quotes.services import requoting  # noqa: F401

from quotes.services import importing  # noqa: F401

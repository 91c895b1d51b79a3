"""The kinds of batches: importing this module registers how an item of each is done."""

from quotes.services import choosing, importing, requoting, trace_files  # noqa: F401

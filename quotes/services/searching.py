"""Looking for one thing in a list of the operator, where not to find it must mean something."""

from collections.abc import Callable
from itertools import islice

from quotes.covage import CovageBadPayload, CovageUnavailable

MOST_PAGES = 50  # what can be read within the time of one command
UNREADABLE = "an item could not be read"


class NotSeen(CovageBadPayload):
    """The list could not be seen to its end, so that absence from it proves nothing."""


def search(walk, is_wanted: Callable) -> list:
    """The wanted items of a list. Raises NotSeen when there is none as far as the list could be read.

    CovageError when not even its first page could be.
    """
    found, pages, rejected = [], 0, 0
    try:
        for page in islice(walk, MOST_PAGES):
            found += filter(is_wanted, page.results)
            rejected += len(page.rejected)
            pages += 1
    except CovageUnavailable:
        if not pages:
            raise
    if not found and (rejected or not walk.complete):
        raise NotSeen(walk.reason or UNREADABLE)
    return found

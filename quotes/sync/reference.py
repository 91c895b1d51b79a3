"""The operator's list of projects: optional, the portal works when it is missing."""

from quotes.covage import CovageClient
from quotes.models import Project
from quotes.sync.store import plain


def projects(client: CovageClient, tally) -> None:
    for item in client.projects():
        tally.seen += 1
        Project.objects.update_or_create(
            code=item.code[:200], defaults={"active": item.active, "payload": plain(item.raw)}
        )

"""The operator's list of projects: optional, the portal works when it is missing."""

from quotes.covage import CovageClient, CovageNotFound
from quotes.models import Project
from quotes.sync.facts import plain


def projects(client: CovageClient, tally) -> None:
    known = {project.code: project for project in Project.objects.all()}
    try:
        found = client.projects()
    except CovageNotFound:
        return
    for item in found:
        tally.seen += 1
        code, facts = item.code[:200], {"active": item.active, "payload": plain(item.raw)}
        old = known.get(code)
        if old is None or (old.active, old.payload) != (facts["active"], facts["payload"]):
            tally.changed += 1
            known[code], _ = Project.objects.update_or_create(code=code, defaults=facts)

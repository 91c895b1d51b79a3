"""Exports as lists and pages show them."""

from django.db.models import Q

from quotes.models import ExportJob, Offer

OPEN = ("asked", "running")


def visible(user=None):
    """The exports that a person may read: all of them."""
    return ExportJob.objects.select_related("actor", "line", "command")


def open_counts(jobs) -> dict[str, int]:
    """How many are queued and running."""
    found = list(jobs.filter(state__in=OPEN).order_by().values_list("state", flat=True))
    return {state: found.count(state) for state in OPEN}


def with_offers(jobs: list[ExportJob]) -> None:
    """Give the exports of one page the name of their offer: one query."""
    wanted = Q(pk=None)
    for job in jobs:
        if job.product_id:
            wanted |= Q(line=job.line_id, product_id=job.product_id)
    names = {(offer.line_id, offer.product_id): str(offer) for offer in Offer.objects.filter(wanted)}
    for job in jobs:
        job.offer_name = names.get((job.line_id, job.product_id), job.product_id)

"""Exports as lists and pages show them."""

from django.db.models import OuterRef, Subquery

from quotes.models import ExportJob, Offer


def visible(user=None):
    """The exports that a person may read: all of them, each with the name of its offer (`offer_label`)."""
    offer = Offer.objects.filter(line=OuterRef("line"), product_id=OuterRef("product_id"))
    jobs = ExportJob.objects.select_related("actor", "line", "command")
    return jobs.annotate(offer_label=Subquery(offer.values("label")[:1]))


def running(user):
    """What the person asked for and still waits for."""
    return ExportJob.objects.filter(actor=user, state__in=("asked", "running"))


def unseen(user):
    """What the person asked for, that is finished and was not looked at since."""
    return ExportJob.objects.filter(actor=user, state="ready", seen_at=None)

"""Exports as lists and pages show them."""

from django.db.models import OuterRef, Subquery

from quotes.models import Batch, ExportJob, Line, Offer


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


def current_pdf(line: Line) -> ExportJob | None:
    """The PDF that is kept here of the line as it is now."""
    return _ready().filter(line=line, line_revision=line.revision).order_by("-asked_at").first()


def kept_pdfs(lines: list[Line]) -> dict:
    """The newest PDF that is kept here of each line that has one, by the line's id."""
    return {job.line_id: job for job in _ready().filter(line__in=lines).order_by("asked_at")}


def still_made(batch: Batch) -> int:
    """How many files that a batch asked for are not here yet."""
    return ExportJob.objects.filter(command__batch_items__batch=batch, state__in=("asked", "running")).count()


def _ready():
    return ExportJob.objects.filter(kind=ExportJob.Kind.LINE, state="ready").exclude(file="").select_related("command")

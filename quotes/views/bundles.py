"""The files of the lines of a batch as one ZIP, and how many of them are here."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quotes.models import Batch, Line
from quotes.selectors import batches, exports
from quotes.services import bundles
from quotes.views import polling
from quotes.views.access import conflict
from quotes.views.files import attachment


@require_safe
def download(request, pk):
    """409 as long as a file is being made: afterwards the archive holds all there is."""
    batch = _batch(request, pk)
    if batch.state == "running" or exports.still_made(batch):
        return conflict(request, "files_coming", back=f"/batches/{pk}/")
    lines = Line.objects.filter(batch_items__batch=batch).prefetch_related("traces").order_by("batch_items__position")
    return attachment(bundles.streamed(list(lines)), f"lines-{batch.created_at:%Y-%m-%d}.zip", "application/zip")


@require_safe
def state(request, pk):
    """The fragment of the batch page that tells when the archive is complete."""
    batch = _batch(request, pk)
    context = {"batch": batch, "files": files(batch, polling.asked(request))}
    return render(request, "quotes/partials/batch_files.html", context)


def files(batch: Batch, n: int = 0) -> dict | None:
    """How the archive of a batch stands; a running batch is asked by its own page."""
    if batch.kind != Batch.Kind.PDF:
        return None
    coming, runs = exports.still_made(batch), batch.state == "running"
    again = polling.poll(polling.JOB, f"/_/batches/{batch.pk}/files", n) if coming and not runs else None
    return {"coming": coming, "waits": bool(coming or runs), "runs": runs, "poll": again}


def _batch(request, pk) -> Batch:
    batch = get_object_or_404(batches.visible(request.user), pk=pk)
    if batch.kind != Batch.Kind.PDF:
        raise Http404
    return batch

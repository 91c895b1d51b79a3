"""The files of a line: its PDF, one PDF an offer; each is asked for once and then downloaded from here."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quotes.forms.base import OnceForm
from quotes.models import ExportJob
from quotes.selectors import lines as selector
from quotes.services import previews
from quotes.services.permissions import may
from quotes.services.words import reason
from quotes.templatetags.offers import address
from quotes.views import polling


@require_safe
def fragment(request, pk):
    """The list again, as long as a file of it is being made."""
    line = get_object_or_404(selector.visible(request.user).prefetch_related("offers"), pk=pk)
    return render(request, "quotes/partials/line_documents.html", documents(request.user, line, polling.asked(request)))


def documents(user, line, n=0) -> dict:
    newest = _newest_jobs(line)
    rows = []
    if line.state != "acknowledged":  # a draft has no answer yet
        job = newest.get((ExportJob.Kind.LINE, ""))
        rows.append(_row(line, _("Answer of the line"), f"/lines/{line.pk}/pdf/", job))
    for offer in line.offers.all():
        if offer.product_id:
            job = newest.get((ExportJob.Kind.OFFER, offer.product_id))
            rows.append(_row(line, str(offer), f"{address(offer)}pdf/", job))
    is_open = any(row["job"] and row["job"].is_open for row in rows)
    again = polling.poll(polling.JOB, f"/_/lines/{line.pk}/documents", n) if is_open else None
    return {
        "line": line,
        "documents": rows,
        "may_export": may(user, "export") and line.basket is not None and line.remote_id and not line.is_gone,
        "documents_poll": again,
        "documents_paused": is_open and again is None,
    }


def _newest_jobs(line) -> dict:
    jobs = ExportJob.objects.filter(line=line).order_by("asked_at")
    return {(job.kind, job.product_id): job for job in jobs}


def _row(line, title, action, job) -> dict:
    return {
        "title": title,
        "action": action,
        "job": job,
        "why": reason(job.reason) if job and job.reason else "",
        "is_current": bool(job and job.line_revision == line.revision),
        "has_picture": bool(job and previews.numbers(job)),
        "form": OnceForm(auto_id=False),
    }

"""Pages of the exports: list, one export, its file, asking again."""

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from quotes.errors import Invalid
from quotes.forms.base import OnceForm
from quotes.forms.exports import ExportForm, in_words
from quotes.forms.refusals import Refusal
from quotes.htmx import redirect, render_page, wants_fragment
from quotes.models import ExportJob
from quotes.selectors import exports as selector
from quotes.services import exports, previews, spreadsheet
from quotes.services.permissions import require
from quotes.services.words import KINDS, reason
from quotes.views.answers import nonce_of
from quotes.views.changes import watched
from quotes.views.files import attachment
from quotes.views.paging import page_of
from quotes.views.polling import JOB, asked, poll
from quotes.views.starting import started


@require_safe
def index(request):
    exports.seen(selector.unseen(request.user))
    jobs = selector.visible(request.user)
    mine = request.GET.get("mine") == "1"
    page = page_of(request, jobs.filter(actor=request.user) if mine else jobs)
    for job in page.object_list:
        _describe(job, f"/_/exports/{job.pk}/row")
    context = {
        "page": page,
        "mine": mine,
        "live": any(job.poll for job in page.object_list),
        "running": sum(job.state == "running" for job in page.object_list),
        "asked": sum(job.state == "asked" for job in page.object_list),
        "form": ExportForm(maker="fr"),
        "news_poll": watched("exports", request.GET, page.object_list),
        "noun": "exports",
    }
    return render_page(request, "quotes/exports.html", "quotes/partials/exports_results.html", context)


@require_safe
def row(request, pk):
    """One row of the list, as long as it moves."""
    job = _job(request, pk)
    _describe(job, f"/_/exports/{pk}/row", asked(request))
    return render(request, "quotes/partials/export_row.html", {"job": job})


@require_safe
def detail(request, pk):
    """When the export that somebody watches has ended, the whole page comes anew: its marks say how it ended."""
    job = _job(request, pk)
    if wants_fragment(request) and "n" in request.GET and not job.is_open:
        return redirect(request, f"/exports/{pk}/")
    exports.seen(selector.unseen(request.user).filter(pk=pk))
    return _page(request, job)


@require_safe
def file(request, pk):
    job = _job(request, pk)
    if job.is_open:
        return _no_file(request, job, 409)
    data = _content(job)
    if data is None:
        return _no_file(request, job, 410)
    exports.seen(selector.unseen(request.user).filter(pk=pk))
    if job.kind == ExportJob.Kind.CSV and request.GET.get("original") != "1":
        return attachment(spreadsheet.rewritten(data).encode(), _file_name(job), spreadsheet.CONTENT_TYPE)
    return attachment(data, _file_name(job), job.content_type)


@require_POST
def again(request, pk):
    require(request.user, "export")
    job = _job(request, pk)

    def refused(refusal):
        return _page(request, job, errors=refusal.items)

    nonce = nonce_of(OnceForm(request.POST))
    try:
        command = exports.again(actor=request.user, nonce=nonce, job=job)
    except Invalid as error:
        return refused(Refusal(error.errors))
    return started(request, command, nonce, again=refused, back=f"/exports/{pk}/")


def _job(request, pk) -> ExportJob:
    return get_object_or_404(selector.visible(request.user), pk=pk)


def _page(request, job, errors=()) -> HttpResponse:
    _describe(job, f"/exports/{job.pk}/", asked(request))
    context = {
        "job": job,
        "pictures": previews.numbers(job),
        "errors": errors,
    }
    status = 422 if errors else 200
    return render_page(request, "quotes/export.html", "quotes/partials/export_job.html", context, status)


def _no_file(request, job, status) -> HttpResponse:
    _describe(job, "")
    return render(request, "quotes/export_no_file.html", {"job": job}, status=status)


def _describe(job: ExportJob, address: str, n: int = 0) -> None:
    """What it is in words, and when the page asks again how it stands."""
    job.title = KINDS[f"export_{job.kind}"]
    job.filters_in_words = in_words(job.filters)
    job.why = reason(job.reason) if job.reason else ""
    job.again = OnceForm(auto_id=False) if "again" in job.shown_state.allows else None
    job.kept_until = _kept_until(job) if job.state == "ready" and job.ready_at else None
    job.poll = poll(JOB, address, n) if job.is_open else None


def _kept_until(job: ExportJob) -> date:
    return timezone.localtime(job.ready_at + timedelta(seconds=settings.SYNC["export_keep"])).date()


def _content(job: ExportJob) -> bytes | None:
    """The bytes kept here; None when there are none."""
    if job.state != "ready" or not job.file:
        return None
    try:
        with job.file.open() as kept:
            return kept.read()
    except FileNotFoundError:
        return None


def _file_name(job: ExportJob) -> str:
    if job.kind == ExportJob.Kind.CSV:
        return f"lines-{timezone.localtime(job.asked_at):%Y-%m-%d}.csv"
    reference = job.line.reference or job.line.title
    return f"{reference}-{job.product_id}.pdf" if job.product_id else f"{reference}.pdf"

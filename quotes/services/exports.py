"""PDF and CSV files that the operator makes: asked by a command, watched as a job, fetched once, kept here."""

from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from quotes import covage
from quotes.covage import CovageBadPayload, CovageError, CovageNotFound, CovageRefused
from quotes.errors import NotPossible
from quotes.models import Command, Event, ExportJob, Line
from quotes.models.commands import Kind
from quotes.services import previews, recording, sender
from quotes.services.acts import Act, act
from quotes.services.baskets import known_id
from quotes.services.permissions import require
from quotes.sync.store import moment

ASK_AGAIN = (1, 2, 4, 8, 15, 30, 60)  # times SYNC["export"] / 2: seconds between two looks at a running export
BATCH = 20
KINDS = {Kind.EXPORT_LINE: "line_pdf", Kind.EXPORT_OFFER: "offer_pdf", Kind.EXPORT_CSV: "csv"}


def line_pdf(*, actor, nonce: str, line: Line) -> Command:
    """POST …/export/pdf/. The job is `command.export`."""
    return _start(Kind.EXPORT_LINE, actor, nonce, line=line)


def offer_pdf(*, actor, nonce: str, line: Line, product_id: str) -> Command:
    """POST …/price/{product_id}/export/pdf/."""
    return _start(Kind.EXPORT_OFFER, actor, nonce, line=line, product_id=product_id)


def csv(*, actor, nonce: str, filters: dict) -> Command:
    """POST /quote_item/export/csv/ with the filters that were filled in."""
    return _start(Kind.EXPORT_CSV, actor, nonce, params=filters)


def again(*, actor, nonce: str, job: ExportJob) -> Command:
    """Ask once more for an export whose file was never made or is no longer kept; it becomes a new job."""
    require(actor, "export")
    if "again" not in job.shown_state.allows:
        raise NotPossible("state")
    if job.kind == ExportJob.Kind.CSV:
        return csv(actor=actor, nonce=nonce, filters=job.filters)
    if job.kind == ExportJob.Kind.OFFER:
        return offer_pdf(actor=actor, nonce=nonce, line=job.line, product_id=job.product_id)
    return line_pdf(actor=actor, nonce=nonce, line=job.line)


def seen(unseen) -> None:
    """Whoever asked for them has now seen that they are finished."""
    if unseen.exists():  # a page that is only read writes nothing
        unseen.update(seen_at=timezone.now())


def allowed(line: Line) -> None:
    """Raises NotPossible where the address of the export cannot be made, or leads nowhere any more."""
    if line.basket is None or line.is_gone:
        raise NotPossible("orphan")


def _start(kind, actor, nonce, *, line=None, product_id="", params=None) -> Command:
    require(actor, "export")
    params = params if params is not None else {"line": str(line.pk), "product_id": product_id}
    fields = {"kind": kind, "nonce": nonce, "actor": actor, "params": params}

    def insert():
        if line:
            allowed(line)
        running = _running(kind, line, product_id, params)
        if running:
            return running.command
        about = {"basket": line.basket if line else None, "line": line, "product_id": product_id}
        command = recording.record(**about, **fields)
        filters = params if kind == Kind.EXPORT_CSV else {}
        job = ExportJob(kind=KINDS[kind], actor=actor, line=line, product_id=product_id, filters=filters)
        job.command, job.line_revision = command, line.revision if line else None
        job.save()
        return command

    command, new = recording.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def _running(kind, line, product_id, params) -> ExportJob | None:
    """The same file on its way already, whoever asked: one task serves all."""
    alike = ExportJob.objects.filter(kind=KINDS[kind], line=line, product_id=product_id, state__in=("asked", "running"))
    filters = params if kind == Kind.EXPORT_CSV else {}
    return next((job for job in alike.exclude(command=None).select_related("command") if job.filters == filters), None)


class ExportAct(Act):
    """The start of an export. A lost answer cannot be proven, and a second start costs nothing: it may be repeated."""

    permission = "export"
    quiet = "export"
    may_double = True

    def result(self, answer):
        return {"task_id": answer}

    def answered(self, command, answer, asked):
        job = ExportJob.objects.filter(command=command, state="asked")
        job.update(state="running", task_id=answer[:200], due_at=timezone.now())

    def failed(self, command):
        ExportJob.objects.filter(command=command, state="asked").update(
            state="failed", reason=command.reason or command.state
        )

    def touch(self, command):
        """An export changes no mirror."""


@act
class ExportLine(ExportAct):
    kind = Kind.EXPORT_LINE

    def send(self, client, command):
        return client.export_line_pdf(known_id(command.basket), known_id(command.line))


@act
class ExportOffer(ExportAct):
    kind = Kind.EXPORT_OFFER

    def send(self, client, command):
        return client.export_offer_pdf(known_id(command.basket), known_id(command.line), command.product_id)


@act
class ExportCsv(ExportAct):
    kind = Kind.EXPORT_CSV

    def send(self, client, command):
        return client.export_csv(command.params)


def expire_old() -> int:
    """Remove the files that were kept long enough. The state goes first: a file that is left over goes next time."""
    old = timezone.now() - timedelta(seconds=settings.SYNC["export_keep"])
    for job in ExportJob.objects.filter(state="ready", ready_at__lt=old)[:BATCH]:
        _end(job, "expired", "too_old", was="ready")
    left = ExportJob.objects.filter(state="expired").exclude(file="").exclude(file=None)[:BATCH]
    for job in left:
        job.file.delete(save=False)
        previews.remove(job)
        ExportJob.objects.filter(pk=job.pk, state="expired").update(file="")
    return len(left)


def poll_due(client: covage.CovageClient, tally) -> None:
    """Look at the running exports that are due. Raises CovageUnavailable when the operator does not answer."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = ExportJob.objects.filter(free, state="running", due_at__lte=now).order_by("due_at")
    for job in due[:BATCH]:
        claimed = due.filter(pk=job.pk).update(claimed_until=now + timedelta(seconds=60), checks=F("checks") + 1)
        if claimed:
            tally.seen += 1
            tally.changed += poll(client, job)


def poll(client: covage.CovageClient, job: ExportJob) -> bool:
    """One look at one export; fetches its file when it is ready. Returns whether it ended."""
    try:
        status = client.export_status(job.task_id)
        if status.failed:
            return _end(job, "failed", "failed_there", status)
        if not status.running:
            return _fetched(job, client.download_export(job.task_id), status)
    except CovageNotFound:
        return _end(job, "failed", "lost_there")
    except (CovageBadPayload, CovageRefused):
        return _wait(job, "unreadable_file")  # a gateway's page, most likely: the file may come at the next look
    except CovageError:
        _later(job)
        raise
    return _wait(job, "too_long", status)


def _wait(job, reason, status=None) -> bool:
    """Look again later; past the limit the export ends, for this reason."""
    if (timezone.now() - job.asked_at).total_seconds() > settings.SYNC["export_limit"]:
        return _end(job, "failed", reason, status)
    _later(job, status)
    return False


def _later(job, status=None):
    step = ASK_AGAIN[min(job.checks, len(ASK_AGAIN) - 1)] * settings.SYNC["export"] / 2
    facts = {"started": moment(status.started)} if status and status.started else {}
    ExportJob.objects.filter(pk=job.pk).update(
        due_at=timezone.now() + timedelta(seconds=step), claimed_until=None, **facts
    )


def _end(job, state, reason, status=None, was="running") -> bool:
    facts = {"started": moment(status.started), "stopped": moment(status.stopped)} if status else {}
    with transaction.atomic():
        ended = ExportJob.objects.filter(pk=job.pk, state=was).update(
            state=state, reason=reason, claimed_until=None, due_at=None, **facts
        )
        if ended:
            Event.add(f"export_{state}", line=job.line, command=job.command, export=str(job.pk), reason=reason)
    return bool(ended)


def _fetched(job, file: covage.File, status) -> bool:
    """Type by the first bytes: the specification calls every download text/csv."""
    content_type = type_of(file.data)
    if content_type is None or (job.kind != "csv") != (content_type == "application/pdf"):
        return _end(job, "failed", "unreadable_file", status)
    job.file.save(str(job.pk), ContentFile(file.data), save=False)
    pages = previews.make(job, file.data) if content_type == "application/pdf" else None
    kept = {"file": job.file.name, "content_type": content_type, "size": len(file.data), "pages": pages}
    ExportJob.objects.filter(pk=job.pk).update(**kept, ready_at=timezone.now())
    return _end(job, "ready", "", status)


def type_of(data: bytes) -> str | None:
    """application/pdf, text/csv, or None for what is neither (an HTML page of a gateway, nothing, binary)."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if not head or head[:1] == b"<" or head[:1] == b"{" or b"\x00" in head:
        return None
    return "text/csv"

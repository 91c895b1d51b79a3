"""Exports: started here, ready after a while, fetched by their task id."""

from datetime import timedelta

from django.shortcuts import get_object_or_404

from sandbox import bodies, clock, filters, sheet
from sandbox.api.lines import find
from sandbox.api.traces import attachment
from sandbox.models import Export, Line, Offer
from sandbox.refusals import conflict, not_found

CONTENT_TYPES = {"csv": "text/csv", "pdf": "application/pdf"}


def line_pdf(request, quote_id, quote_item_id):
    line = _answered(request, quote_id, quote_item_id)
    return _start("pdf", f"{line.reference}.pdf", _letter(line, list(line.offers.all())))


def offer_pdf(request, quote_id, quote_item_id, product_id):
    line = _answered(request, quote_id, quote_item_id)
    offers = list(line.offers.filter(product_id=product_id))
    if not offers:
        raise not_found()
    return _start("pdf", f"{line.reference}-{product_id}.pdf", _letter(line, offers))


def lines_csv(request):
    wanted = bodies.read(request, bodies.CsvFilters)
    rows = filters.lines(Line.objects.select_related("site", "order").order_by("number"), wanted)
    return _start("csv", "quote_items.csv", sheet.write(rows))


def status(request, task_id):
    export, moment = _export(task_id), clock.now()
    finished = moment >= export.stopped
    return {
        "task_id": export.task_id,
        "success": finished and not export.failed,
        "started": clock.iso(export.started) if finished else None,
        "stopped": clock.iso(export.stopped) if finished else None,
    }


def download(request, task_id):
    export = _export(task_id)
    if clock.now() < export.stopped:
        raise conflict("The export is not finished.")
    if export.failed:
        raise not_found()
    return attachment(export.name, CONTENT_TYPES[export.kind], export.content)


def _answered(request, quote_id, quote_item_id) -> Line:
    bodies.read(request, bodies.Body)
    line = find(quote_id, quote_item_id)
    if line.response_date is None:
        raise conflict(f"The quotation line is {line.state}: there is no response to export yet.")
    return line


def _letter(line: Line, offers: list[Offer]) -> bytes:
    from sandbox import letter  # its library would be a third of the time that the sandbox takes to start

    return letter.write(line, offers)


def _start(kind: str, name: str, content: bytes):
    moment = clock.now()
    stopped = moment + timedelta(seconds=clock.export_delay())
    export = Export.objects.create(kind=kind, name=name, content=content, started=moment, stopped=stopped)
    return 202, {"task_id": export.task_id}


def _export(task_id: str) -> Export:
    return get_object_or_404(Export, task_id=task_id)

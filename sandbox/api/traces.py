from django.http import HttpResponse
from django.utils.http import content_disposition_header

from sandbox import kmz, shapes
from sandbox.api.lines import find
from sandbox.lifecycle import require_draft
from sandbox.models import TEXT, Line, Trace
from sandbox.refusals import Refusal, invalid, not_found
from sandbox.refusals import detail as refusal

LARGEST = 20 * 1024 * 1024


def upload(request, quote_id, quote_item_id):
    line = find(quote_id, quote_item_id)
    require_draft(line.basket)
    name, content = _file(request)
    Trace.objects.update_or_create(line=line, defaults={"name": name, "content": content})
    return shapes.basket_detail(line.basket)


def download(request, quote_id, quote_item_id):
    trace = _trace(find(quote_id, quote_item_id))
    return attachment(trace.name, "application/vnd.google-earth.kmz", trace.content)


def delete(request, quote_id, quote_item_id):
    line = find(quote_id, quote_item_id)
    trace = _trace(line)
    require_draft(line.basket)
    trace.delete()
    return {"detail": "The trace file has been deleted."}


def attachment(name: str, content_type: str, content: bytes) -> HttpResponse:
    response = HttpResponse(bytes(content), content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _file(request) -> tuple[str, bytes]:
    """Name and bytes of the one part `file`. Raises Refusal."""
    if request.content_type != "multipart/form-data":
        raise refusal(415, f'Unsupported media type "{request.content_type}" in request.')
    others = {name for name in (*request.POST, *request.FILES) if name != "file"}
    if others:
        raise Refusal(400, {name: ["Unexpected field."] for name in sorted(others)})
    file = request.FILES.get("file")
    if file is None:
        raise invalid("file", "No file was submitted.")
    if file.size > LARGEST:
        raise invalid("file", "The file is larger than 20 MB.")
    name, content = file.name[-TEXT:], file.read()
    if problem := kmz.problem(name, content):
        raise invalid("file", problem)
    return name, content


def _trace(line: Line) -> Trace:
    if not hasattr(line, "trace"):
        raise not_found()
    return line.trace

"""The trace of a line: see it, send one, delete it, and its bytes for others to use."""

import json

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quotes.covage import CovageError
from quotes.errors import Invalid, NotPossible
from quotes.forms.base import OnceForm
from quotes.forms.kmz_words import sentence
from quotes.forms.refusals import Refusal
from quotes.forms.traces import TraceForm
from quotes.htmx import render_page
from quotes.kmz import KmzError
from quotes.selectors import history
from quotes.selectors.traces import site_of, versions
from quotes.services import lines, traces
from quotes.services.permissions import may, require
from quotes.views import tiles
from quotes.views.access import conflict
from quotes.views.answers import nonce_of, state_first, tell
from quotes.views.files import attachment
from quotes.views.line_page import line_of, traced
from quotes.views.methods import form_page

KMZ, GEOJSON = "application/vnd.google-earth.kmz", "application/geo+json"


@form_page
def trace(request, pk):
    line = line_of(request, pk)
    if request.method == "POST":
        require(request.user, "trace")
        return _upload(request, line)
    return page(request, line, TraceForm(), unreachable=not _fetched(line))


@form_page
def delete(request, pk):
    line = line_of(request, pk)
    if request.method == "POST":
        require(request.user, "trace")
        return _delete(request, line)
    return _delete_page(request, line, OnceForm())


@require_safe
def kmz(request, pk):
    """Byte for byte what the operator holds."""
    line, held = _held(request, pk)
    if held is None:
        return _unreachable(request, line)
    return attachment(held.file.open(), _name(line, "kmz"), KMZ)


@require_safe
def geojson(request, pk):
    """What we draw of it: thinned out, plain names, nothing else of the file."""
    line, held = _held(request, pk)
    if held is None:
        return _unreachable(request, line)
    if not held.geometry:
        raise Http404
    return attachment(json.dumps(held.geometry).encode(), _name(line, "geojson"), GEOJSON)


def _held(request, pk):
    """The line and its trace; no trace when it has to be fetched and the operator does not answer. None at all: 404."""
    line = line_of(request, pk)
    try:
        held = traces.original(line)
    except CovageError:
        return line, None
    if held is None:
        raise Http404
    return line, held


def _fetched(line) -> bool:
    """Have what the operator holds here, so that it can be drawn. False: it does not answer."""
    try:
        traces.original(line)
    except CovageError:
        return False
    line.refresh_from_db()
    return True


def _name(line, ending) -> str:
    return f"{line.reference or line.pk}.{ending}"


def _unreachable(request, line):
    return render(request, "quotes/unreachable.html", {"back": f"/lines/{line.pk}/trace/"}, status=503)


def _upload(request, line):
    form = TraceForm(request.POST, request.FILES)
    return told(request, line, form, lambda: _send(request.user, line, form))


def told(request, line, form, send):
    """`send()` hands the file over; whatever becomes of it is told on the trace page."""

    def again(refusal):
        form.refuse(refusal)
        return page(request, line, form.renew(), status=422)

    try:
        with state_first(lines.allowed, line, "trace"):
            command = send()
    except NotPossible as error:
        return conflict(request, error.reason, command=error.command, back=f"/lines/{line.pk}/")
    except Invalid as error:
        object_to(form, error)
        return page(request, line, form.renew(), status=422)
    return tell(request, command, to=f"/lines/{line.pk}/trace/", again=again, back=f"/lines/{line.pk}/")


def _send(actor, line, form):
    file = read(form)
    return traces.upload(actor=actor, nonce=form.cleaned_data["nonce"], line=line, **file)


def read(form) -> dict:
    """Name and bytes of the file. Raises Invalid when the form already says why there is none."""
    if not form.is_valid():
        raise Invalid({})
    file = form.cleaned_data["file"]
    return {"name": file.name, "data": file.read(traces.LARGEST + 1)}


def object_to(form, error: Invalid) -> None:
    """A file that cannot be taken gets the reader's own sentence, with what it found."""
    if isinstance(error.__cause__, KmzError):
        form.add_error("file", sentence(error.__cause__))
    else:
        form.object_to(error.errors)


def _delete(request, line):
    form = OnceForm(request.POST)

    def again(refusal):
        form.refuse(refusal)
        return _delete_page(request, line, form.renew())

    try:
        with state_first(lines.allowed, line, "trace"):
            command = traces.remove(actor=request.user, nonce=nonce_of(form), line=line)
    except NotPossible as error:
        return conflict(request, error.reason, command=error.command, back=f"/lines/{line.pk}/")
    except Invalid as error:
        return again(Refusal(error.errors))
    return tell(request, command, to=f"/lines/{line.pk}/", again=again, back=f"/lines/{line.pk}/")


def page(request, line, form, *, status=200, unreachable=False):
    found = list(versions(line, request.user))
    other = next((version for version in found if str(version.pk) == request.GET.get("with")), None)
    context = {
        "line": line,
        "form": form,
        "can": may(request.user, "trace") and line.allows("trace"),
        "versions": found,
        "pending": history.pending(line=line),
        "unreachable": unreachable,
        "site": site_of(line),
        "other": other if other and other.geometry else None,
        **tiles.context(),
    }
    context |= traced(line, context["other"])
    templates = "quotes/trace.html", "quotes/partials/trace_form.html"
    return tiles.allowed(render_page(request, *templates, context, status))


def _delete_page(request, line, form):
    can = may(request.user, "trace") and line.allows("trace") and (line.has_trace or line.shown_trace)
    context = {"line": line, "form": form, "can": can, "trace": line.shown_trace}
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "quotes/trace_delete.html", "quotes/partials/trace_delete.html", context, status)

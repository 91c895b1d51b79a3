"""The versions of a trace that were kept here: each one's bytes, its route, and sending it once more."""

import json

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from quotes.forms.base import OnceForm
from quotes.forms.traces import AgainForm
from quotes.selectors.traces import versions
from quotes.services import traces
from quotes.services.permissions import require
from quotes.views.answers import nonce_of
from quotes.views.files import attachment
from quotes.views.line_page import line_of
from quotes.views.traces import GEOJSON, KMZ, told


@require_safe
def kmz(request, pk, version):
    """The file as it came, under the name it came with."""
    found = _version(request, pk, version)
    return attachment(found.file.open(), found.name, KMZ)


@require_safe
def geojson(request, pk, version):
    found = _version(request, pk, version)
    if not found.geometry:
        raise Http404
    return attachment(json.dumps(found.geometry).encode(), f"{version}.geojson", GEOJSON)


@require_POST
def send(request, pk, version):
    require(request.user, "trace")
    found = _version(request, pk, version)
    nonce = nonce_of(OnceForm(request.POST))
    return told(
        request,
        found.line,
        AgainForm(request.POST),
        lambda: traces.send_again(actor=request.user, nonce=nonce, version=found),
    )


def _version(request, pk, version):
    line = line_of(request, pk)
    found = get_object_or_404(versions(line, request.user), pk=version)
    found.line = line
    return found

"""Two audiences, one view: htmx gets a fragment, everybody else a page."""

import json

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url


def wants_fragment(request) -> bool:
    """Not for boosted links and not for the back button: both replace the whole page."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render_page(request, page_template, fragment_template, context, status=200):
    """`fragment_template` is the file that `page_template` includes, so the two cannot drift."""
    template = fragment_template if wants_fragment(request) else page_template
    return render(request, template, context, status=status)


def go_on(request, to: str, target: str):
    """The outcome is in the fragment of `to`: the dialog closes, and `target` is swapped for it without a new page."""
    if not wants_fragment(request):
        return redirect(request, to)
    location = json.dumps({"path": to, "target": target, "swap": "outerHTML show:none"})
    return HttpResponse(status=204, headers={"HX-Location": location, "HX-Trigger": "close-dialog"})


def redirect(request, to, command=None):
    """See the outcome at `to`: 303, or 204 with HX-Redirect (a whole page: HX-Location would fetch a fragment).

    `command` is the journalled write that this answer is about; its id travels as `Portal-Command`.
    """
    if wants_fragment(request):
        response = HttpResponse(status=204, headers={"HX-Redirect": resolve_url(to)})
    else:
        response = HttpResponseRedirect(resolve_url(to), status=303)
    if command is not None:
        response["Portal-Command"] = str(command.pk)
    return response

"""Looking at a route before it is sent: as a page, or as the fragment beside the form once a file is chosen."""

from quotes.drawing import draw_trace
from quotes.errors import Invalid, NotPossible
from quotes.forms.kmz_words import notes
from quotes.forms.traces import TraceForm
from quotes.htmx import render_page, wants_fragment
from quotes.models import Trace
from quotes.selectors.traces import facts, site_of
from quotes.services import lines, traces
from quotes.services.permissions import may, require
from quotes.views.access import conflict
from quotes.views.answers import state_first
from quotes.views.line_page import line_of
from quotes.views.methods import form_page
from quotes.views.traces import object_to, read

PAGE, FRAGMENT = "quotes/trace_check.html", "quotes/partials/trace_check.html"


@form_page
def check(request, pk):
    line = line_of(request, pk)
    if request.method == "POST":
        require(request.user, "trace")
        return _check(request, line, TraceForm(request.POST, request.FILES))
    return _page(request, line, TraceForm())


def _check(request, line, form):
    try:
        with state_first(lines.allowed, line, "trace"):
            found = _looked_at(request, line, read(form))
    except NotPossible as error:
        return conflict(request, error.reason, command=error.command, back=f"/lines/{line.pk}/")
    except Invalid as error:
        object_to(form, error)
        return _page(request, line, form.renew(), status=422)
    return _page(request, line, TraceForm(), trace=found)


def _looked_at(request, line, file) -> Trace:
    """Beside the form the browser still holds the file; a page without script needs it kept until it is sent."""
    if not wants_fragment(request):
        return traces.put_aside(actor=request.user, line=line, **file)
    lines.allowed(line, "trace")
    found = traces.check(**file)
    name = traces.file_name(file["name"])
    size = len(file["data"])
    about = {"length_m": found.length_m, "points": found.points, "notes": list(found.notes), "size": size}
    return Trace(line=line, name=name, geometry=found.geojson(), **about)


def _page(request, line, form, *, trace=None, status=200):
    site = site_of(line)
    context = {
        "line": line,
        "form": form,
        "can": may(request.user, "trace") and line.allows("trace"),
        "trace": trace,
        "trace_facts": facts(trace, site) if trace else None,
        "trace_notes": notes(trace.notes) if trace else [],
        "drawing": draw_trace(trace.geometry, site=site, name="check") if trace else "",
        "fragment": wants_fragment(request),
    }
    return render_page(request, PAGE, FRAGMENT, context, status)

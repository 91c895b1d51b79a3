"""Pages of the batches: how far each is, what became of each item, stop and resume."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes.htmx import redirect, render_page, wants_fragment
from quotes.selectors import batches as selector
from quotes.services import batches
from quotes.services.permissions import may, require
from quotes.services.words import BATCHES
from quotes.views import bundles, import_route
from quotes.views.batch_facts import describe
from quotes.views.paging import page_of
from quotes.views.polling import JOB, asked, poll

# Where a batch that is being prepared goes on.
PREPARED_AT = {"import": "/imports/{pk}/check/", "traces": "/traces/{pk}/check/"}


@require_safe
def index(request):
    page = page_of(request, selector.visible(request.user).exclude(state="draft"))
    counted = selector.counted(page.object_list)
    for batch in page.object_list:
        batch.title = BATCHES[batch.kind]
        batch.summary = selector.summary(counted[batch.pk])
    return render_page(request, "quotes/batches.html", "quotes/partials/batches_results.html", {"page": page})


@require_safe
def detail(request, pk):
    """While it runs the page asks again; when it has moved on to another state, the whole page comes anew."""
    batch = _batch(request, pk)
    if batch.state == "draft":
        return redirect(request, PREPARED_AT.get(batch.kind, "/batches/").format(pk=pk))
    if wants_fragment(request) and request.GET.get("seen", batch.state) != batch.state:
        return redirect(request, f"/batches/{pk}/")
    return render_page(request, "quotes/batch.html", "quotes/partials/batch.html", _context(request, batch))


@require_POST
def stop(request, pk):
    batch = _batch(request, pk)
    require(request.user, "create")
    batches.stop(batch, request.user)
    messages.success(request, _("Done: stopped. What is on its way is finished; nothing further begins."))
    return redirect(request, f"/batches/{pk}/")


@require_POST
def resume(request, pk):
    batch = _batch(request, pk)
    require(request.user, "create")
    batches.resume(batch, request.user)
    messages.success(request, _("Done: it goes on where it stopped."))
    return redirect(request, f"/batches/{pk}/")


def _batch(request, pk):
    return get_object_or_404(selector.visible(request.user), pk=pk)


def _context(request, batch) -> dict:
    summary = selector.summary(selector.counted([batch])[batch.pk])
    only = request.GET.get("show", "")
    page = page_of(request, selector.not_done(batch) if only == "failed" else selector.items(batch))
    describe(page.object_list)
    moves = batch.state == "running" or summary["moving"]
    again = poll(JOB, f"/batches/{batch.pk}/", asked(request), seen=batch.state, show=only) if moves else None
    allows = batch.shown_state.allows if may(request.user, "create") else ()
    return {
        "batch": batch,
        "title": BATCHES[batch.kind],
        "route": import_route.of_batch(batch, summary) if batch.kind == "import" else None,
        "summary": summary,
        "page": page,
        "show": only,
        "poll": again,
        "moves": moves,
        "files": bundles.files(batch),
        "can_stop": "stop" in allows,
        "can_resume": "resume" in allows,
    }

"""Recovery copies of forms: kept while somebody types, offered when the same form is opened again."""

from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotes.htmx import redirect
from quotes.selectors import drafts as selector
from quotes.services import drafts
from quotes.services.permissions import require


@require_POST
def keep(request):
    """The script posts the fields and `place`, the form's address; the answer is the sentence that it shows."""
    require(request.user, "comment")
    if int(request.META.get("CONTENT_LENGTH") or 0) > drafts.LARGEST:
        return HttpResponse(status=413)
    draft = drafts.keep(request.user, _place(request), request.POST, request.POST.get("nonce", ""))
    return HttpResponse(said(draft) if draft else "", content_type="text/plain; charset=utf-8")


@require_POST
def discard(request):
    require(request.user, "comment")
    place = _place(request)
    drafts.drop(request.user, place)
    return redirect(request, place)


def recovery(request, form) -> dict:
    """Context of a form page: the copy to resume or discard; with `?draft=1` the form shows it.

    A form that was refused is kept at once, so that without a script nothing is lost either.
    """
    if form.is_bound:
        return {"kept": said(drafts.keep(request.user, request.path, form.data)), "keeps": True}
    draft = selector.of(request.user, request.path)
    resumed = bool(draft) and "draft" in request.GET
    if resumed:
        form.resume(selector.as_posted(draft))
    query = request.GET.copy()
    query["draft"] = "1"
    return {"draft": draft, "resumed": resumed, "keeps": resumed or not draft, "resume": f"?{query.urlencode()}"}


def said(draft) -> str:
    at = timezone.localtime(draft.saved_at)
    return _("Recovery copy %(time)s, visible to you alone. It is never sent.") % {"time": f"{at:%H:%M:%S}"}


def _place(request) -> str:
    """The address of a page of this portal. Raises Http404."""
    place = request.POST.get("place", "")[:200]
    try:
        resolve(place)
    except Resolver404 as error:
        raise Http404 from error
    return place

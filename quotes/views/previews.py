"""A page of a finished PDF as a picture: what the pages of the line and of the export show."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from quotes.selectors import exports as selector
from quotes.services import previews


@require_safe
def page(request, pk, number):
    data = previews.picture(get_object_or_404(selector.visible(request.user), pk=pk), number)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response

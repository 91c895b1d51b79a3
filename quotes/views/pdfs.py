"""Starting the operator's PDFs; the files themselves are exports."""

from django.http import Http404
from django.views.decorators.http import require_POST

from quotes.errors import Invalid, NotPossible
from quotes.forms.base import OnceForm
from quotes.forms.refusals import Refusal
from quotes.services import exports
from quotes.services.permissions import require
from quotes.views import line_page
from quotes.views.access import conflict
from quotes.views.answers import nonce_of, state_first
from quotes.views.starting import started


@require_POST
def of_line(request, pk):
    line = line_page.line_of(request, pk)
    return _started(request, line, exports.line_pdf)


@require_POST
def of_offer(request, pk, product_id):
    line = line_page.line_of(request, pk)
    if product_id not in {offer.product_id for offer in line.offers.all()}:
        raise Http404
    return _started(request, line, exports.offer_pdf, product_id=product_id)


def _started(request, line, start, **which):
    """To the page of the export; refused by the operator, back to the line with its words (422)."""
    require(request.user, "export")

    def again(refusal):
        return line_page.page(request, line, errors=refusal.items, status=422)

    nonce = nonce_of(OnceForm(request.POST))
    try:
        with state_first(exports.allowed, line):
            command = start(actor=request.user, nonce=nonce, line=line, **which)
    except NotPossible as error:
        return conflict(request, error.reason, command=error.command, back=f"/lines/{line.pk}/")
    except Invalid as error:
        return again(Refusal(error.errors))
    return started(request, command, nonce, again=again, back=f"/lines/{line.pk}/")

"""Reading again from the operator because a person asked: same telling for baskets and lines."""

from django.contrib import messages
from django.utils.translation import gettext as _

from quotes.covage import CovageError, CovageNotFound
from quotes.htmx import redirect


def unreachable(request) -> None:
    messages.error(request, _("Error: the operator does not answer. You still see what was read last."))


def refreshed(request, to: str, read, remote_id):
    """Call `read`, say how it went, and go back to the object; what is stored stays when it fails."""
    if not remote_id:
        messages.info(request, _("The operator does not know it yet: there is nothing to read."))
        return redirect(request, to)
    try:
        read()
    except CovageNotFound:
        messages.warning(request, _("The operator no longer finds it. Asked again later before it counts as gone."))
    except CovageError:
        unreachable(request)
    else:
        messages.success(request, _("Read again from the operator just now."))
    return redirect(request, to)

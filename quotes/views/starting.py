"""How the start of an export is told: by the page of the export, whether it was started just now or is made already."""

from django.contrib import messages
from django.utils.translation import gettext as _

from quotes.htmx import redirect
from quotes.models import Command
from quotes.views.answers import tell


def started(request, command: Command, nonce: str, *, again, back: str = ""):
    """`command`: the one that the form of `nonce` recorded, or an earlier one whose file answers the same wish."""
    to = f"/exports/{command.export.pk}/"
    if command.nonce == nonce:
        return tell(request, command, to=to, again=again, back=back)
    messages.info(request, _("This file is being made already: one serves everybody who asks for it."))
    return redirect(request, to, command)

"""The two fields of a basket."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import ChangesForm
from quotes.forms.fields import PlainText
from quotes.services.naming import LONGEST

# While it is typed, a fragment says whether another basket has it; pages of the form have a place #named for that.
WARNS = {"hx-get": "/_/baskets/named", "hx-trigger": "change", "hx-target": "#named", "hx-sync": "this:replace"}


class BasketForm(ChangesForm):
    external_id = PlainText(
        label=_("Your reference"),
        help_text=_("Any text that you will recognise. Left empty, the portal makes one."),
        max_length=LONGEST,
        widget=forms.TextInput(WARNS),
        required=False,
    )
    project_id = PlainText(
        label=_("Project"),
        help_text=_("The operator’s project code. Other text is accepted."),
        max_length=100,
        required=False,
    )

    def __init__(self, *args, projects=(), own=None, **kwargs):
        super().__init__(*args, **kwargs)
        if own:
            self.fields["external_id"].widget.attrs["hx-get"] += f"?but={own.pk}"
        self.fields["project_id"].suggestions = projects

"""The two fields of a basket."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import ChangesForm
from quotes.services.naming import LONGEST


class BasketForm(ChangesForm):
    external_id = forms.CharField(
        label=_("Your reference"),
        help_text=_("Any text that you will recognise. Left empty, the portal makes one."),
        max_length=LONGEST,
        required=False,
    )
    project_id = forms.CharField(
        label=_("Project"),
        help_text=_("The operator’s project code. Other text is accepted."),
        max_length=100,
        required=False,
    )

    def __init__(self, *args, projects=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project_id"].suggestions = projects

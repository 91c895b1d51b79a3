"""One KMZ file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import OnceForm


class TraceForm(OnceForm):
    file = forms.FileField(
        label=_("Trace file"),
        help_text=_("KMZ, 10 MB at most."),
        max_length=300,
        allow_empty_file=True,  # an empty file gets the reader's own sentence
        error_messages={"required": _("Choose a KMZ file first.")},
    )

    def clean_file(self):
        if len(self.files.getlist("file")) > 1:
            raise forms.ValidationError(_("One file at a time."))
        return self.cleaned_data["file"]


class AgainForm(TraceForm):
    """The same form after a version was sent that is kept here: no file comes with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

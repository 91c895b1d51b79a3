"""The form of a saved view."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.services.words import reason


class SavedViewForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("Everybody may use it"), help_text=_("Colleagues see it under your name."), required=False
    )

    def __init__(self, *args, may_share, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    def object_to(self, errors: dict[str, list[str]]) -> None:
        for name, codes in errors.items():
            for code in codes:
                self.add_error(name, reason(code))

"""A person's own settings."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quotes.models import Preference


class PreferenceForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser")), *settings.LANGUAGES], required=False
    )
    theme = forms.ChoiceField(
        label=_("Theme"), choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))], required=False
    )
    page_size = forms.TypedChoiceField(
        label=_("Rows a page"), choices=[(25, "25"), (50, "50"), (100, "100")], coerce=int
    )
    single_keys = forms.BooleanField(label=_("Single-key shortcuts"), required=False)

    class Meta:
        model = Preference
        fields = ("language", "theme", "page_size", "single_keys")

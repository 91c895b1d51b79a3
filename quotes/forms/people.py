"""A person's own settings, and what an administrator settles about a person."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import ChangesForm
from quotes.models import Preference
from quotes.models.people import PAGE_SIZES
from quotes.services.words import ROLES

ROLE_CHOICES = [("", _("Choose a role")), *ROLES.items()]


SECTIONS = {
    "look": (_("Language and look"), ("language", "theme", "density")),
    "lists": (_("Lists"), ("page_size",)),
    "keys": (_("Keyboard"), ("single_keys",)),
}


class PreferenceForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser")), *settings.LANGUAGES], required=False
    )
    theme = forms.ChoiceField(
        label=_("Theme"), choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))], required=False
    )
    density = forms.ChoiceField(
        label=_("Rows of lists"), choices=[("", _("Comfortable")), ("compact", _("Compact"))], required=False
    )
    page_size = forms.TypedChoiceField(
        label=_("Rows a page"), choices=[(size, str(size)) for size in PAGE_SIZES], coerce=int
    )
    single_keys = forms.BooleanField(
        label=_("Single-key shortcuts"),
        help_text=_(
            "“/” goes to the search, “?” lists the keys, “j” and “k” go through the lines to decide. "
            "No key decides anything."
        ),
        required=False,
    )

    class Meta:
        model = Preference
        fields = ("language", "theme", "density", "page_size", "single_keys")

    def __init__(self, *args, section: str = "", **kwargs):
        """With the fields of one section, or of all."""
        super().__init__(*args, **kwargs)
        if section in SECTIONS:
            self.fields = {name: self.fields[name] for name in SECTIONS[section][1]}

    @property
    def shown(self) -> list:
        return [self[name] for name in self.fields]


class NewPersonForm(UserCreationForm):
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name", "last_name", "role")
        labels = {"username": _("User name"), "first_name": _("First name"), "last_name": _("Last name")}
        help_texts = {"username": _("Letters, digits and @ . + - _. It stays the same for good.")}


class PersonForm(ChangesForm):
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    is_active = forms.BooleanField(label=_("May log in"), required=False)

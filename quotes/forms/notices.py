"""What a person wants to be told of: a table of events and ways, and where mail goes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.services.notices import KINDS, MAIL, PAGE, channels

CHOICES = [(kind, label) for kind, (label, _default) in KINDS.items()]


class ChoiceForm(forms.Form):
    page = forms.MultipleChoiceField(label=_("In the portal"), choices=CHOICES, required=False)
    mail = forms.MultipleChoiceField(label=_("By mail"), choices=CHOICES, required=False)
    email = forms.EmailField(
        label=_("Your mail address"), help_text=_("Without one no mail is sent to you."), max_length=254, required=False
    )
    digest = forms.BooleanField(
        label=_("One mail a day"),
        help_text=_("At about eight in the morning, instead of one soon after each event."),
        required=False,
    )

    def __init__(self, data, *, user, preference):
        self.user, self.preference = user, preference
        chosen = {kind: channels(preference, kind) for kind in KINDS}
        initial = {way: [kind for kind in KINDS if way in chosen[kind]] for way in (PAGE, MAIL)}
        super().__init__(data, initial=initial | {"email": user.email, "digest": preference.digest})

    @property
    def rows(self) -> list[dict]:
        """The table: each event with its label and whether each way is ticked."""
        page, mail = (self[way].value() or [] for way in (PAGE, MAIL))
        return [{"kind": kind, "label": label, "page": kind in page, "mail": kind in mail} for kind, label in CHOICES]

    def save(self) -> None:
        values = self.cleaned_data
        ways = {kind: [way for way in (PAGE, MAIL) if kind in values[way]] for kind in KINDS}
        self.preference.notices, self.preference.digest = ways, values["digest"]
        self.preference.save()
        self.user.email = values["email"]
        self.user.save(update_fields=["email"])

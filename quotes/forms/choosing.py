"""The check pages of acts on many lines. What was chosen travels in one hidden field: a form holds few fields."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import OnceForm
from quotes.forms.decisions import DeclineForm
from quotes.services.permissions import may

KINDS = {  # verb and noun, in the order of the batch bar; each with the right that it needs
    "pdf": (_("Ask for the PDFs"), "export"),
    "zip": (_("Get PDFs and traces as a ZIP"), "export"),
    "csv": (_("Download the CSV"), ""),
    "requote": (_("Ask the operator again"), "create"),
    "decline": (_("Decline the offers"), "decline"),
}


def acts_of(user) -> list[tuple[str, str]]:
    """The acts on many lines that this person may do."""
    return [(name, label) for name, (label, right) in KINDS.items() if not right or may(user, right)]


class Words(forms.CharField):
    """Words with blanks between them, each read by `read`; one that cannot be read refuses all of them."""

    widget = forms.HiddenInput

    def __init__(self, *, read, **kwargs):
        super().__init__(**kwargs)
        self.read = read

    def clean(self, value):
        try:
            return [self.read(word) for word in super().clean(value).split()]
        except ValueError as error:
            raise forms.ValidationError(_("This page was not complete. Load it again and send once more.")) from error


def _offer_seen(word: str) -> tuple[int, str]:
    pk, _colon, fingerprint = word.partition(":")
    if not fingerprint:
        raise ValueError(word)
    return int(pk), fingerprint


class ChosenForm(OnceForm):
    """`chosen`: ids of lines."""

    chosen = Words(read=UUID)


class DeclineChosenForm(OnceForm):
    """`chosen`: each offer's key with the fingerprint of the price that was shown."""

    chosen = Words(read=_offer_seen)
    motive = DeclineForm.base_fields["motive"]
    comment = DeclineForm.base_fields["comment"]

"""What a person says to colleagues, and the note that stays in the portal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import OnceForm
from quotes.forms.fields import PlainText
from quotes.services.comments import digest

LONGEST = 4000


class CommentForm(OnceForm):
    text = PlainText(label=_("Your comment"), max_length=LONGEST, widget=forms.Textarea)


class NoteForm(forms.Form):
    """`seen` is the digest of the text that was on the page."""

    text = PlainText(
        label=_("Internal note"),
        help_text=_("Colleagues read it and find it by searching. The operator never gets it."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea,
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, data, text: str):
        super().__init__(data, initial={"text": text, "seen": digest(text)})

    def renew(self, text: str) -> "NoteForm":
        """To save again on top of `text`, which somebody else wrote meanwhile."""
        self.data = self.data.copy()
        self.data["seen"] = digest(text)
        return self

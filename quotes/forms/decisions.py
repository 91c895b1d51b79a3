"""The confirmation pages of accept, decline and restore."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import OnceForm
from quotes.services.words import MOTIVES


class DecisionForm(OnceForm):
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)


class DeclineForm(DecisionForm):
    motive = forms.ChoiceField(
        label=_("Reason"),
        help_text=_("For our own figures: it stays here."),
        choices=[("", _("no reason")), *MOTIVES.items()],
        required=False,
    )
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("The operator sees it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )


class ResolveForm(forms.Form):
    """A person says what became of a command that readings could not decide."""

    outcome = forms.ChoiceField(
        label=_("What happened at the operator?"),
        choices=[("happened", _("It happened")), ("not_happened", _("It did not happen"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("How do you know?"),
        help_text=_("Kept in the history with your name."),
        max_length=2000,
        widget=forms.Textarea,
    )
    product_order_id = forms.CharField(label=_("Order id"), max_length=200, required=False)
    product_order_item_id = forms.CharField(label=_("Order line id"), max_length=200, required=False)

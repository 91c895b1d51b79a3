"""What all forms that lead to a write have in common."""

import hashlib
import json
import uuid

from django import forms
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from quotes.forms.refusals import Refusal, said
from quotes.services.words import reason

OPERATOR_SAYS = _("The operator answered: %(words)s")


class OnceForm(forms.Form):
    """A form whose hidden nonce makes a second submission of the same page the same command."""

    nonce = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = uuid.uuid4().hex

    def renew(self) -> "OnceForm":
        """A new nonce on a bound form that is shown again after its command ended: the next press is a new act."""
        self.data = self.data.copy()
        self.data[self.add_prefix("nonce")] = uuid.uuid4().hex
        return self

    def refuse(self, refusal: Refusal) -> None:
        """Show the operator's own words at the field where the key matches, else on top."""
        if not refusal.is_said:
            return self.object_to(refusal.errors)
        for key, words in refusal.errors.items():
            name = key.split(".")[0]
            for text in words or [""]:
                self.add_error(name if name in self.fields else None, self._said(key, name, text))

    def object_to(self, errors: dict[str, list[str]]) -> None:
        """Show our own refusal: `errors` holds codes of quotes.services.words."""
        for name, codes in errors.items():
            for code in codes:
                self.add_error(name if name in self.fields else None, reason(code))

    def _said(self, key, name, text):
        inner = key[len(name) :].strip(".") if name in self.fields else key
        words = format_html("{}{}", f"{inner}: " if inner else "", said(text))
        return mark_safe(escape(OPERATOR_SAYS) % {"words": words})  # noqa: S308 - both are escaped


class ChangesForm(OnceForm):
    """A form that edits an object: only what differs from what the person saw is sent."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self._digest()

    def clean(self):
        """What the operator holds and nobody touched is not judged: its own limits may be wider than ours."""
        for name in [name for name in self.errors if name in self.own_fields]:
            held = self.get_initial_for_field(self.fields[name], name)
            if held and not self._differs(name):
                del self.errors[name]
                self.cleaned_data[name] = held
        return super().clean()

    @property
    def own_fields(self) -> list[str]:
        """The specification's fields, without what the portal adds."""
        return [name for name in self.fields if name not in ("nonce", "seen")]

    @property
    def has_moved(self) -> bool:
        """The object is no longer as it was on the page that was sent: unseen changes would be taken back."""
        return self.is_bound and self["seen"].data not in (None, "", self._digest())

    def changes(self) -> dict:
        names = [name for name in self.own_fields if self._differs(name)]
        return {name: self.sendable(name) for name in names}

    def filled(self) -> dict:
        """What a creation sends: left blank is not sent."""
        values = {name: self.sendable(name) for name in self.own_fields}
        return {name: value for name, value in values.items() if value not in ("", None, [], {})}

    def resume(self, data) -> None:
        """Show what was typed earlier. What the object held then stays what was seen: a move since is noticed."""
        self.fields["seen"].initial = data.get(self.add_prefix("seen")) or self["seen"].initial
        for name in self.own_fields:
            self.initial[name] = self.fields[name].widget.value_from_datadict(data, {}, self.add_prefix(name))

    def renew(self):
        super().renew()
        self.data[self.add_prefix("seen")] = self._digest()
        return self

    def _digest(self) -> str:
        shown = {name: self.get_initial_for_field(self.fields[name], name) for name in self.own_fields}
        return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()

    def _differs(self, name) -> bool:
        field = self.fields[name]
        return field.has_changed(self.get_initial_for_field(field, name), self[name].data)

    def sendable(self, name):
        """The cleaned value as the operator takes it: texts, lists of texts, ISO dates, null for no date."""
        value = self.cleaned_data[name]
        return value.isoformat() if hasattr(value, "isoformat") else value

"""Fields for the two kinds of arrays that the specification has: plain texts, and contacts."""

from django import forms
from django.core.validators import EmailValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from quotes.selectors.line_request import CONTACT_KEYS, contacts_of
from quotes.selectors.lines import as_texts

CONTACTS = 2


class PlainText(forms.CharField):
    """Text without outer blanks; of several lines, with LF between them. What the operator holds is compared without
    either, or a browser, which sends CR LF and shows no blank, would count as having changed it."""

    def to_python(self, value):
        text = super().to_python(value)
        return _plain(text) if isinstance(self.widget, forms.Textarea) else text

    def has_changed(self, initial, data):
        return super().has_changed(_plain(initial), _plain(data))


class RepeatedInput(forms.Widget):
    """One text input for each value, all of one name, with spare blank ones; the script adds more."""

    template_name = "quotes/widgets/repeated.html"
    spare = 1

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["texts"] = [*as_texts(value), *[""] * self.spare]
        return context

    def value_from_datadict(self, data, files, name):
        found = data.getlist(name) if hasattr(data, "getlist") else as_texts(data.get(name))
        return [text.strip() for text in found if text.strip()]

    def value_omitted_from_data(self, data, files, name):
        return name not in data


class TextsField(forms.Field):
    """An array of texts as repeated fields of one name; blanks are ignored."""

    widget = RepeatedInput

    def __init__(self, *, most=20, longest=200, **kwargs):
        super().__init__(required=False, **kwargs)
        self.most, self.longest = most, longest

    def clean(self, value):
        texts = as_texts(value)
        if len(texts) > self.most:
            raise forms.ValidationError(
                ngettext_lazy("At most %(most)d value.", "At most %(most)d values.", "most") % {"most": self.most},
                code="too_many",
            )
        for text in texts:
            ProhibitNullCharactersValidator()(text)
            if len(text) > self.longest:
                raise _too_long(self.longest)
        return texts

    def has_changed(self, initial, data):
        return _filled(initial) != _filled(data)


class ContactsWidget(forms.Widget):
    """Contacts as `<name>-<i>-<key>` inputs; choosing one of `known` brings the rest of it along."""

    known: tuple[dict, ...] = ()
    wrong: tuple[int, str] | None = None  # the input that an error is about: number of the contact, key

    template_name = "quotes/widgets/contacts.html"
    use_fieldset = True

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        rows = list(value or [])
        rows += [{}] * max(0, CONTACTS - len(rows))
        context["widget"]["known"] = self.known
        context["widget"]["contacts"] = [
            [(key, CONTACT_LABELS[key], row.get(key, ""), (number, key) == self.wrong) for key in CONTACT_KEYS]
            for number, row in enumerate(rows)
        ]
        return context

    def value_from_datadict(self, data, files, name):
        rows: dict[int, dict] = {}
        for key in data:
            number, _dash, field = key.removeprefix(f"{name}-").partition("-")
            if (
                key.startswith(f"{name}-")
                and number.isdecimal()
                and number.isascii()
                and len(number) < 4
                and field in CONTACT_KEYS
            ):
                rows.setdefault(int(number), {})[field] = data.get(key).strip()
        filled = {i: {k: v for k, v in row.items() if v} for i, row in sorted(rows.items())}
        in_place = [filled.pop(i, {}) for i in range(CONTACTS)]  # a page shown again has each where it was typed
        return in_place + [row for row in filled.values() if row]

    def value_omitted_from_data(self, data, files, name):
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_):
        number, key = self.wrong or (0, CONTACT_KEYS[0])
        return f"{id_}-{number}-{key}"


class ContactsField(forms.Field):
    """At most two contacts; the inner keys are not documented, these are the likely ones (covage-api.md 5.3)."""

    widget = ContactsWidget

    def clean(self, value):
        rows = contacts_of(value)
        if len(rows) > CONTACTS:
            raise forms.ValidationError(_("Two contacts at most: remove one."), code="too_many")
        for number, row in enumerate(value or []):
            for key, text in row.items():
                self.widget.wrong = (number, key)
                _check_contact(key, text)
        self.widget.wrong = None
        return rows

    def has_changed(self, initial, data):
        return contacts_of(_stripped(initial)) != contacts_of(_stripped(data))


def _check_contact(key: str, text: str) -> None:
    ProhibitNullCharactersValidator()(text)
    if len(text) > 200:
        raise _too_long(200)
    if key == "email_address" and text:
        EmailValidator(_("This e-mail address is not complete."))(text)


class DayField(forms.DateField):
    """A date as people write it here; shown again as they wrote it. The operator may send a date or a date-time."""

    default_error_messages = {"invalid": _("This date does not exist, or is not written like 30/04/2026.")}

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y"),
            input_formats=["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y"],
            **kwargs,
        )

    def to_python(self, value):
        day = super().to_python(value)
        if day and not 1900 <= day.year <= 2200:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def _plain(text) -> str:
    return str(text or "").replace("\r\n", "\n").strip()


def _filled(value) -> list[str]:
    return [text.strip() for text in as_texts(value) if text.strip()]


def _stripped(rows) -> list:
    """Contacts as the widget reads them."""
    return [
        {name: str(text).strip() for name, text in row.items() if text is not None}
        for row in rows or []
        if isinstance(row, dict)
    ]


def _too_long(longest: int) -> forms.ValidationError:
    words = _("A value may have %(longest)d characters.") % {"longest": longest}
    return forms.ValidationError(words, code="max_length")


CONTACT_LABELS = {
    "name": _("Name"),
    "email_address": _("E-mail"),
    "number": _("Telephone"),
    "organization": _("Organisation"),
    "role": _("Role"),
}

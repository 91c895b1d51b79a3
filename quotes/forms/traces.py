"""One KMZ file, or many of them and the line that each goes to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import OnceForm
from quotes.services.trace_files import MOST
from quotes.services.words import reason


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


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class TraceFilesForm(OnceForm):
    """Up to forty of them; what is in each is looked at afterwards, so that all can be told together."""

    file = forms.Field(label=_("Trace files"), required=False, widget=ManyFiles)

    def clean_file(self):
        files = self.files.getlist("file")
        if not files:
            raise forms.ValidationError(_("Choose the KMZ files first."))
        if len(files) > MOST:
            raise forms.ValidationError(
                _("%(n)d files are too many: send at most %(most)d at once."), params={"n": len(files), "most": MOST}
            )
        return files


class TraceChoicesForm(forms.Form):
    """Which file goes to which line: one select a readable file, named `line-<position>`."""

    def __init__(self, *args, items, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self._lines = {str(line.pk): line for line in lines}
        choices = [("", _("Do not send it")), *((pk, _named(line)) for pk, line in self._lines.items())]
        taken = set()
        for item in items:
            field = forms.ChoiceField(label=item.fields["name"], choices=choices, required=False)
            field.initial = "" if item.line_id in taken else str(item.line_id or "")
            taken.add(item.line_id)
            self.fields[f"line-{item.position}"] = field

    def choices(self) -> dict:
        """Position to line, None for what is left out."""
        return {int(name.removeprefix("line-")): self._lines.get(pk) for name, pk in self.cleaned_data.items()}

    def object_to(self, errors: dict[str, list[str]]) -> None:
        for name, codes in errors.items():
            for code in codes:
                self.add_error(name or None, reason(code))


def _named(line) -> str:
    told = [line.title, *(text for text in (line.reference, line.external_id) if text and text != line.title)]
    return ", ".join([*told, str(_("has a trace"))] if line.has_trace else told)

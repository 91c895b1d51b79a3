"""The three forms on the way of a spreadsheet into a basket: the file, its columns, its wrong cells."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quotes.forms.base import OnceForm
from quotes.forms.import_columns import ARRAYS, NEEDED, choices, label, letters
from quotes.forms.import_rows import Reading, is_ambiguous, is_month_first, numbers
from quotes.forms.sheet_words import sentence
from quotes.services.words import reason
from quotes.spreadsheets import FILE_LIMIT, ROWS, SheetError, read_table

SAID_BY_FIELD = ("cell_long", "cell_many", "cell_invalid")
SHOWN_WHOLE = 1000  # characters of a cell that an input shows


class UploadForm(OnceForm):
    """A file, or cells pasted from a spreadsheet. Valid: `table` is what was read, `upload` its bytes."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("XLSX or CSV, 1,000 lines and 10 MB at most."),
        max_length=300,
        allow_empty_file=True,  # it gets the reader's own sentence
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the cells here"),
        help_text=gettext_lazy("Copied from a spreadsheet, with the row of headings."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        required=False,
        strip=False,
    )

    def clean(self):
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        name = "file" if file else "text"
        if self.errors:
            return
        if bool(file) == bool(text.strip()):
            self.add_error("file", _("Choose a file or paste cells, one of the two."))
            return
        self.upload = file.read(FILE_LIMIT + 1) if file else text.encode()
        try:
            self.table = read_table(self.upload)
        except SheetError as error:
            self.add_error(name, sentence(error))


class ColumnsForm(forms.Form):
    """One select for each column of the file, and the order of day and month where only the person knows it."""

    month_first = forms.ChoiceField(
        label=gettext_lazy("Dates like 03/04/2026"),
        choices=[("0", gettext_lazy("day first: 3 April")), ("1", gettext_lazy("month first: 4 March"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, table, header: int, headings: list[str], guess: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.table, self.header, self.headings = table, header, headings
        offered = choices()
        for column, heading in enumerate(headings):
            field = forms.ChoiceField(label=heading or letters(column), choices=offered, required=False)
            field.initial = guess.get(column, "")
            self.fields[self.name_of(column)] = field

    @staticmethod
    def name_of(column: int) -> str:
        return f"column-{column}"

    def clean(self):
        columns = self.columns(self.cleaned_data)
        self._each_once(columns)
        if NEEDED not in columns.values():
            self.add_error(None, _("Say which column holds the qualification id: without it no line can be created."))
        self._check_numbers()
        if self.asks_order(columns) and not self.cleaned_data.get("month_first"):
            self.add_error("month_first", _("Say which comes first: the dates of the file can be read both ways."))

    def columns(self, values) -> dict[int, str]:
        found = {column: values.get(self.name_of(column), "") for column in range(len(self.headings))}
        return {column: target for column, target in found.items() if target}

    def shown_columns(self) -> dict[int, str]:
        return self.columns({name: self[name].value() for name in self.fields})

    def asks_order(self, columns: dict[int, str]) -> bool:
        return is_ambiguous(self.table, self.header, columns)

    def reading(self) -> Reading:
        columns = self.columns(self.cleaned_data)
        told = self.cleaned_data["month_first"] == "1" if self.asks_order(columns) else None
        month_first = is_month_first(self.table, self.header, columns) if told is None else told
        return Reading(self.header, columns, month_first)

    def _each_once(self, columns) -> None:
        taken: dict[str, int] = {}
        for column, target in columns.items():
            if target in taken and target not in ARRAYS:
                first = self.fields[self.name_of(taken[target])].label
                words = _("%(field)s is taken from the column “%(first)s” already.")
                self.add_error(self.name_of(column), words % {"field": label(target), "first": first})
            taken.setdefault(target, column)

    def _check_numbers(self) -> None:
        found = len(numbers(self.table, self.header))
        if found > ROWS:
            self.add_error(None, sentence(SheetError("too_many_rows", limit=ROWS)))
        if not found:
            self.add_error(None, _("There is no line below the headings."))


def cell_name(row: int, target: str) -> str:
    return f"cell-{row}-{target}"


def typed_cells(data, rows) -> dict[int, dict[str, str]]:
    """What was typed in place of cells: of the posted ones those that differ from what the page showed."""
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        for target, text in row.texts.items():
            typed = data.get(cell_name(row.number, target))
            if typed is not None and shown(typed) != shown(text):
                found.setdefault(row.number, {})[target] = typed.replace("\0", "").strip()
    return found


def shown(text: str) -> str:
    """What an input shows of a cell, in one line; a text that is far too long for any field is to be typed anew."""
    return " ".join(text.split()) if len(text) <= SHOWN_WHOLE else ""


def said(problem) -> str:
    """What is wrong with this very cell: the field's own words where they say more than the kind of mistake."""
    return problem.words if problem.code in SAID_BY_FIELD else str(reason(problem.code))

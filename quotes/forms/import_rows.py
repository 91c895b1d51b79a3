"""The lines of an uploaded table, each judged by the very fields of the line form; what is wrong is known by cell."""

import re
from dataclasses import dataclass, field
from datetime import date

from django import forms

from quotes.forms.fields import CONTACT_KEYS, CONTACTS
from quotes.forms.import_columns import ARRAYS, CONTACT, CONTACT_TARGETS, DAY, FIELDS
from quotes.forms.lines import LineForm

CODES = {"required": "cell_required", "max_length": "cell_long", "too_many": "cell_many"}
_SEVERAL = re.compile(r"[;|\n]")
_DAY = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{2}|\d{4})\s*")


@dataclass
class Problem:
    """`code` is one of quotes.services.words; `words` is what the field itself says of this very text."""

    target: str
    code: str
    words: str = ""


@dataclass
class Row:
    number: int  # as the spreadsheet counts
    found: dict[str, str]  # target to what the file holds
    texts: dict[str, str]  # … with what was typed here instead
    fields: dict = field(default_factory=dict)  # what would be sent, of a line without a problem
    problems: list[Problem] = field(default_factory=list)

    @property
    def customer(self) -> str:
        return self.texts.get("end_customer_name", "")

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.fields[DAY]) if DAY in self.fields else None


@dataclass
class Reading:
    """How a table is to be read: the row of headings (0 for none), column to target, order of day and month, and what
    was typed in place of cells (row number to target to text)."""

    header: int
    columns: dict[int, str]
    month_first: bool = False
    typed: dict[int, dict[str, str]] = field(default_factory=dict)


def numbers(table, header: int) -> list[int]:
    """The rows below the headings that hold something."""
    return [number for number, row in enumerate(table.rows, 1) if number > header and any(row)]


def read_rows(table, reading: Reading) -> list[Row]:
    return [_row(table, number, reading) for number in numbers(table, reading.header)]


def is_ambiguous(table, header: int, columns: dict[int, str]) -> bool:
    """Whether 03/04/2026 in the column of the date may be the third of April as well as the fourth of March: some
    cells may be read both ways, and no other cell tells."""
    days = [_DAY.fullmatch(table.cell(n, c)) for c, t in columns.items() if t == DAY for n in numbers(table, header)]
    pairs = {(int(day[1]), int(day[3])) for day in days if day}
    unclear = any(first <= 12 and second <= 12 and first != second for first, second in pairs)
    return unclear and any(first > 12 for first, _ in pairs) == any(second > 12 for _, second in pairs)


def is_month_first(table, header: int, columns: dict[int, str]) -> bool:
    """What the cells say that can be read one way only."""
    cells = [table.cell(n, c) for c, t in columns.items() if t == DAY for n in numbers(table, header)]
    days = [day for day in map(_DAY.fullmatch, cells) if day]
    return any(int(day[3]) > 12 for day in days) and not any(int(day[1]) > 12 for day in days)


def _row(table, number: int, reading: Reading) -> Row:
    found: dict[str, str] = {}
    broken = {}
    for column, target in reading.columns.items():
        text = table.cell(number, column)
        found[target] = "; ".join(filter(None, [found.get(target), text]))
        if (number, column) in table.broken:
            broken[target] = table.broken[number, column]
    typed = reading.typed.get(number, {})
    row = Row(number, found, found | typed)
    row.problems = [Problem(t, f"cell_{why}") for t, why in broken.items() if t not in typed]
    _judge(row, month_first=reading.month_first and DAY not in typed, skip={p.target for p in row.problems})
    return row


def _judge(row: Row, *, month_first: bool, skip: set[str]) -> None:
    values = {name: _value(row.texts.get(name, ""), name, month_first) for name in FIELDS}
    cleaned = {}
    for name, value in values.items():
        if name not in skip:
            cleaned[name] = _cleaned(row, name, LineForm.base_fields[name], value)
    cleaned[CONTACT] = _contacts(row, skip)
    if not row.problems:
        sent = {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in cleaned.items()}
        row.fields = {name: value for name, value in sent.items() if value not in ("", None, [], {})}


def _value(text: str, name: str, month_first: bool):
    if name in ARRAYS:
        return [part.strip() for part in _SEVERAL.split(text) if part.strip()]
    if name == DAY and month_first:
        return _DAY.sub(r"\3\2\1\2\4", text) if _DAY.fullmatch(text) else text
    return text


def _contacts(row: Row, skip: set[str]):
    """Each part is judged alone, so that the cell is known; a contact has no rule across its parts."""
    contacts = LineForm.base_fields[CONTACT]
    for target in CONTACT_TARGETS:
        if row.texts.get(target) and target not in skip:
            _cleaned(row, target, contacts, [{target.rsplit("-", 1)[1]: row.texts[target]}])
    texts = ({key: row.texts.get(f"{CONTACT}-{n}-{key}", "") for key in CONTACT_KEYS} for n in range(CONTACTS))
    return [filled for part in texts if (filled := {key: text for key, text in part.items() if text})]


def _cleaned(row: Row, target: str, rule: forms.Field, value):
    try:
        return rule.clean(value)
    except forms.ValidationError as error:
        row.problems.append(Problem(target, _code(error, target), " ".join(error.messages)))
        return None


def _code(error: forms.ValidationError, target: str) -> str:
    code = error.error_list[0].code
    if code == "invalid" and target == DAY:
        return "cell_date"
    if code == "invalid" and target.endswith("email_address"):
        return "cell_email"
    return CODES.get(code, "cell_invalid")

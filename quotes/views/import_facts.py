"""What the pages of an import show of it: its five steps, its lines sorted by what is to be done, its rejected rows."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from quotes.forms.import_columns import NEEDED, TARGETS, label, letters, objection
from quotes.forms.import_rows import Reading, Row, read_rows
from quotes.forms.imports import SHOWN_WHOLE, cell_name, said, shown
from quotes.models import Batch
from quotes.models.lines import NEEDED_TO_CONFIRM
from quotes.models.mirror import key
from quotes.selectors.baskets import active_projects
from quotes.selectors.batches import FAILED
from quotes.services import importing
from quotes.services.importing import Wish
from quotes.services.words import reason
from quotes.spreadsheets import read_table
from quotes.views.batch_facts import why

EDITABLE = 200  # cells that the page lets type in, and rows to choose; with more, the file is the better place
LONGEST_SHOWN = 160
NAMED = ("end_customer_name", "external_id")


def table_of(batch: Batch):
    with batch.file.open() as file:
        return read_table(file.read())


def reading_of(batch: Batch) -> Reading:
    """How the person said that the table is to be read (JSON knows texts as keys only)."""
    detail = batch.detail
    typed = {int(number): texts for number, texts in detail.get("typed", {}).items()}
    columns = {int(column): target for column, target in detail["columns"].items()}
    return Reading(detail["header"], columns, detail["month_first"], typed)


@dataclass
class Checked:
    """An import as its check page shows it; every question reads the table once and the database twice."""

    batch: Batch

    @cached_property
    def table(self):
        return table_of(self.batch)

    @cached_property
    def reading(self) -> Reading:
        return reading_of(self.batch)

    @cached_property
    def rows(self) -> list[Row]:
        return read_rows(self.table, self.reading)

    @cached_property
    def wishes(self) -> list[Wish]:
        return [wish(row) for row in self.rows]

    @cached_property
    def repeated(self) -> dict[int, str]:
        return importing.repeated(self.batch, self.wishes)

    @cached_property
    def wrong(self) -> list[Row]:
        return [row for row in self.rows if row.problems]

    @cached_property
    def ready(self) -> list[Row]:
        return [row for row in self.rows if not row.problems and row.number not in self.repeated]

    @property
    def rejected_count(self) -> int:
        return len(self.wrong) + len(self.repeated)

    def heading(self, target: str) -> str:
        """Of the columns in the person's own file."""
        columns = [column for column, chosen in self.reading.columns.items() if chosen == target]
        return ", ".join(self.batch.detail["headings"][column] or letters(column) for column in columns)

    def groups(self) -> list[dict]:
        """The wrong cells by what repairs them: those of one field with one kind of mistake together."""
        found = defaultdict(list)
        for row in self.wrong:
            for problem in row.problems:
                found[problem.target, problem.code].append((row, problem))
        left, groups = EDITABLE, []
        for (target, code), cells in sorted(found.items(), key=lambda item: (TARGETS.index(item[0][0]), item[0][1])):
            groups.append(self._group(target, code, cells, left))
            left -= len(cells)
        return groups

    def _group(self, target: str, code: str, cells, left: int) -> dict:
        typed = self.reading.typed
        return {
            "id": f"{target}-{code}",
            "label": label(target),
            "expected": reason(code),
            "heading": self.heading(target),
            "cells": [
                {
                    "row": row,
                    "name": cell_name(row.number, target),
                    "found": _cut(row.found.get(target, "")),
                    "value": shown(row.texts.get(target, "")),
                    "is_long": len(row.texts.get(target, "")) > SHOWN_WHOLE,
                    "can_edit": at < left,
                    "said": said(problem) if target in typed.get(row.number, {}) else "",
                }
                for at, (row, problem) in enumerate(cells)
            ],
        }

    def again(self) -> list[dict]:
        """Lines that would be made twice, with the reason."""
        rows = enumerate(row for row in self.rows if row.number in self.repeated)
        why = self.repeated
        return [{"row": row, "why": reason(why[row.number]), "can_choose": at < EDITABLE} for at, row in rows]

    def warnings(self) -> list[dict]:
        """Worth knowing and not in the way: a sentence and the rows it is about."""
        found = [self._lacking(name) for name in NEEDED_TO_CONFIRM if name != NEEDED]
        found += [self._twice(), self._unknown_projects(), *self._left_out()]
        return [warning for warning in found if warning]

    def _lacking(self, name: str):
        rows = [row.number for row in self.ready if name not in row.fields]
        words = ngettext(
            "%(n)d line without “%(field)s”, needed to confirm",
            "%(n)d lines without “%(field)s”, needed to confirm",
            len(rows),
        )
        return rows and {"text": words % {"n": len(rows), "field": label(name)}, "rows": rows}

    def _twice(self):
        found = defaultdict(list)
        for row in self.ready:
            found[key(row.customer), row.fields[NEEDED]].append(row.number)
        rows = [number for (name, _id), numbers in found.items() if name and len(numbers) > 1 for number in numbers]
        return rows and {"text": _("The same customer with the same qualification id on several lines"), "rows": rows}

    def _unknown_projects(self):
        known = {key(code) for code in active_projects()}
        rows = [
            row for row in self.ready if row.fields.get("project_id") and key(row.fields["project_id"]) not in known
        ]
        if not known or not rows:
            return None
        names = ", ".join(sorted({row.fields["project_id"] for row in rows})[:5])
        return {"text": _("Unknown project: %(names)s") % {"names": names}, "rows": [row.number for row in rows]}

    def _left_out(self):
        names = [
            h for column, h in enumerate(self.batch.detail["headings"]) if column not in self.reading.columns and h
        ]
        if names:
            yield {"text": _("Columns left out: %(names)s") % {"names": ", ".join(names)}}
        if self.table.unread:
            yield {"text": _("Other sheets, not read: %(names)s") % {"names": ", ".join(self.table.unread)}}

    def rejected(self) -> list[list[str]]:
        """The rows that were not taken as they stand now, under their own headings, with the reason as last column."""
        reasons = self._reasons_of_items() if self.batch.state != "draft" else self._reasons_now()
        keep = [column for column, heading in enumerate(self._headings()) if heading not in reason_headings()]
        head = [self._headings()[column] for column in keep] + [_("Reason")]
        rows = [row for row in self.rows if row.number in reasons]
        return [head, *([self._cell(row, column) for column in keep] + [reasons[row.number]] for row in rows)]

    def _headings(self) -> list[str]:
        """A file without any gets our own, so that it can be uploaded again."""
        if self.reading.header:
            return self.batch.detail["headings"]
        columns = self.reading.columns
        return [label(columns[c]) if c in columns else h for c, h in enumerate(self.batch.detail["headings"])]

    def _cell(self, row: Row, column: int) -> str:
        """What was typed here stands in the field's first column."""
        target = self.reading.columns.get(column)
        if target not in self.reading.typed.get(row.number, {}):
            return self.table.cell(row.number, column)
        first = min(c for c, chosen in self.reading.columns.items() if chosen == target)
        return row.texts[target] if column == first else ""

    def _reasons_now(self) -> dict[int, str]:
        found = {number: str(reason(code)) for number, code in self.repeated.items()}
        return found | {row.number: self._objections(row) for row in self.wrong}

    def _objections(self, row: Row) -> str:
        return " ".join(objection(problem.target, said(problem)) for problem in row.problems)

    def _reasons_of_items(self) -> dict[int, str]:
        """What is still open or needs a person is not among them: it may have been created."""
        items = self.batch.items.select_related("command")
        ended = (i for i in items if i.outcome in FAILED)
        objections = {row.number: self._objections(row) for row in self.wrong}
        return {item.position: objections.get(item.position) or str(why(item)) for item in ended}


def wish(row: Row) -> Wish:
    """A line with a problem keeps what names it."""
    if not row.problems:
        return Wish(row.number, row.fields)
    errors = defaultdict(list)
    for problem in row.problems:
        errors[problem.target].append(problem.code)
    return Wish(row.number, {name: _cut(row.texts[name]) for name in NAMED if row.texts.get(name)}, dict(errors))


def reason_headings() -> set[str]:
    """How our own last column is called: a file that comes back has it already."""
    found = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.add(_("Reason"))
    return found


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"

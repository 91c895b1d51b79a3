"""The file of a CSV export."""

import csv
import io

from sandbox import shapes
from sandbox.models import Line


def write(rows) -> bytes:
    """UTF-8, comma, first row the documented names; texts as they were entered."""
    target = io.StringIO()
    writer = csv.writer(target)
    answers = [shapes.listed_line(row) for row in rows]
    names = list(shapes.listed_line(Line()))
    writer.writerow(names)
    writer.writerows([_cell(answer[name]) for name in names] for answer in answers)
    return target.getvalue().encode()


def _cell(value) -> str:
    if isinstance(value, list):
        return " | ".join(str(item.get("name", item)) if isinstance(item, dict) else str(item) for item in value)
    if isinstance(value, dict):
        return value.get("label", "")
    return "" if value is None else str(value)

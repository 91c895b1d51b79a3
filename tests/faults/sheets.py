"""A spreadsheet with some bad rows, taken through the pages as a person without script would."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from quotes.models import Batch, Command
from quotes.services import batches, reconciler
from tests.cast import QUALIFICATION, nonce
from tests.spreadsheets.files import workbook

HEAD = ["Client final", "Id qualification", "Votre référence", "Réponse souhaitée", "Type de raccordement", "Offre"]
BAD = {"day": "31/04/2026", "id": "", "ref": "x" * 61}  # one of them a bad row, in turn


class Tally:
    """A run of the worker that is never late, or that ends after so many items."""

    seen = changed = 0

    def __init__(self, most: int = 10**9):
        self.most = most

    def is_late(self) -> bool:
        return self.seen >= self.most


def a_sheet(rows: int, bad: int = 7) -> tuple[bytes, set[int]]:
    """The workbook, and the numbers of its bad rows."""
    wrong = {2 + (n + 1) * rows // (bad + 1) for n in range(bad)}
    return workbook(HEAD, *(_row(number, number in wrong) for number in range(2, rows + 2))), wrong


def _row(number: int, is_bad: bool) -> list[str]:
    row = {"name": f"École {number}", "id": QUALIFICATION, "ref": f"ECO-{number:05}", "day": "30/04/2026"}
    if is_bad:
        field = list(BAD)[number % len(BAD)]
        row[field] = BAD[field]
    return [*row.values(), "fibre", "2173"]


def checked(client, basket, data: bytes):
    """The first two steps: the batch in draft, and the page of the dry run."""
    form = {"nonce": nonce(), "file": SimpleUploadedFile("sites.xlsx", data)}
    columns = client.post(f"/baskets/{basket.pk}/import/", form)["Location"]
    check = client.post(columns, _guessed(client.get(columns)))["Location"]
    return Batch.objects.get(pk=check.split("/")[2]), client.get(check)


def _guessed(page) -> dict[str, str]:
    selects = re.findall(r'<select name="(column-\d+)"(.*?)</select>', page.content.decode(), re.S)
    chosen = {name: re.findall(r'value="([^"]*)" selected', options) for name, options in selects}
    return {"header": "1", **{name: values[0] for name, values in chosen.items() if values}}


def rows_in_error(page) -> set[int]:
    return {int(number) for number in re.findall(r'id="cell-(\d+)-', page.content.decode())}


def go_on(times: int = 200) -> None:
    """What the worker does, with everything due at once, until no import runs."""
    for _ in range(times):
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
        running = Batch.objects.filter(state="running")
        if not running.update(due_at="2020-01-01T00:00Z"):
            return
        batches.run_due(Tally())

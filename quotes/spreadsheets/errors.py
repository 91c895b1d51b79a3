"""Why a file was refused: one closed list of codes, each a rule that a person can be told."""

from quotes.errors import FileRefused

CODES = frozenset(
    {
        "empty",
        "too_large",  # limit
        "old_excel",  # .xls, or a workbook behind a password: both lie in the same old container
        "ods",
        "html",
        "not_sheet",
        "damaged",
        "unpacked",  # limit
        "no_sheet",
        "no_rows",
        "too_many_rows",  # limit
        "too_many_columns",  # limit
    }
)


class SheetError(FileRefused):
    pass

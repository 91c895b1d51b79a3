"""Why a file was refused: one closed list of codes, each a rule that a person can be told."""

from quotes.errors import PortalError

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


class SheetError(PortalError):
    """The file is not taken. `code` is one of `CODES`; `params` are plain values for the sentence."""

    def __init__(self, code: str, **params):
        super().__init__(code, params)
        self.code, self.params = code, params

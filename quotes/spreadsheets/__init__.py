"""Tables that people upload, read under guard, and tables that we hand out. No Django and no HTTP in it.

`writing` is imported where a workbook is made: openpyxl is large, and most processes never need it.
"""

from .errors import CODES, SheetError
from .formulas import neutral, original
from .table import COLUMNS, FILE_LIMIT, ROWS, Table, read_table

__all__ = [
    "CODES",
    "COLUMNS",
    "FILE_LIMIT",
    "ROWS",
    "SheetError",
    "Table",
    "neutral",
    "original",
    "read_table",
]

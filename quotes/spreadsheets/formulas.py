"""Cells that a spreadsheet would run (CWE-1236): an apostrophe in front makes them text.

A plain number such as -12.5 stays a number.
"""

import re

_FORMULA = re.compile("[\t\r\n\0]|\\s*[=+@＝＋－＠-]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def neutral(text: str) -> str:
    return f"'{text}" if _is_formula(text) else text


def original(text: str) -> str:
    """What `neutral` was given: the apostrophe goes where it hides a formula, and stays in 's-Hertogenbosch."""
    return text[1:] if text[:1] == "'" and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)

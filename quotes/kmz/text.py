"""Text from outside, made harmless to look at. It is still text: whoever prints it escapes it."""

import unicodedata

LONGEST = 100


def plain(text: str, limit: int = LONGEST) -> str:
    """One line in NFC: no control, bidirectional, zero-width or surrogate characters, at most `limit` long."""
    composed = unicodedata.normalize("NFC", text[: limit * 20])
    shown = "".join(_harmless(character) for character in composed)
    return " ".join(shown.split())[:limit].rstrip()


def _harmless(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cc":
        return " "
    return "" if kind in ("Cf", "Cs", "Co", "Cn") else character


def shown_name(name: str) -> str:
    """The last part of an upload's name, for display only: nothing is ever stored under it."""
    last = plain(name.replace("\\", "/").rpartition("/")[2], 1000)
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[: LONGEST - len(suffix) - 1]}.{suffix}" if dot and len(suffix) < 10 else last[:LONGEST]

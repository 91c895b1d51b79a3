"""Names of files that leave the portal."""

import unicodedata

_NEVER = '/\\:*?"<>|%;'  # what a file system or a header would take for something else


def harmless(name: str) -> str:
    """One line, no path, no hidden file, at most 150 characters."""
    name = "".join("_" if c in _NEVER else c for c in name if unicodedata.category(c)[0] != "C")
    return name.strip(" .")[-150:] or "file"

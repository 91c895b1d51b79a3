"""Names of files that come in, and of files that leave the portal."""

import unicodedata

_NEVER = '/\\:*?"<>|%;'  # what a file system or a header would take for something else


def given(name: str) -> str:
    """The name of an upload, fit to be kept and shown: no path, no control or direction characters, at most 100."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    return "".join(c for c in name if unicodedata.category(c)[0] != "C")[-100:]


def harmless(name: str) -> str:
    """One line, no path, no hidden file, at most 150 characters."""
    name = "".join("_" if c in _NEVER else c for c in name if unicodedata.category(c)[0] != "C")
    return name.strip(" .")[-150:] or "file"

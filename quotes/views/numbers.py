"""Numbers in addresses, where anybody may write anything."""


def whole(text: str, digits: int, otherwise):
    """The number that the text is; `otherwise` when it is none, or has more digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else otherwise

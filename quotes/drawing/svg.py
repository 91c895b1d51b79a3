"""Elements as safe strings, and the few shapes that every picture uses.

Charts are fluid: lengths across are percentages, lengths down and all type are pixels, so that text keeps its size
at any width. No element ever carries a `style`.
"""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FIT = 7.0  # pixels that one character of 14 px takes at most, on average


def tag(name: str, *children, **attributes) -> SafeString:
    """`class_` is written class, `text_anchor` text-anchor; None is left out; numbers get one decimal at most."""
    pairs = ((key.strip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    head = "".join(f' {key}="{_safe(value)}"' for key, value in pairs)
    return mark_safe(f"<{name}{head}>{''.join(map(_safe, children))}</{name}>")  # noqa: S308 - both parts are escaped


def _safe(value) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    if isinstance(value, SafeString):
        return value
    return conditional_escape(NOT_XML.sub("", str(value)))


def group(*children, **attributes) -> SafeString:
    return tag("g", *children, **attributes)


def join(children) -> SafeString:
    return mark_safe("".join(map(_safe, children)))  # noqa: S308 - escaped above


def text(words, x, y, class_: str | None = None, anchor: str | None = None, **more) -> SafeString:
    return tag("text", words, x=x, y=y, class_=class_, text_anchor=anchor, **more)


def link(href: str, title: str, *children) -> SafeString:
    """Something that opens its list; the title is both its tooltip and its name."""
    return tag("a", tag("title", title), *children, href=href)


def percent(share: float) -> str:
    return f"{share:.2f}%"


def width_of(words: str, factor: float = FIT) -> float:
    """Pixels that a text of 14 px may take: a guess on the safe side, since the server has no font."""
    return len(words) * factor

"""Where the words of a search stand in a text."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from quotes.models.mirror import fold

register = template.Library()


@register.simple_tag
def marked(text, words):
    """The text with each place of each word in `<mark>`; case and accents do not matter."""
    text = str(text or "")
    inside = _inside(text, words)
    parts, start = [], 0
    for at in range(1, len(text) + 1):
        if at == len(text) or inside[at] != inside[start]:
            piece = text[start:at]
            parts.append(format_html("<mark>{}</mark>", piece) if inside[start] else conditional_escape(piece))
            start = at
    return mark_safe("".join(parts))  # noqa: S308 - both kinds of pieces are escaped


def _inside(text, words) -> list[bool]:
    """For each character whether it belongs to a match. Folding may turn one character into none or several."""
    owners = [at for at, character in enumerate(text) for _ in fold(character)]
    folded = "".join(map(fold, text))
    inside = [False] * len(text)
    for word in words:
        start = folded.find(word) if word else -1
        while start >= 0:
            for at in owners[start : start + len(word)]:
                inside[at] = True
            start = folded.find(word, start + len(word))
    for at, character in enumerate(text):
        if at and not fold(character):  # an accent of its own belongs to the letter before
            inside[at] = inside[at - 1]
    return inside

"""The icons, drawn once: name to finished inline SVG.

Inline and not a sprite: no second request, no late arrival, kept on paper and in saved pages. Sixteen units
square, stroked in the colour of the text; class `f` is filled, class `n` is cut out of a filled shape.
"""

from django.utils.safestring import SafeString, mark_safe

_DISC = '<circle cx="8" cy="8" r="5.8"/>'
_FULL = '<circle class="f" cx="8" cy="8" r="6.4"/>'
_QUESTION = '<path d="M6.6 6.7a1.45 1.45 0 1 1 2.1 1.3c-.5.25-.7.5-.7 1"/><circle class="f" cx="8" cy="10.9" r=".85"/>'
_CALENDAR = (
    '<rect x="2.3" y="3.2" width="11.4" height="10.5" rx="1.4"/><path d="M2.3 6.6h11.4M5.2 1.8v2.6m5.6-2.6v2.6"/>'
)


def _path(d: str) -> str:
    return f'<path d="{d}"/>'


_SHAPES = {
    # what the states of quotes/states.py ask for
    "alert": _path("M8 2.2 14.2 13.4H1.8zM8 6.4v3") + '<circle class="f" cx="8" cy="11.4" r=".85"/>',
    "arrow": _path("M2.4 8h10.8M9.4 4.2 13.2 8l-3.8 3.8"),
    "barred": _DISC + _path("m4.1 11.9 7.8-7.8"),
    "calendar-x": _CALENDAR + _path("m6.3 8.6 3.4 3.2m0-3.2-3.4 3.2"),
    "check-disc": _FULL + '<path class="n" d="m5.2 8.2 2 2 3.7-4.2"/>',
    "checklist": _path("m1.8 4.2 1.4 1.4 2.6-3M8.4 4.2h5.8M8.4 8.2h5.8M1.8 8.2h3.6M1.8 12.4h12.4"),
    "clock": _DISC + _path("M8 4.7V8l2.1 1.5"),
    "diamond-question": _path("M8 1.2 14.8 8 8 14.8 1.2 8z") + _QUESTION,
    "half": _DISC + '<path class="f" d="M8 2.2a5.8 5.8 0 0 0 0 11.6z"/>',
    "pencil": _path("m3 13 .8-3 6.9-6.9a1.5 1.5 0 0 1 2.2 2.2L6 12.2z"),
    "question-disc": _DISC + _QUESTION,
    "tag": _path("M2.4 2.6h5l6 6a1.1 1.1 0 0 1 0 1.5l-3.4 3.4a1.1 1.1 0 0 1-1.5 0l-6.1-6z")
    + '<circle class="f" cx="5.5" cy="5.7" r="1.1"/>',
    "x-disc": _DISC + _path("m6 6 4 4m0-4-4 4"),
    # what pages ask for
    "arrow-down": _path("M8 2.6v10.6M4.2 9.4 8 13.2l3.8-3.8"),
    "arrow-up": _path("M8 13.4V2.8M4.2 6.6 8 2.8l3.8 3.8"),
    "bell": _path("M3.2 11.6h9.6c-1.1-1-1.5-2-1.5-3.7V6.7a3.3 3.3 0 0 0-6.6 0v1.2c0 1.7-.4 2.7-1.5 3.7z")
    + _path("M6.7 13.7a1.5 1.5 0 0 0 2.6 0"),
    "bolt": _path("M9.2 1.6 3.2 9h4.2l-.8 5.4L12.8 7H8.4z"),
    "calendar": _CALENDAR,
    "check": _path("m2.8 8.6 3.4 3.4 7-7.6"),
    "chevron-down": _path("m4 6 4 4 4-4"),
    "chevron-left": _path("m10 4-4 4 4 4"),
    "chevron-right": _path("m6 4 4 4-4 4"),
    "columns": _path("M2.2 2.8h11.6v10.4H2.2zM6.2 3v10M9.9 3v10"),
    "copy": '<rect x="5.6" y="5.6" width="8" height="8" rx="1.4"/>'
    + _path("M3.8 10.4a1.4 1.4 0 0 1-1.4-1.4V3.8a1.4 1.4 0 0 1 1.4-1.4H9a1.4 1.4 0 0 1 1.4 1.4"),
    "cross": _path("m4 4 8 8m0-8-8 8"),
    "cut-cable": _path("M.8 8h4l1.4-2.8M15.2 8h-4l-1.4 2.8"),
    "download": _path("M8 2.2v7.6M4.7 6.6 8 9.8l3.3-3.2M2.6 13.4h10.8"),
    "external": _path("M9.6 2.4h4v4M13.4 2.6 7.6 8.4")
    + _path("M12.2 9.6v2.6a1.2 1.2 0 0 1-1.2 1.2H3.8a1.2 1.2 0 0 1-1.2-1.2V5A1.2 1.2 0 0 1 3.8 3.8h2.6"),
    "eye": _path("M1.2 8S3.6 3.6 8 3.6 14.8 8 14.8 8 12.4 12.4 8 12.4 1.2 8 1.2 8z") + '<circle cx="8" cy="8" r="2"/>',
    "file": _path("M3.6 1.8H9L12.4 5.2v9H3.6zM8.8 2v3.4h3.4"),
    "info": _DISC + _path("M8 7.5v3.3") + '<circle class="f" cx="8" cy="5.2" r=".9"/>',
    "map": _path("M1.8 3.4 6 2l4 1.4L14.2 2v10.6L10 14l-4-1.4L1.8 14zM6 2v10.6M10 3.4V14"),
    "menu": _path("M2.2 4.2h11.6M2.2 8h11.6M2.2 11.8h11.6"),
    "minus": _path("M3 8h10"),
    "plus": _path("M8 3v10M3 8h10"),
    "print": _path("M4.4 6V2.2h7.2V6M4.4 11.2h-2V6h11.2v5.2h-2M4.4 9.2h7.2v4.6H4.4z"),
    "refresh": _path("M13 8a5 5 0 1 1-1.5-3.6L13 5.8M13 2.2v3.6H9.4"),
    "search": '<circle cx="7" cy="7" r="4.5"/>' + _path("M10.4 10.4 14 14"),
    "trash": _path("M2.4 4.2h11.2M6 4.2V2.4h4v1.8M3.9 4.2l.7 9.4h6.8l.7-9.4"),
    "upload": _path("M8 9.8V2.4M4.7 5.6 8 2.4l3.3 3.2M2.6 13.4h10.8"),
    "user": '<circle cx="8" cy="5" r="2.8"/>' + _path("M2.4 14a5.6 5.6 0 0 1 11.2 0"),
}


def _svg(shape: str) -> SafeString:
    return mark_safe(f'<svg class="i" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{shape}</svg>')  # noqa: S308


ICONS: dict[str, SafeString] = {name: _svg(shape) for name, shape in _SHAPES.items()}

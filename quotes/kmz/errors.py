"""Why a file was refused: one closed list of codes, each a rule that a person can be told."""

from quotes.errors import FileRefused

CODES = frozenset(
    {
        # the file as a whole
        "empty",
        "too_large",  # limit
        "file_name",  # name
        "not_kmz",
        # the archive
        "damaged",
        "extra_data",
        "zip64",
        "too_many_entries",  # limit
        "mismatch",  # name
        "overlap",  # name
        "encrypted",  # name
        "method",  # name
        "special_file",  # name
        "entry_name",  # name
        "duplicate",  # name
        "entry_type",  # name
        "nested",  # name
        "unpacked_size",  # name, limit
        "ratio",  # name, limit
        "no_kml",
        "no_root_kml",
        "two_root_kml",
        # the KML document
        "encoding",
        "bad_xml",  # line
        "doctype",
        "instruction",
        "xinclude",
        "not_kml",
        "too_deep",  # limit
        "too_many_elements",  # limit
        "too_long_text",  # limit
        # the route
        "coordinate",  # quote
        "too_many_points",  # limit
        "no_line",
        "too_long",  # limit
    }
)


class KmzError(FileRefused):
    pass

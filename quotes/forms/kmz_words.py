"""What a person reads when a KMZ is refused, or taken with something left out: one sentence for each code."""

from django.utils.translation import gettext_lazy as _

from quotes.kmz import KmzError

SENTENCES = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(limit)s MiB."),
    "file_name": _("The file “%(name)s” is not a KMZ: its name must end in .kmz."),
    "not_kmz": _("This is not a KMZ: a KMZ is a zip archive with a KML document in it."),
    "damaged": _("The archive is damaged or incomplete. Save the route again and send the new file."),
    "extra_data": _("The file holds data outside its entries, or a comment. Save the route again as a plain KMZ."),
    "zip64": _("The archive uses the ZIP64 form, which a route does not need. Save it as an ordinary KMZ."),
    "too_many_entries": _("The archive holds more than %(limit)s entries."),
    "mismatch": _("The archive describes “%(name)s” in two different ways."),
    "overlap": _("The entry “%(name)s” shares its data with another one."),
    "encrypted": _("The entry “%(name)s” is encrypted. Save the route without a password."),
    "method": _("The entry “%(name)s” is compressed in a way that a KMZ does not use."),
    "special_file": _("The entry “%(name)s” is a link or a device, not a file."),
    "entry_name": _("The entry “%(name)s” has a name or path that is not allowed."),
    "duplicate": _("The archive holds “%(name)s” twice."),
    "entry_type": _("The entry “%(name)s” is not allowed: only KML documents and PNG or JPEG pictures are."),
    "nested": _("The entry “%(name)s” is an archive inside the archive."),
    "unpacked_size": _("The entry “%(name)s” unpacks to more than %(limit)s MiB."),
    "ratio": _("The entry “%(name)s” unpacks to more than %(limit)s times its size."),
    "no_kml": _("This is not a KMZ: there is no KML document in it."),
    "no_root_kml": _("The KML document is in a folder of the archive. It must stand at the top, usually as doc.kml."),
    "two_root_kml": _("There is more than one KML document at the top of the archive: it must be clear which is read."),
    "encoding": _("The KML document is not in UTF-8."),
    "bad_xml": _("The KML document is not well formed (line %(line)s)."),
    "doctype": _("The KML document declares a document type or entities, which is not allowed."),
    "instruction": _("The KML document holds a processing instruction, which is not allowed."),
    "xinclude": _("The KML document includes other documents, which is not allowed."),
    "not_kml": _("The document in the archive is XML, but not KML."),
    "too_deep": _("The KML document is nested more than %(limit)s levels deep."),
    "too_many_elements": _("The KML document has more than %(limit)s elements or attributes."),
    "too_long_text": _("A text or attribute in the KML document is longer than %(limit)s KiB."),
    "coordinate": _(
        "“%(quote)s” is not a position: expected a longitude from −180 to 180, a latitude from −90 to 90, and perhaps "
        "an altitude up to 10,000 m."
    ),
    "too_many_points": _("The route has more than %(limit)s points."),
    "no_line": _("There is no line in the file: a route needs at least one line of two different points."),
    "too_long": _("The route is longer than %(limit)s km."),
}

NOTES = {
    "network_link_ignored": _("The file links to other map data (NetworkLink). It was not fetched."),
    "remote_link_ignored": _("Links and pictures that are not inside the file were not fetched."),
    "active_content_ignored": _("Scripts and updates in the file were ignored."),
    "extra_data_ignored": _("Attribute data stays in the file but is not shown."),
    "other_geometry_ignored": _("Areas, tracks and models are not shown; only lines count as route."),
    "short_line_ignored": _("Lines with fewer than two different points are not shown."),
    "inner_kml_ignored": _("KML documents in folders of the archive were not read."),
}


def sentence(error: KmzError) -> str:
    return SENTENCES[error.code] % error.params


def sentence_of(code: str, params: dict) -> str:
    """Of a refusal that was stored; a code that a later version no longer knows stands for itself."""
    return SENTENCES[code] % params if code in SENTENCES else code


def notes(codes: list[str]) -> list[str]:
    """Sentences for stored note codes; one that a later version no longer knows is passed over."""
    return [str(NOTES[code]) for code in codes if code in NOTES]

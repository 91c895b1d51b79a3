"""What a person reads when a spreadsheet is refused: one sentence for each code of quotes.spreadsheets."""

from django.utils.translation import gettext_lazy as _

from quotes.spreadsheets import SheetError

SENTENCES = {
    "empty": _("There is nothing in it."),
    "too_large": _("The file is larger than %(limit)s MiB."),
    "old_excel": _(
        "This is an old .xls file, or a workbook behind a password. Open it, save it as .xlsx without a password, and "
        "upload that."
    ),
    "ods": _("This is an OpenDocument spreadsheet. Save it as .xlsx or .csv and upload that."),
    "html": _("This is a web page or an XML document, whatever its name says. Save it as .xlsx or .csv first."),
    "not_sheet": _("This is not a spreadsheet: .xlsx and .csv files can be read."),
    "damaged": _("The file is damaged or incomplete. Open it in your spreadsheet, save it again and upload that."),
    "unpacked": _("The file unpacks to far more than its lines need. Copy the lines into a new, empty workbook."),
    "no_sheet": _("All sheets of the file are hidden."),
    "no_rows": _("The first visible sheet of the file is empty."),
    "too_many_rows": _("There are more than %(limit)s lines. Cut the file in parts and upload one after the other."),
    "too_many_columns": _("There are more than %(limit)s columns. Leave out those that are not needed here."),
}


def sentence(error: SheetError) -> str:
    return SENTENCES[error.code] % error.params

"""The sentences of the portal for codes that are stored: reasons, kinds of commands, events."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

REASONS = {
    # our own refusals
    "form_incomplete": _("This page was not complete. Load it again and send once more."),
    "form_used": _("This page was already sent with other content. Check what it made, then send again as a new one."),
    "state": _("The state of this object does not allow it now."),
    "orphan": _("The basket of this line is not known: find it first."),
    "decided": _("This line is already decided."),
    "under_way": _("Another action on this object is under way. Wait until its outcome is known."),
    "not_open": _("It is settled already: nobody has to decide it."),
    "id_needed": _("Copy it from the operator’s side: without it the order cannot be found."),
    "not_withdrawable": _("It is on its way and can no longer be withdrawn."),
    "state_moved": _("The state changed at the operator since you looked."),
    "price_moved": _("The price changed since you looked."),
    "changed_elsewhere": _("Somebody changed the same fields at the operator since you looked."),
    "note_moved": _("Somebody else changed the note meanwhile. Both texts are below."),
    "right_lost": _("The person no longer had the right when it was to be sent."),
    "create_failed": _("What it belongs to was never created at the operator."),
    "incomplete": _("Something is still needed before the basket can be confirmed."),
    "login_taken": _("Somebody has this login already."),
    "last_admin": _("This is the last administrator who may log in: give the role to somebody else first."),
    "not_oneself": _("You cannot shut yourself out: another administrator can."),
    "no_pdf": _("The operator has no answer for this line yet, so there is no PDF of it."),
    "files_coming": _("Some files are still being made at the operator."),
    "name_taken": _("You have a view of this name already."),
    "own_password": _("Your own password is changed on your own page, where the old one is asked."),
    # lines of a spreadsheet, and their cells
    "imported": _("The same line was imported into this basket before."),
    "in_basket": _("A line with this reference is in the basket already."),
    "twice": _("The same line stands further up in the file."),
    "nothing_to_import": _("No line is ready to be created."),
    "import_started": _("This import was started already."),
    "import_discarded": _("This import was discarded."),
    "cell_required": _("It is missing: without it the operator takes no line."),
    "cell_date": _("This date does not exist, or is not written like 30/04/2026."),
    "cell_email": _("This e-mail address is not complete."),
    "cell_long": _("The text is too long."),
    "cell_many": _("There are too many values in one cell."),
    "cell_formula": _("This formula has no stored result: save the file again in your spreadsheet, or type the value."),
    "cell_error": _("The cell shows an error of the spreadsheet instead of a value."),
    "cell_rounded": _("The spreadsheet has rounded this long number: type all its digits, or make the column text."),
    "cell_characters": _("The cell holds characters that cannot be read."),
    "cell_invalid": _("The operator would not take this value."),
    # many traces at once
    "one_trace_a_line": _("Two files are meant for the same line: keep one of them."),
    "no_trace_chosen": _("No file has a line yet: choose one for each file that is to be sent."),
    "left_out": _("It was left out before the others were sent."),
    # what the operator did
    "unreachable": _("The operator does not answer."),
    "login_refused": _(
        "The operator refused the portal’s own login. Nothing was done: press again, or tell an administrator."
    ),
    "operator_forbids": _("The operator forbids it."),
    "not_found": _("The operator no longer knows this object."),
    "busy": _("The operator is busy: nothing was done. Try again a little later."),
    "refused": _("The operator refused it."),
    "no_answer": _("It was sent, but no readable answer came back."),
    "not_stored": _("The operator answered, but the answer could not be kept; it is being read again."),
    "process_died": _("The portal was interrupted while it was sending."),
    "contradiction": _("The operator shows neither what was asked nor what was there before."),
    "undecidable": _("The operator’s answers cannot show whether it happened."),
    "late": _("It happened later than expected."),
    "by_person": _("Settled by a person."),
    # exports
    "failed_there": _("The operator could not make the file."),
    "lost_there": _("The operator no longer knows this export."),
    "too_long": _("The operator did not finish it in time."),
    "unreadable_file": _("What the operator delivered is not the file that was asked."),
    "too_old": _("It was kept for as long as the portal keeps files, then removed here."),
    "withdrawn": _("It was withdrawn before it was sent."),
    "not_applied": _("It could not be started at the operator."),
    "expired": _("It was not sent in time."),
}

KINDS = {
    "create_basket": _("Create the basket"),
    "update_basket": _("Change the basket"),
    "confirm_basket": _("Confirm the basket"),
    "add_line": _("Add the line"),
    "update_line": _("Change the line"),
    "delete_line": _("Delete the line"),
    "upload_trace": _("Send the trace"),
    "delete_trace": _("Delete the trace"),
    "accept": _("Accept the offer"),
    "decline": _("Decline the offer"),
    "restore": _("Restore the offer"),
    "export_line_pdf": _("PDF of the line"),
    "export_offer_pdf": _("PDF of the offer"),
    "export_csv": _("Operator’s CSV"),
}

DONE = {
    "create_basket": _("Basket created"),
    "update_basket": _("Basket changed"),
    "confirm_basket": _("Basket confirmed and sent to the operator"),
    "add_line": _("Line added"),
    "update_line": _("Line changed"),
    "delete_line": _("Line deleted"),
    "upload_trace": _("Trace sent"),
    "delete_trace": _("Trace deleted"),
    "accept": _("Offer accepted, order line created"),
    "decline": _("Offer declined"),
    "restore": _("Offer restored"),
    "export_line_pdf": _("PDF of the line asked for"),
    "export_offer_pdf": _("PDF of the offer asked for"),
    "export_csv": _("Operator’s CSV asked for"),
}

# Why an offer was declined. Kept here and counted; the operator gets the comment alone.
MOTIVES = {
    "too_expensive": _("Too expensive"),
    "too_late": _("Too late"),
    "not_needed": _("No longer needed"),
    "other_offer": _("Another offer was chosen"),
    "other": _("Another reason"),
}

BATCHES = {
    "import": _("Lines from a spreadsheet"),
    "requote": _("Lines asked again"),
    "traces": _("Traces for many lines"),
    "decline": _("Offers declined together"),
    "pdf": _("PDFs of many lines"),
}

RIGHTS = {
    "create": _("Baskets and lines are created by sales staff and managers."),
    "edit": _("Baskets and lines are changed by sales staff and managers."),
    "trace": _("Traces are joined and removed by sales staff and managers."),
    "confirm": _("Baskets are confirmed by sales staff and managers."),
    "export": _("The operator’s files are asked for by sales staff and managers."),
    "refresh": _("Reading again at the operator is for everybody but auditors."),
    "withdraw": _("Waiting actions are withdrawn by everybody but auditors."),
    "comment": _("Comments and internal notes are written by everybody but auditors."),
    "accept": _("Offers are accepted by managers."),
    "decline": _("Offers are declined by managers."),
    "restore": _("Offers are restored by managers."),
    "sync": _("Reading everything now is for managers and administrators."),
    "resolve": _("Open outcomes are settled by managers and administrators."),
    "share": _("Views are shared by everybody but auditors."),
    "own_view": _("A view is changed and deleted by whoever saved it."),
    "people": _("Who may come in, and as what, is settled by administrators."),
    "import": _("An import is prepared and started by whoever uploaded the file."),
}

ROLES = {
    "sales": _("Sales"),
    "manager": _("Manager"),
    "auditor": _("Auditor"),
    "admin": _("Administrator"),
}

# What was put aside, by the reading that it came with.
REJECTED = {
    "baskets": _("In the list of baskets"),
    "lines": _("In a list of lines"),
    "basket": _("The answer about a basket"),
    "line": _("The answer about a line"),
}

JOBS = {
    "new_baskets": _("New baskets"),
    "all_baskets": _("All baskets"),
    "lines": _("All lines"),
    "baskets": _("Open baskets and their lines"),
    "orphans": _("Lines whose basket is not known"),
    "exports": _("Running exports"),
    "commands": _("Waiting actions"),
    "projects": _("Projects"),
    "notices": _("News of the history"),
    "reminders": _("Prices that expire soon"),
    "mails": _("Mails"),
    "batches": _("Batches under way"),
}


def reason(code: str) -> str:
    """The sentence of a reason; an unknown code stands for itself."""
    return REASONS.get(code, code)


def said(text: str) -> SafeString:
    """The operator's words, marked with their language."""
    return format_html('<span lang="en">{}</span>', text)

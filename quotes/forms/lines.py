"""All thirteen fields of a line, in the order of the page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes.forms.base import ChangesForm
from quotes.forms.fields import ContactsField, DayField, PlainText, TextsField
from quotes.services.naming import LONGEST


def _text(label, *, longest=200, **kwargs):
    return PlainText(label=label, max_length=longest, required=False, **kwargs)


class LineForm(ChangesForm):
    """Only the qualification id is needed to save; three more are needed to confirm and shown so, never scolded."""

    product_offering_qualification_item_id = PlainText(
        label=_("Qualification id"),
        help_text=_(
            "Pasted from the operator’s eligibility result. Until you have it, what you type waits here as a copy."
        ),
        max_length=100,
        error_messages={
            "required": _(
                "Paste the qualification id: without it the operator takes no line. Your recovery copy waits here."
            )
        },
    )
    end_customer_name = _text(_("End customer"), longest=255)
    external_id = _text(_("Your reference"), longest=LONGEST)
    business_sector = _text(_("Business sector"))
    customer_order_name = _text(_("Order name"), longest=255)
    business_code = _text(_("Business code"))
    project_id = _text(_("Project"), longest=100)
    site_connection_type = _text(_("Connection type"))
    product_offerings = TextsField(label=_("Offers requested"))
    option_ids = TextsField(label=_("Options"))
    expected_response_date = DayField(label=_("Answer wanted by"), help_text=_("For example 30/04/2026."))
    related_contact_information = ContactsField(label=_("Contacts"), required=False)
    note = _text(_("Note"), longest=5000, widget=forms.Textarea)
    technical_note = _text(_("Technical note"), longest=5000, widget=forms.Textarea)

    def __init__(self, *args, suggestions=None, contacts=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["related_contact_information"].widget.known = contacts
        for name, values in (suggestions or {}).items():
            self.fields[name].suggestions = values
            self.fields[name].widget.suggestions = values

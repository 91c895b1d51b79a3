"""The columns of the two lists: which there are, which are usual, and the form that chooses among them."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """`name` is the specification's where it has one; in `columns=a,b` of an address it stands for the column."""

    name: str
    label: str
    css: str = ""
    is_usual: bool = True
    is_fixed: bool = False  # it heads the row


COLUMNS = {
    "lines": (
        Column("reference", _("Reference")),
        Column("end_customer_name", _("End customer and site"), is_fixed=True),
        Column("basket", _("Basket")),
        Column("project_id", _("Project")),
        Column("state", _("State")),
        Column("monthly", _("Best per month"), "num"),
        Column("validity_date", _("Decide before")),
        Column("creation_date", _("Created"), "num"),
        Column("one_off", _("Lowest access fee"), "num", is_usual=False),
        Column("external_id", _("Your reference"), is_usual=False),
        Column("customer_order_name", _("Order name"), is_usual=False),
        Column("business_sector", _("Business sector"), is_usual=False),
        Column("product_offerings", _("Offers requested"), is_usual=False),
        Column("expected_response_date", _("Response expected"), "num", is_usual=False),
        Column("quote_date", _("Sent"), "num", is_usual=False),
        Column("response_date", _("Answered"), "num", is_usual=False),
        Column("person", _("Person"), is_usual=False),
    ),
    "baskets": (
        Column("external_id", _("Reference"), is_fixed=True),
        Column("project_id", _("Project")),
        Column("state", _("State")),
        Column("lines", _("Lines")),
        Column("decide_before", _("Decide before")),
        Column("creation_date", _("Created"), "num"),
        Column("person", _("Person")),
        Column("quote_date", _("Quoted"), "num", is_usual=False),
        Column("read_at", _("Synchronised"), "num", is_usual=False),
        Column("id", _("Identifier at the operator"), is_usual=False),
    ),
}


def shown(noun: str, names: list[str]) -> list[Column]:
    """The columns of these names in this order, and what heads the rows; the usual ones when none is known."""
    known = {column.name: column for column in COLUMNS[noun]}
    found = [known[name] for name in dict.fromkeys(names) if name in known]
    if not found:
        return [column for column in COLUMNS[noun] if column.is_usual or column.is_fixed]
    return [column for column in COLUMNS[noun] if column.is_fixed and column not in found] + found


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, noun, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(column.name, column.label) for column in COLUMNS[noun] if not column.is_fixed]
        self.fields["columns"].choices = choices

    def keep(self, preference, noun: str) -> None:
        """None chosen: the usual ones again, also those that are added later."""
        chosen = self.cleaned_data["columns"]
        others = {name: columns for name, columns in preference.columns.items() if name != noun}
        preference.columns = others | ({noun: chosen} if chosen else {})
        preference.save()

"""A new export of lines: the six filters of the specification, and who makes the file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quotes import states
from quotes.forms.base import OnceForm
from quotes.forms.filters import LineFilter

FILTERS = ("reference", "customer_order_name", "end_customer_name", "business_sector", "project_id", "state")
MAKERS = [
    ("fr", _("Excel (French)")),
    ("standard", _("Standard CSV")),
    ("operator", _("Operator’s CSV")),
]


def _text(name):
    return forms.CharField(label=LineFilter.base_filters[name].label, max_length=500, required=False)


class StateSelect(forms.Select):
    """The known states in words; another value that was asked for is offered too, as it came."""

    def __init__(self):
        super().__init__(choices=[("", _("All")), *((value, state.label) for value, state in states.LINE.items())])

    def optgroups(self, name, value, attrs=None):
        known = {str(choice) for choice, _label in self.choices}
        self.choices += [(text, text) for text in value if text and text not in known]
        return super().optgroups(name, value, attrs)


class ExportForm(OnceForm):
    reference = _text("reference")
    customer_order_name = _text("customer_order_name")
    end_customer_name = _text("end_customer_name")
    business_sector = _text("business_sector")
    project_id = _text("project_id")
    state = forms.CharField(label=_("State"), max_length=500, required=False, widget=StateSelect)
    format = forms.ChoiceField(label=_("Format"), choices=MAKERS, required=False)

    def __init__(self, *args, projects=(), maker="operator", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project_id"].suggestions = projects
        self.fields["format"].initial = maker

    def filters(self) -> dict[str, str]:
        """What was filled in: blanks are not sent."""
        return {name: self.cleaned_data[name] for name in FILTERS if self.cleaned_data[name]}

    @property
    def by_operator(self) -> bool:
        return self.cleaned_data["format"] in ("", "operator")


def in_words(filters: dict) -> str:
    """ "State: Price to review, Project: FLASH"; "" when nothing narrows it."""
    labels = {name: LineFilter.base_filters[name].label for name in FILTERS}
    parts = [(labels.get(name, name), _value(name, text)) for name, text in filters.items()]
    return ", ".join(str(_("%(label)s: %(value)s")) % {"label": label, "value": value} for label, value in parts)


def _value(name, text):
    return states.line(text).label if name == "state" and states.line(text).known else text

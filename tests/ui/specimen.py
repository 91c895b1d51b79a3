"""What the component page shows: one of everything, with invented data."""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

from quotes import states


class SpecimenForm(forms.Form):
    end_customer_name = forms.CharField(label="End customer name", initial="Mairie de Plougastel-Daoulas")
    expected_date = forms.DateField(label="Answer wanted", help_text="For example 30/04/2026", required=False)
    business_sector = forms.CharField(label="Business sector", required=False)
    site_connection_type = forms.ChoiceField(
        label="Connection type", choices=[("", "Choose"), ("fd", "Dedicated fibre")]
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    only_mine = forms.BooleanField(label="Only mine", required=False)
    kind = forms.ChoiceField(
        label="Format", choices=[("fr", "Excel (FR)"), ("std", "Standard CSV")], widget=forms.RadioSelect
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["business_sector"].suggestions = ["Industry", "Public body"]


STEPS = [
    {"title": "Draft", "when": "16 Apr 2026, 09:12", "by": "Claire Maréchal", "status": "done"},
    {"title": "Sent to the operator", "when": "16 Apr 2026, 11:40", "by": "once only", "status": "done"},
    {"title": "No answer", "when": "after 20 s", "status": "broken"},
    {"title": "Reading the line again", "when": "third reading", "status": "now"},
    {"title": "Result", "by": "accepted, or nothing happened", "status": "todo"},
]


def specimen() -> dict:
    now, today = timezone.now(), timezone.localdate()
    return {
        "basket_states": [*states.BASKET.values(), states.CLOSED_BY_OPERATOR, states.basket("on_hold")],
        "line_states": [*states.LINE.values(), states.line("hold")],
        "command_states": list(states.COMMAND.values()),
        "stamps": [now - timedelta(minutes=minutes) for minutes in (2, 14, 90)],
        "dates": [today + timedelta(days=days) for days in (12, 4, 1, -1)],
        "form": SpecimenForm(
            {"end_customer_name": "Mairie", "expected_date": "31/04/2026", "site_connection_type": "fd", "kind": "fr"}
        ),
        "steps": STEPS,
        "page": Paginator(range(312), 25).page(2),
        "section": "lines",
        "nav_count": 23,
        "version": "0.1",
        "operator_strip": {"since": "13:40", "data_of": "13:38", "next_try": "14:06"},
    }

"""A field, its hint, its error and its input belong together; the summary leads to each."""

import re

import pytest
from django import forms

from quotes.templatetags import fields

pytestmark = pytest.mark.usefixtures("british")


class LineForm(forms.Form):
    end_customer_name = forms.CharField(label="End customer")
    expected_date = forms.DateField(label="Answer wanted", help_text="For example 30/04/2026", required=False)
    urgent = forms.BooleanField(label="Urgent", required=False)

    def clean(self):
        self.add_error(None, "<Nothing> was sent")


@pytest.fixture
def form():
    return LineForm({"end_customer_name": "", "expected_date": "31/04/2026"})


def test_input_hint_and_error_are_tied_together(form):
    shown = fields.field(form["expected_date"])
    described = re.search(r'aria-describedby="([^"]+)"', shown)[1].split()
    assert described == ["id_expected_date_hint", "id_expected_date_err0"]
    assert all(f'id="{name}"' in shown for name in described)
    assert 'aria-invalid="true"' in shown and 'data-field="expected_date"' in shown


def test_what_confirming_needs_is_said_in_words(form):
    assert "needed to confirm" in fields.field(form["end_customer_name"], needed=True)
    assert "needed to confirm" not in fields.field(form["end_customer_name"])


def test_suggestions_become_a_list_and_not_a_limit(form):
    form.fields["end_customer_name"].suggestions = ['FTTO "100"']
    shown = fields.field(form["end_customer_name"])
    assert 'list="id_end_customer_name_list"' in shown
    assert '<datalist id="id_end_customer_name_list"><option value="FTTO &quot;100&quot;">' in shown


def test_further_arguments_are_attributes_of_the_input(form):
    assert 'data-mono="1"' in fields.field(form["end_customer_name"], data_mono="1")


def test_a_box_to_tick_stands_before_its_label(form):
    shown = fields.field(form["urgent"])
    assert shown.index("<input") < shown.index("<label")


def test_the_summary_leads_to_every_field_and_keeps_what_has_none(form):
    shown = fields.error_summary(form, title="Error: the line is not saved")
    assert 'tabindex="-1" autofocus' in shown and "Error: the line is not saved" in shown
    assert '<li data-field="expected_date"><a href="#id_expected_date">Answer wanted: ' in shown
    assert '<li data-field="">&lt;Nothing&gt; was sent</li>' in shown


def test_no_summary_without_errors():
    assert fields.error_summary(forms.Form({}), None) == ""


def test_the_summary_joins_formsets(form):
    formset = forms.formset_factory(LineForm, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-expected_date": "never"}
    )
    assert 'data-field="form-0-expected_date"' in fields.error_summary(form, formset)


def test_an_item_may_name_the_line_it_is_about():
    shown = fields.error_list(
        [{"text": "Choose", "href": "/lines/1/edit/", "field": "site_connection_type", "id": "1"}]
    )
    assert '<li data-field="site_connection_type" data-id="1"><a href="/lines/1/edit/">Choose</a></li>' in shown

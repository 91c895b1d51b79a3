"""Sorted heads and pages are real links that keep what was filtered."""

import re

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

pytestmark = pytest.mark.usefixtures("british")


def draw(template, query="", **context):
    request = RequestFactory().get(f"/lines/{query}")
    return Template("{% load lists %}" + template).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("current", "order", "following"),
    [
        ("", None, "reference"),
        ("reference", "ascending", "-reference"),
        ("-reference", "descending", "reference"),
        ("state", None, "reference"),
    ],
)
def test_a_head_says_its_order_and_leads_to_the_other(current, order, following):
    shown = draw('{% sort_header "reference" "Reference" current %}', "?state=ready&page=3", current=current)
    assert re.findall(r'aria-sort="(\w+)"', shown) == ([order] if order else [])
    assert f'href="?state=ready&amp;sort={following}"' in shown


def test_a_head_replaces_its_region_only_where_one_is_named():
    assert "hx-get" not in draw('{% sort_header "reference" "Reference" "" %}')
    assert 'hx-target="#results"' in draw('{% sort_header "reference" "Reference" "" target="#results" %}')


@pytest.mark.parametrize("rows", [0, 1, 25])
def test_one_page_needs_no_pager(rows):
    assert "nav" not in draw("{% pager page %}", page=Paginator(range(rows), 25).page(1))


def test_pages_keep_the_filters_and_mark_next_and_previous():
    shown = draw("{% pager page %}", "?state=ready&state=expired&page=2", page=Paginator(range(312), 25).page(2))
    assert 'href="?state=ready&amp;state=expired&amp;page=3" rel="next"' in shown
    assert 'rel="prev"' in shown and shown.count('aria-current="page"') == 1
    assert "26–50 of 312" in shown


def test_a_count_that_was_given_up_says_so():
    paginator = Paginator(range(10_001), 25)
    paginator.capped = True
    assert "1–25 of more than 10,000" in draw("{% pager page %}", page=paginator.page(1))


def test_another_number_of_rows_starts_at_the_first_page():
    shown = draw("{% pager page %}", "?page=2&q=x", page=Paginator(range(312), 25).page(2))
    assert 'href="?q=x&amp;page_size=100"' in shown

"""What a list page needs around its rows: sorted heads and pages, all of them real links."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext

from quotes.models.people import PAGE_SIZES

from .formats import number
from .icons import ICONS

register = template.Library()


def _link(context, **changes) -> str:
    """This page's address with other parameters; None drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


def _swap(target, href):
    """The same link replaces one region where the script runs."""
    if not target:
        return ""
    return format_html(' hx-get="{}" hx-target="{}" hx-swap="outerHTML show:none" hx-push-url="true"', href, target)


@register.simple_tag(takes_context=True)
def sort_header(context, name, label, current="", css="", target=""):
    """A column head that sorts by `name`; `current` is the sort in force ("name" or "-name")."""
    down, sorted_here = current.startswith("-"), current.lstrip("-") == name
    href = _link(context, sort=name if not sorted_here or down else f"-{name}", page=None)
    following = gettext("sort ascending") if not sorted_here or down else gettext("sort descending")
    order = format_html(' aria-sort="{}"', "descending" if down else "ascending") if sorted_here else ""
    arrow = ICONS["arrow-down" if down else "arrow-up"] if sorted_here else ""
    return format_html(
        '<th scope="col"{}{}><a href="{}"{}>{}{}<span class="vh">, {}</span></a></th>',
        format_html(' class="{}"', css) if css else "", order, href, _swap(target, href), label, arrow, following,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def column_header(context, column, sorts, current, target):
    """The head of a `quotes.forms.columns.Column`; a link where the list can be sorted by it."""
    if column.name in sorts:
        return sort_header(context, column.name, column.label, current, column.css, target)
    css = format_html(' class="{}"', column.css) if column.css else ""
    return format_html('<th scope="col"{}>{}</th>', css, column.label)


@register.simple_tag(takes_context=True)
def pager(context, page, target=""):
    """Place in the whole, pages, rows a page; nothing when one page of the usual size holds everything. `page` is a
    Django page; a paginator that stopped counting says so by `capped` ("more than 10,000")."""
    if not page.has_other_pages() and page.paginator.per_page not in PAGE_SIZES[1:]:
        return ""
    steps = format_html_join("", "<li>{}</li>", ([item] for item in _steps(context, page, target)))
    pages = format_html("<ol>{}</ol>", steps) if page.has_other_pages() else ""
    return format_html(
        '<nav class="pager" aria-label="{}">{}{}{}</nav>',
        gettext("Pages"), _place(page), pages, _sizes(context, page, target),
    )  # fmt: skip


def _place(page):
    count = number(page.paginator.count)
    if getattr(page.paginator, "capped", False):
        count = gettext("more than %(n)s") % {"n": number(page.paginator.count - 1)}
    words = {"first": number(page.start_index()), "last": number(page.end_index()), "count": count}
    return format_html("<span>{}</span>", gettext("%(first)s–%(last)s of %(count)s") % words)


def _steps(context, page, target):
    previous, following = pgettext("page", "Previous"), pgettext("page", "Next")
    yield _page_link(context, target, page.number - 1, previous, "prev") if page.has_previous() else _off(previous)
    for at in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        yield _numbered(context, page, target, at)
    yield _page_link(context, target, page.number + 1, following, "next") if page.has_next() else _off(following)


def _off(words):
    return format_html("<span>{}</span>", words)


def _numbered(context, page, target, at):
    if at == page.number:
        return format_html(
            '<span aria-current="page"><span class="vh">{} </span>{}</span>', gettext("Page"), number(at)
        )
    if not isinstance(at, int):
        return _off(at)
    return _page_link(context, target, at, format_html('<span class="vh">{} </span>{}', gettext("Page"), number(at)))


def _page_link(context, target, at, words, rel=""):
    href = _link(context, page=at)
    return format_html(
        '<a href="{}"{}{}>{}</a>', href, format_html(' rel="{}"', rel) if rel else "", _swap(target, href), words
    )


def _sizes(context, page, target):
    if page.paginator.per_page not in PAGE_SIZES:  # the page chose it, not the person
        return ""
    links = [_size(context, target, size, page.paginator.per_page) for size in PAGE_SIZES]
    return format_html('<span class="sizes">{} {}</span>', gettext("Per page"), mark_safe(" ".join(links)))  # noqa: S308


def _size(context, target, size, current):
    if size == current:
        return format_html('<b aria-current="true">{}</b>', size)
    href = _link(context, page_size=size, page=None)
    return format_html('<a href="{}"{}>{}</a>', href, _swap(target, href), size)

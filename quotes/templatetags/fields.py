"""Form fields and their errors: label, hint, error and input tied together, and the summary that leads to them."""

from django import forms, template
from django.forms.forms import NON_FIELD_ERRORS
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from .icons import ICONS

register = template.Library()


@register.simple_tag
def field(bound, needed=False, hint=None, label=None, **attrs):
    """A whole field. `label` and `hint` replace the field's own. `needed` says in words that confirming will want it;
    a `suggestions` attribute of the form field (any texts) becomes a datalist. Other arguments are attributes of the
    input (`rows=3`, `data_mono=1`)."""
    hint = bound.help_text if hint is None else hint
    bound.label = label or bound.label
    errors = _errors(bound)
    widget = _widget(bound, hint, attrs)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return format_html(
            '<div class="field">{}<div class="check">{}{}</div>{}</div>',
            errors,
            widget,
            _label(bound, needed),
            _hint(bound, hint),
        )
    if bound.field.widget.use_fieldset:
        parts = _legend(bound, needed), _hint(bound, hint), errors, widget
        return format_html('<fieldset class="field"{}>{}{}{}{}</fieldset>', _described(bound, hint), *parts)
    return format_html(
        '<div class="field">{}{}{}{}{}</div>',
        _label(bound, needed),
        _hint(bound, hint),
        errors,
        widget,
        _suggestions(bound),
    )


def _label(bound, needed):
    return format_html('<label for="{}">{}{}</label>', bound.id_for_label, bound.label, _need(needed))


def _legend(bound, needed):
    return format_html("<legend>{}{}</legend>", bound.label, _need(needed))


def _need(needed):
    return format_html('<span class="need">, {}</span>', gettext("needed to confirm")) if needed else ""


def _hint(bound, hint):
    return format_html('<p class="hint" id="{}_hint">{}</p>', bound.auto_id, hint) if hint else ""


def _errors(bound):
    items = (
        [bound.auto_id, number, bound.html_name, ICONS["alert"], error] for number, error in enumerate(bound.errors)
    )
    return format_html_join("", '<p class="err" id="{}_err{}" data-field="{}">{}<span>{}</span></p>', items)


def _described_by(bound, hint):
    ids = [f"{bound.auto_id}_hint"] if hint else []
    return " ".join(ids + [f"{bound.auto_id}_err{number}" for number, _ in enumerate(bound.errors)])


def _described(bound, hint):
    ids = _described_by(bound, hint)
    return format_html(' aria-describedby="{}"', ids) if ids else ""


def _widget(bound, hint, extra):
    attrs = {name.replace("_", "-"): value for name, value in extra.items()}
    if not bound.field.widget.use_fieldset:
        attrs |= {"aria-describedby": ids} if (ids := _described_by(bound, hint)) else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if getattr(bound.field, "suggestions", None):
        attrs["list"] = f"{bound.auto_id}_list"
    return bound.as_widget(attrs=attrs)


def _suggestions(bound):
    options = getattr(bound.field, "suggestions", None)
    if not options:
        return ""
    return format_html(
        '<datalist id="{}_list">{}</datalist>',
        bound.auto_id,
        format_html_join("", '<option value="{}">', ([o] for o in options)),
    )


@register.simple_tag
def error_summary(*forms_, title=None):
    """All errors of some forms (or formsets) on top, each leading to its field; nothing without errors. The
    heading takes the focus, with and without script."""
    items = [item for form in _flat(forms_) for item in _form_items(form)]
    return error_list(items, title=title)


@register.simple_tag
def error_list(items, title=None):
    """The same from plain items `{text, href, field, id}`: `href` and `id` (the line it is about) may be missing."""
    if not items:
        return ""
    return format_html(
        '<section class="errors" aria-labelledby="errors-title">'
        '<h2 id="errors-title" tabindex="-1" autofocus>{} {}</h2><ul>{}</ul></section>',
        ICONS["alert"], title or gettext("Error: this was not sent"),
        format_html_join("", "<li{}>{}</li>", ((_marks(item), _words(item)) for item in items)),
    )  # fmt: skip


def _flat(forms_):
    for form in forms_:
        if hasattr(form, "management_form"):
            yield from form.forms
        elif form is not None:
            yield form


def _form_items(form):
    for name, errors in form.errors.items():
        for error in errors:
            yield _item(form, name, error)


def _item(form, name, error):
    if name == NON_FIELD_ERRORS or name not in form.fields:
        return {"field": "", "text": error}
    bound = form[name]
    words = {"label": conditional_escape(bound.label), "error": conditional_escape(error)}
    # An error may hold words of the operator, marked with their language.
    text = mark_safe(escape(gettext("%(label)s: %(error)s")) % words)  # noqa: S308 - all parts are escaped
    return {"field": bound.html_name, "text": text, "href": f"#{bound.id_for_label or bound.auto_id}"}


def _marks(item):
    marks = format_html(' data-field="{}"', item.get("field", ""))
    return marks + format_html(' data-id="{}"', item["id"]) if item.get("id") else marks


def _words(item):
    return format_html('<a href="{}">{}</a>', item["href"], item["text"]) if item.get("href") else item["text"]

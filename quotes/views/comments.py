"""Comments and the internal note of a basket or a line: a page of their own, and parts of the object's page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes.errors import Invalid, NotPossible
from quotes.forms.comments import CommentForm, NoteForm
from quotes.htmx import redirect
from quotes.models import Basket
from quotes.selectors import baskets, lines
from quotes.selectors import comments as selector
from quotes.services import comments
from quotes.services.permissions import require
from quotes.services.words import reason
from quotes.views.answers import typed
from quotes.views.methods import form_page

VISIBLE = {"baskets": baskets.visible, "lines": lines.visible}


def shown(about) -> dict:
    """What the page of a basket or a line tells of them."""
    said, has_more = selector.of(about, selector.SHOWN)
    return {
        "comments": said,
        "has_more_comments": has_more,
        "comment_form": CommentForm(auto_id="comment_%s"),
        "logins": selector.logins(),
        "internal_note": selector.note_of(about),
        "place": _place(about),
    }


@form_page
def said(request, noun, pk):
    about = get_object_or_404(VISIBLE[noun](request.user), pk=pk)
    form = CommentForm(typed(request), auto_id="comment_%s")
    if request.method == "POST":
        require(request.user, "comment")
        if form.is_valid() and _say(request, form, about):
            return redirect(request, f"{_place(about)}#comments")
    context = shown(about) | {"comments": selector.of(about)[0], "has_more_comments": False}
    context |= {"about": about, "comment_form": form}
    return render(request, "quotes/comments.html", context, status=422 if form.errors else 200)


@form_page
def note(request, noun, pk):
    about = get_object_or_404(VISIBLE[noun](request.user), pk=pk)
    now = selector.note_of(about)
    form = NoteForm(typed(request), now.text if now else "")
    status = 200
    if request.method == "POST":
        require(request.user, "comment")
        status = _write(request, form, about)
        if status == 303:
            return redirect(request, f"{_place(about)}#internal-note")
    if status == 409:
        now = selector.note_of(about)
        form.renew(now.text)
    context = {"about": about, "place": _place(about), "form": form, "now": now, "has_moved": status == 409}
    return render(request, "quotes/internal_note.html", context, status=status)


def _say(request, form, about) -> bool:
    values = form.cleaned_data
    try:
        comment = comments.add(actor=request.user, nonce=values["nonce"], about=about, text=values["text"])
    except Invalid as error:
        form.object_to(error.errors)
        form.renew()
        return False
    _people, unknown = comments.named(comment.text)
    messages.success(request, _("Done: your comment is there."))
    if unknown:
        words = ngettext("Nobody is called %(names)s.", "Nobody is called any of these: %(names)s.", len(unknown))
        messages.warning(request, words % {"names": ", ".join(f"@{name}" for name in unknown)})
    return True


def _write(request, form, about) -> int:
    if not form.is_valid():
        return 422
    values = form.cleaned_data
    try:
        comments.write_note(actor=request.user, about=about, text=values["text"], seen=values["seen"])
    except NotPossible as error:
        form.add_error(None, reason(error.reason))
        return 409
    messages.success(request, _("Done: the internal note is kept."))
    return 303


def _place(about) -> str:
    return f"/{'baskets' if isinstance(about, Basket) else 'lines'}/{about.pk}/"

"""What a person is told of, read and unread, and the choice of what to be told of at all."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes.forms.notices import ChoiceForm
from quotes.htmx import redirect
from quotes.selectors import notices as selector
from quotes.services import notice_words, notices
from quotes.views.answers import typed
from quotes.views.listing import page_of
from quotes.views.methods import form_page

LIST = "/notices/"


@require_safe
def index(request):
    page = page_of(request, selector.of(request.user))
    for notice in page.object_list:
        notice.words, notice.about = notice_words.sentence(notice), notice_words.about(notice)
    return render(request, "quotes/notices.html", {"page": page})


@require_POST
def read(request, pk):
    notice = get_object_or_404(selector.of(request.user), pk=pk)
    notices.mark_read(request.user, notice.pk)
    return redirect(request, LIST)


@require_POST
def read_all(request):
    notices.mark_read(request.user)
    messages.success(request, _("Done: all notices are marked as read."))
    return redirect(request, LIST)


@form_page
def choose(request):
    form = ChoiceForm(typed(request), user=request.user, preference=request.preference)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Done: your choice is kept."))
        return redirect(request, "/preferences/notices/")
    status = 422 if form.is_bound else 200
    return render(request, "quotes/notice_choice.html", {"form": form}, status=status)

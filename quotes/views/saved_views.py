"""Pages of the saved views: all of them, save the list one looks at, rename, share, delete."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quotes.errors import Invalid
from quotes.forms.saved_views import SavedViewForm
from quotes.htmx import redirect
from quotes.selectors import saved_views as selector
from quotes.services import saved_views
from quotes.services.permissions import may, require
from quotes.views.answers import typed
from quotes.views.arranging import LISTS, kept_query
from quotes.views.methods import form_page


@require_safe
def index(request):
    return render(request, "quotes/saved_views.html", {"views": selector.visible(request.user)})


@form_page
def new(request):
    """`list` names the list, `query` is its address as it was looked at."""
    noun = request.GET.get("list", "lines")
    if noun not in LISTS:
        raise Http404
    query = kept_query(LISTS[noun], request.GET.get("query", ""))
    form = _form(request)
    if request.method == "POST" and _is_valid(request, form):
        view = _try(form, lambda given: saved_views.save(actor=request.user, noun=noun, query=query, **given))
        if view:
            messages.success(request, _("Done: “%(name)s” is among the views.") % {"name": view})
            return redirect(request, _address(view))
    return _page(request, form, "saved_view_new", noun=noun, query=query)


@form_page
def detail(request, pk):
    view = _view(request, pk)
    form = _form(request, initial={"name": view.name, "is_shared": view.is_shared})
    if request.method == "POST":
        saved_views.owned(view, request.user)
        if _is_valid(request, form):
            changed = _try(form, lambda given: saved_views.change(actor=request.user, view=view, **given))
            if changed:
                messages.success(request, _("Done: the view is changed."))
                return redirect(request, _address(view))
    return _page(request, form, "saved_view", view=view, is_mine=view.owner_id == request.user.pk)


@require_POST
def delete(request, pk):
    view = _view(request, pk)
    saved_views.remove(actor=request.user, view=view)
    messages.success(request, _("Done: the view “%(name)s” is deleted.") % {"name": view})
    return redirect(request, f"/{view.noun}/")


def _view(request, pk):
    return get_object_or_404(selector.visible(request.user), pk=pk)


def _form(request, **kwargs):
    return SavedViewForm(typed(request), may_share=may(request.user, "share"), **kwargs)


def _is_valid(request, form) -> bool:
    """Whoever asks to share without the right is told so, not passed over."""
    if request.POST.get("is_shared"):
        require(request.user, "share")
    return form.is_valid()


def _try(form, act):
    """What `act` stored; None when it was refused, and the form says why."""
    given = form.cleaned_data
    try:
        return act({"name": given["name"], "is_shared": given.get("is_shared", False)})
    except Invalid as error:
        form.object_to(error.errors)
        return None


def _address(view) -> str:
    return f"/{view.noun}/?{view.query}" if view.query else f"/{view.noun}/"


def _page(request, form, page, **context):
    status = 422 if form.is_bound and form.errors else 200
    return render(request, f"quotes/{page}.html", {"form": form, **context}, status=status)

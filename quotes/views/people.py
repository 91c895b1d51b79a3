"""The people of the portal, for administrators: who may come in, and as what."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from quotes.errors import Invalid
from quotes.forms.people import NewPersonForm, PersonForm
from quotes.htmx import redirect
from quotes.selectors import accounts
from quotes.services import people
from quotes.services.permissions import require
from quotes.services.words import ROLES
from quotes.views.answers import has_moved, typed
from quotes.views.methods import form_page
from quotes.views.paging import page_of


def for_administrators(view):
    """Before anything else: nobody else learns which accounts there are."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        require(request.user, "people")
        return view(request, *args, **kwargs)

    return guarded


@for_administrators
@require_safe
def index(request):
    page = page_of(request, accounts.listed())
    for person in page.object_list:
        person.role = ROLES.get(people.role_of(person), "")
    return render(request, "quotes/people.html", {"page": page})


@for_administrators
@form_page
@sensitive_post_parameters("password1", "password2")
def new(request):
    form = NewPersonForm(typed(request))
    if form.is_valid():
        values = form.cleaned_data
        person = people.add(
            actor=request.user,
            login=values["username"],
            role=values["role"],
            password=values["password1"],
            first_name=values["first_name"],
            last_name=values["last_name"],
        )
        said = _("Done: %(person)s may log in. Hand the password over in person: it is shown nowhere.")
        return _done(request, said, person)
    return _form(request, "person_new", form)


@for_administrators
@form_page
def detail(request, pk):
    person = get_object_or_404(User, pk=pk)
    names = {"first_name": person.first_name, "last_name": person.last_name}
    initial = {**names, "role": people.role_of(person), "is_active": person.is_active}
    form = PersonForm(typed(request), initial=initial)
    if form.is_valid():
        if has_moved(request, form):
            return _form(request, "person", form.renew(), person, status=409)
        return _change(request, person, form)
    return _form(request, "person", form, person)


@for_administrators
@form_page
@sensitive_post_parameters("new_password1", "new_password2")
def password(request, pk):
    person = get_object_or_404(User, pk=pk)
    form = SetPasswordForm(person, typed(request))
    if form.is_valid():
        people.set_password(actor=request.user, person=person, password=form.cleaned_data["new_password1"])
        said = _("Done: %(person)s has a new password and is logged out everywhere.")
        return _done(request, said, person)
    return _form(request, "person_password", form, person)


def _change(request, person, form):
    try:
        people.change(actor=request.user, person=person, changes=form.changes())
    except Invalid as error:
        form.object_to(error.errors)
        return _form(request, "person", form, person)
    person.refresh_from_db()
    return _done(request, _("Done: %(person)s is saved. It holds at once."), person)


def _done(request, words, person):
    messages.success(request, words % {"person": people.name_of(person)})
    return redirect(request, f"/people/{person.pk}/")


def _form(request, page, form, person=None, status=None):
    context = {"form": form, "person": person, "is_me": person == request.user}
    if person:
        context |= {"role": ROLES.get(people.role_of(person), ""), "events": accounts.events(person)[:8]}
    status = status or (422 if form.errors else 200)
    return render(request, f"quotes/{page}.html", context, status=status)

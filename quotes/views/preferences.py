"""What a person prefers: language, theme, rows a page, single-key shortcuts."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotes.forms.people import SECTIONS, PreferenceForm
from quotes.htmx import redirect
from quotes.models import Preference
from quotes.views.answers import typed
from quotes.views.methods import form_page


class Preferred:
    """Middleware: `request.preference`, and the person's language from any browser; at the door, before anybody is
    known, the language that the login page is asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.preference = SimpleLazyObject(lambda: _of(request.user))
        at_door = _asked_at_door(request)
        wanted = request.preference.language if request.user.is_authenticated else at_door
        if wanted:
            translation.activate(wanted)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        return _keep(response, at_door) if at_door else response


@form_page
def preferences(request):
    """One form a section, each saved by itself; a POST that names none brings the fields of all."""
    mine, asked = _of(request.user), request.POST.get("section", "")
    form = PreferenceForm(typed(request), instance=mine, section=asked)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(mine.language or translation.get_language())
        messages.success(request, _("Done: your preferences are kept."))
        response = redirect(request, "/preferences/")
        return _keep(response, mine.language) if mine.language else _forget(response)
    status = 422 if request.method == "POST" else 200
    kept = mine if request.method != "POST" else Preference.objects.filter(pk=mine.pk).first() or Preference()
    sections = [
        (name, label, PreferenceForm(typed(request) if asked in ("", name) else None, instance=kept, section=name))
        for name, (label, _fields) in SECTIONS.items()
    ]
    return render(request, "quotes/preferences.html", {"form": form, "sections": sections}, status=status)


@require_POST
def theme(request):
    """From the palette: the theme alone, and back to where one was."""
    form = PreferenceForm({"theme": request.POST.get("theme", "").replace("system", "")}, instance=_of(request.user))
    form.fields = {"theme": form.fields["theme"]}
    if form.is_valid():
        form.save()
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(request, back if is_ours else "/")


def _asked_at_door(request) -> str:
    """`?lang=` of the login page, when it is a language of the portal."""
    at_door = request.method != "POST" and request.path == settings.LOGIN_URL and not request.user.is_authenticated
    asked = request.GET.get("lang", "") if at_door else ""
    return asked if asked in dict(settings.LANGUAGES) else ""


def _keep(response, language: str):
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


def _forget(response):
    """Or the cookie would go on speaking for a browser that is to speak for itself."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite=settings.LANGUAGE_COOKIE_SAMESITE)
    return response


def _of(user) -> Preference:
    if not user.is_authenticated:
        return Preference()
    return getattr(user, "preference", None) or Preference(user=user)

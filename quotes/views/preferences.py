"""What a person prefers: language, theme, rows a page, single-key shortcuts."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quotes.forms.people import PreferenceForm
from quotes.htmx import redirect
from quotes.models import Preference
from quotes.views.answers import typed


class Preferred:
    """Middleware: `request.preference`, and the person's language from any browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.preference = SimpleLazyObject(lambda: _of(request.user))
        if request.user.is_authenticated and request.preference.language:
            translation.activate(request.preference.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


@require_http_methods(["GET", "POST"])
def preferences(request):
    mine = _of(request.user)
    form = PreferenceForm(typed(request), instance=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(mine.language or translation.get_language())
        messages.success(request, _("Done: your preferences are kept."))
        response = redirect(request, "/preferences/")
        if mine.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                mine.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                httponly=True,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response
    status = 422 if request.method == "POST" else 200
    return render(request, "quotes/preferences.html", {"form": form}, status=status)


def _of(user) -> Preference:
    if not user.is_authenticated:
        return Preference()
    return Preference.objects.filter(user=user).first() or Preference(user=user)

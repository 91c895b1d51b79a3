"""Who gets in, and how refusals are told: to a page by a page, to htmx by what it can use."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from quotes.errors import NotAllowed, NotPossible, WorldMoved
from quotes.htmx import redirect, render_page, wants_fragment
from quotes.services.permissions import may
from quotes.services.words import RIGHTS, reason

TWO_FACTOR = "/account/two-factor/"
WITH_ONE_FACTOR = ("/account/", "/logout/", "/preferences/")
SECOND_FACTOR_NEEDED = _("Whoever decides or administers needs a second factor: an app or a security key.")


class LoginRequired(LoginRequiredMiddleware):
    """Every address needs a login unless its view says otherwise; htmx is sent there as a whole page."""

    def handle_no_permission(self, request, view_func):
        if request.htmx and not request.htmx.boosted:
            here = request.htmx.current_url_abs_path or request.get_full_path()
            return HttpResponse(status=401, headers={"HX-Redirect": f"/login/?{urlencode({'next': here})}"})
        return super().handle_no_permission(request, view_func)


class SecondFactor:
    """Middleware: outside the embedded default, deciders and administrators get nowhere without a second factor;
    inside it there is none. `request.lacks_second_factor` holds the words for the pages that stay open."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if settings.PORTAL_EMBEDDED:
            if request.path.startswith(TWO_FACTOR):
                raise Http404
            return None
        if not getattr(view, "login_required", True) or not _lacks_second_factor(request.user):
            return None
        if request.path.startswith(WITH_ONE_FACTOR):
            request.lacks_second_factor = SECOND_FACTOR_NEEDED
            return None
        return _to_second_factor(request)


def _lacks_second_factor(user) -> bool:
    return (may(user, "accept") or may(user, "people")) and not is_mfa_enabled(user)


def _to_second_factor(request):
    if request.method not in ("GET", "HEAD"):
        return render(request, "403.html", {"who": SECOND_FACTOR_NEEDED}, status=403)
    return redirect(request, TWO_FACTOR) if wants_fragment(request) else HttpResponseRedirect(TWO_FACTOR)


class Refusals:
    """Middleware: what services raise becomes the page that explains it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if isinstance(error, NotAllowed):
            return render(request, "403.html", {"who": RIGHTS.get(error.permission, "")}, status=403)
        if isinstance(error, NotPossible | WorldMoved):
            return conflict(request, error.reason, command=error.command)
        return None


def conflict(request, code: str, *, command=None, back: str = "", **context) -> HttpResponse:
    """409: the world moved. `command`: the one that was faster; `back`: where to look again; `changes`: rows
    `{label, old, new}` of what differs from what the person saw; `unsent`: rows of what the person typed."""
    context |= {
        "reason": reason(code),
        "code": code,
        "other": command,
        "back": back or request.path.rsplit("/", 2)[0] + "/",
    }
    return render_page(request, "409.html", "partials/conflict.html", context, status=409)

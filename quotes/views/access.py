"""Who gets in, and how refusals are told: to a page by a page, to htmx by what it can use."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from quotes.errors import NotAllowed, NotPossible, WorldMoved
from quotes.htmx import render_page
from quotes.services.words import RIGHTS, reason


class LoginRequired(LoginRequiredMiddleware):
    """Every address needs a login unless its view says otherwise; htmx is sent there as a whole page."""

    def handle_no_permission(self, request, view_func):
        if request.htmx and not request.htmx.boosted:
            here = request.htmx.current_url_abs_path or request.get_full_path()
            return HttpResponse(status=401, headers={"HX-Redirect": f"/login/?{urlencode({'next': here})}"})
        return super().handle_no_permission(request, view_func)


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
    `{label, old, new}` of what differs from what the person saw."""
    context |= {
        "reason": reason(code),
        "code": code,
        "other": command,
        "back": back or request.path.rsplit("/", 2)[0] + "/",
    }
    return render_page(request, "409.html", "partials/conflict.html", context, status=409)

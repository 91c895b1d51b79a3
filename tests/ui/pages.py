"""A server for the component page alone: the real templates, scripts and styles under the portal's strictest policy.

No database and no view of the portal, so that what fails here is the visual system.
"""

import json
import threading
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.contrib.staticfiles.views import serve
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import Context, engines
from django.test import override_settings
from django.urls import path

from tests.ui.specimen import specimen

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
CLAIRE = SimpleNamespace(is_authenticated=True, get_full_name=lambda: "Claire Maréchal", get_username=lambda: "claire")
REFUSAL = (
    '<section class="sheet confirm" id="confirm" data-dialog-part><h1>Refused</h1>'
    '<p class="err" data-field="">No.</p></section>'
)
UNSAVED = (
    '<div id="guarded"><section class="errors"><h2 tabindex="-1">Error: not saved</h2></section>'
    '<form data-dirty-guard><label for="name">Name</label><input id="name"></form></div>'
)
asked = []  # every request after the page itself, for tests that count


def draw(request, name, **context):
    page = Context(
        {"request": request, "user": CLAIRE, "csrf_token": "token", "theme": request.GET.get("theme", "")} | context
    )
    return HttpResponse(engines["django"].engine.get_template(name).render(page))


def components(request):
    asked.clear()
    return draw(request, "dev/components.html", **specimen())


def habits(request):
    asked.clear()
    return draw(request, "dev/habits.html")


def answer(request, kind):
    """Whatever the script must live with: a fragment, a refusal, a conflict, a failure."""
    asked.append(kind)
    if kind == "accept" and request.method == "POST":
        return HttpResponse(REFUSAL, status=422)
    if kind == "refused":
        return HttpResponse(UNSAVED, status=422)
    if kind == "accept":
        return draw(request, "dev/accept.html")
    if kind == "poll":
        return HttpResponse(
            '<p id="poll" data-poll hx-get="/answer/poll" hx-trigger="load delay:50ms, poll" hx-swap="outerHTML">'
            "waiting</p>"
        )
    return HttpResponse(json.dumps({"kind": kind}), status=int(kind) if kind.isdigit() else 200)


urlpatterns = [
    path("components", components),
    path("habits", habits),
    path("answer/<str:kind>", answer),
    path("static/<path:path>", serve, {"insecure": True}),
]


def strict(get_response):
    def middleware(request):
        request.urlconf = "tests.ui.pages"
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return middleware


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def start():
    with override_settings(MIDDLEWARE=["tests.ui.pages.strict", "django.middleware.locale.LocaleMiddleware"]):
        server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

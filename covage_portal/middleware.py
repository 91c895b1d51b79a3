"""The headers that Django does not set by itself, on every answer, and one line in the log a request."""

from django.utils.cache import patch_vary_headers
from django_structlog.middlewares import RequestMiddleware

_FEATURES = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
_PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _FEATURES.split())


def response_headers(get_response):
    """CORP and Permissions-Policy everywhere; HTML is private and differs between a page and a fragment."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS_POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


class RequestLines(RequestMiddleware):
    """Without the query: people search for names of customers."""

    @staticmethod
    def format_request(request):
        return f"{request.method} {request.path}"

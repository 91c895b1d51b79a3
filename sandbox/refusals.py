"""How the operator says no, in the shapes of a Django REST framework API."""

from django.http import JsonResponse


class Refusal(Exception):
    """Ends a request: `body` is answered as JSON with `status`."""

    def __init__(self, status: int, body: dict, headers: dict | None = None):
        super().__init__(status, body)
        self.status, self.body, self.headers = status, body, headers

    def response(self) -> JsonResponse:
        return JsonResponse(self.body, status=self.status, headers=self.headers)


def detail(status: int, text: str, headers: dict | None = None) -> Refusal:
    return Refusal(status, {"detail": text}, headers)


def invalid(field: str, text: str) -> Refusal:
    return Refusal(400, {field: [text]})


def conflict(text: str) -> Refusal:
    return detail(409, text)


def not_found() -> Refusal:
    return detail(404, "Not found.")


def page_not_found(request, exception=None) -> JsonResponse:
    return not_found().response()


def bad_request(request, exception=None) -> JsonResponse:
    return detail(400, "Bad request.").response()


def server_error(request) -> JsonResponse:
    return detail(500, "Internal server error.").response()

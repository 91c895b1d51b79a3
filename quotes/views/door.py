"""allauth's pages behind the portal's own rule for a POST: 303 to where it leads, 422 with the form and its errors."""

from functools import wraps


def as_ours(view):
    @wraps(view)
    def answered(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response.status_code = {200: 422, 302: 303}.get(response.status_code, response.status_code)
        return response

    return answered

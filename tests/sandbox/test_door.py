"""What all addresses of the API have in common."""

import uuid

import pytest

NOBODY = "123e4567-e89b-12d3-a456-426614174000"
# Every documented address with the methods it has.
ADDRESSES = [
    ("quote/", "GET POST"),
    (f"quote/{NOBODY}/", "GET PATCH"),
    (f"quote/{NOBODY}/confirm/", "PATCH"),
    (f"quote/{NOBODY}/quote_item/", "POST"),
    (f"quote/{NOBODY}/quote_item/{NOBODY}/", "PATCH DELETE"),
    (f"quote/{NOBODY}/quote_item/{NOBODY}/trace/upload/", "POST"),
    (f"quote/{NOBODY}/quote_item/{NOBODY}/trace/download/", "GET"),
    (f"quote/{NOBODY}/quote_item/{NOBODY}/trace/", "DELETE"),
    (f"quote/{NOBODY}/quote_item/{NOBODY}/export/pdf/", "POST"),
    (f"quote/{NOBODY}/quote_item/{NOBODY}/price/2173/export/pdf/", "POST"),
    ("quote_item/", "GET"),
    (f"quote_item/{NOBODY}/", "GET"),
    (f"quote_item/{NOBODY}/accept/", "PATCH"),
    (f"quote_item/{NOBODY}/decline/", "PATCH"),
    (f"quote_item/{NOBODY}/restore_price/", "PATCH"),
    ("quote_item/export/csv/", "POST"),
    ("quote_item/export/task_1/status/", "GET"),
    ("quote_item/export/task_1/download/", "GET"),
]
CALLS = [(method, path) for path, methods in ADDRESSES for method in methods.split()]


def said(answer):
    """Its JSON; whatever else it says as text."""
    return answer.json() if answer.headers.get("Content-Type") == "application/json" else answer.text


def test_other_methods_are_refused_with_the_allowed_ones(api):
    found, wanted = {}, {}
    for path, methods in ADDRESSES:
        allowed = set(methods.split())
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
            answer = api.send(method, path)
            told = set(answer.headers.get("Allow", "").split(", "))
            found[method, path] = answer.status_code, said(answer), told
            wanted[method, path] = 405, {"detail": f'Method "{method}" not allowed.'}, allowed
    assert found == wanted


def test_what_does_not_exist_is_not_found(api):
    of_one = [(method, path) for method, path in CALLS if NOBODY in path or "task_1" in path]
    found = {}
    for method, path in of_one:
        answer = api.send(method, path, json={"product_id": "2173"} if method == "PATCH" else None)
        found[method, path] = answer.status_code, said(answer)
    assert found == {call: (404, {"detail": "Not found."}) for call in of_one}


def test_the_trailing_slash_is_required(api):
    found = {
        (method, path): api.send(method, path.rstrip("/"), allow_redirects=False).status_code for method, path in CALLS
    }
    assert found == dict.fromkeys(CALLS, 404)


@pytest.mark.parametrize("path", ["nothing/", "quote/not-a-uuid/", "quote_item/not-a-uuid/accept/"])
def test_an_unknown_address_is_json_too(api, path):
    answer = api.get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_a_body_that_is_no_json_is_refused(api):
    answer = api.send("POST", "quote/", data="{not json", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error")


def test_numbers_that_json_lacks_are_refused(api):
    answer = api.send("POST", "quote/", data='{"external_id": NaN}', headers={"Content-Type": "application/json"})
    assert answer.json()["detail"].startswith("JSON parse error")


def test_another_media_type_is_refused(api):
    answer = api.send("POST", "quote/", data={"external_id": "E1"})
    assert answer.status_code == 415
    assert answer.json() == {"detail": 'Unsupported media type "application/x-www-form-urlencoded" in request.'}


@pytest.mark.parametrize("body", [[], "text", 3])
def test_a_body_that_is_no_object_is_refused(api, body):
    answer = api.send("POST", "quote/", json=body)
    assert (answer.status_code, list(answer.json())) == (400, ["non_field_errors"])


def test_a_body_that_is_too_large_is_refused(api):
    answer = api.post("quote/", {"external_id": "x" * 3_000_000})
    assert (answer.status_code, answer.json()) == (400, {"detail": "Bad request."})


def test_the_request_id_comes_back(api):
    answer = api.send("GET", "quote/", headers={"X-Request-ID": "from-the-portal-1"})
    assert answer.headers["X-Request-ID"] == "from-the-portal-1"


def test_a_call_without_request_id_is_given_one(api):
    assert uuid.UUID(api.get("quote/").headers["X-Request-ID"])


def test_a_refused_upload_leaves_the_connection_usable(api):
    headers = {"Authorization": "Bearer unknown"}
    answer = api.send("POST", "quote/", files={"file": b"x" * 300_000}, headers=headers)
    assert answer.status_code == 401
    assert api.get("quote/").status_code == 200

"""The control page and its JSON twins."""

import time
from datetime import datetime, timedelta

import pytest
import requests

from tests.sandbox.operator_api import COMPLETE, OperatorApi, kmz, line_path

UNREACHED = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def command(desk, path, **options):
    return requests.post(f"{desk.url}/sandbox/{path}", timeout=20, allow_redirects=False, **options)


def test_every_call_is_logged_with_its_fields_and_who_sent_it(api):
    headers = {"X-Request-ID": "r-1", "User-Agent": "covage-portal/9"}
    api.send("POST", "quote/", json={"project_id": "P", "external_id": "E"}, headers=headers, params={"a": "b"})
    (call,) = api.server.calls(path="/api/*")
    assert (call["method"], call["path"], call["query"], call["status"]) == ("POST", "/api/v1/quote/", "a=b", 201)
    assert (call["fields"], call["body"]) == (["external_id", "project_id"], {"project_id": "P", "external_id": "E"})
    assert (call["request_id"], call["user_agent"]) == ("r-1", "covage-portal/9")
    assert abs(datetime.fromisoformat(call["at"]).timestamp() - time.time()) < 60


def test_refused_calls_are_logged_too(api):
    api.send("POST", "quote/", data="{", headers={"Content-Type": "application/json"})
    api.get("nothing/")
    assert [call["status"] for call in api.server.calls(path="/api/*")] == [400, 404]


def test_an_upload_is_logged_by_the_name_of_its_part(api):
    basket, line = api.draft()
    api.upload(line_path(basket, line), kmz())
    assert api.server.calls(path="*/trace/upload/")[0]["fields"] == ["file"]


def test_no_password_is_logged(desk):
    desk.token()
    requests.post(desk.token_url, json={"password": "sandbox"}, timeout=20)
    first, second = desk.calls(path="/auth/*")
    assert (first["fields"], first["body"]) == (["client_id", "grant_type", "password", "username"], None)
    assert second["body"] is None


def test_the_log_is_narrowed_by_method_path_and_what_was_seen(api):
    api.basket(), api.get("quote/"), api.get("quote_item/")
    assert [call["path"] for call in api.server.calls(method="get", path="*item*")] == ["/api/v1/quote_item/"]
    last = api.server.calls()[-1]["id"]
    assert api.server.calls(since=last) == []


def test_the_desk_itself_is_not_logged(desk):
    desk.status(), requests.get(f"{desk.url}/sandbox/", timeout=20)
    assert desk.calls() == []


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_fault_before_changes_nothing(api, status):
    api.server.fault("/api/v1/quote/", status, method="POST", headers={"Retry-After": "7"})
    answer = api.post("quote/", {})
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert api.get("quote/").json()["count"] == 0
    assert api.post("quote/", {}).status_code == 201


def test_a_fault_after_did_the_work(api):
    api.server.fault(
        "/api/v1/quote/", 502, after=True, body="<h1>Bad gateway</h1>", headers={"Content-Type": "text/html"}
    )
    answer = api.post("quote/", {"external_id": "done"})
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (
        502, "<h1>Bad gateway</h1>", "text/html",
    )  # fmt: skip
    assert api.get("quote/", external_id="done").json()["count"] == 1


@pytest.mark.parametrize(("after", "made"), [(False, 0), (True, 1)])
def test_a_cut_connection_leaves_no_answer(api, after, made):
    api.server.fault("/api/v1/quote/", 0, method="POST", after=after)
    with pytest.raises(UNREACHED):
        api.post("quote/", {})
    assert api.get("quote/").json()["count"] == made
    assert api.server.calls(method="POST", path="/api/*")[0]["status"] == 0


def test_a_fault_hits_so_many_calls_of_its_method_and_path(api):
    api.server.fault("/api/v1/quote_item/*", 500, method="GET", times=2)
    assert api.get("quote/").status_code == 200
    assert [api.get("quote_item/").status_code for _ in range(3)] == [500, 500, 200]


def test_faults_are_used_in_the_order_they_were_given(api):
    api.server.fault("*", 500)
    api.server.fault("*", 503)
    assert [api.get("quote/").status_code for _ in range(3)] == [500, 503, 200]


def test_the_token_endpoint_fails_on_order_too(desk):
    desk.fault("/auth/*", 503)
    with pytest.raises(requests.HTTPError):
        desk.token()
    assert desk.token()["access_token"]


def test_faults_are_withdrawn(api):
    api.server.fault("*", 500, times=50)
    api.server.set_latency(1)
    api.server.clear_faults()
    assert api.get("quote/").status_code == 200
    assert (api.server.status()["faults"], api.server.status()["latency"]) == ([], 0)


def test_slowness_is_ordered_for_one_call_or_for_all(api):
    api.server.fault("/api/v1/quote/", delay=0.3)
    api.server.set_latency(0.2)
    api.get("quote/"), api.get("quote/")
    first, second = api.server.calls(path="/api/*")
    assert (first["status"], second["status"]) == (200, 200)
    assert first["seconds"] >= 0.5 > second["seconds"] >= 0.2


def test_the_clock_jumps_and_returns(desk):
    before = datetime.fromisoformat(desk.status()["now"])
    after = datetime.fromisoformat(desk.move_clock(86400)["now"])
    assert timedelta(days=1) <= after - before < timedelta(days=1, minutes=1)
    back = datetime.fromisoformat(desk.set_clock(real=True)["now"])
    assert abs(back.timestamp() - time.time()) < 60


def test_the_clock_runs_faster_and_keeps_its_time_when_slowed(desk):
    desk.set_clock(factor=100_000)
    fast = datetime.fromisoformat(desk.set_clock(factor=1)["now"])
    assert fast.timestamp() > time.time() + 60
    assert desk.status()["factor"] == 1


def test_a_reset_empties_everything_but_the_tokens(api):
    api.confirmed()
    api.server.fault("*", 500)
    api.server.move_clock(86400)
    status = api.server.reset()
    assert (status["baskets"], status["lines"], status["faults"], status["factor"]) == (0, 0, [], 1)
    assert api.server.orders() == api.server.calls() == []
    assert api.get("quote/").status_code == 200


def test_a_reset_after_an_order(api):
    _, line = api.priced()
    api.patch(f"quote_item/{line['id']}/accept/", {"product_id": "2173"})
    assert api.server.reset(3)["baskets"] == 3


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("clock/", {"factor": -1}),
        ("clock/", {"shift": 10**12}),
        ("latency/", {"seconds": "soon"}),
        ("faults/", {"status": 99}),
        ("faults/", {"colour": "blue"}),
        ("faults/", []),
        ("reset/", {"size": "enormous"}),
        ("delays/", {"quote": -1}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(desk, path, order):
    assert command(desk, path, json=order).status_code == 400


def test_a_line_that_does_not_exist_cannot_be_priced(desk):
    assert command(desk, "lines/123e4567-e89b-12d3-a456-426614174000/price/", json={}).status_code == 404


def test_orders_come_by_post_only(desk):
    assert requests.get(f"{desk.url}/sandbox/reset/", timeout=20).status_code == 405
    assert requests.delete(f"{desk.url}/sandbox/reset/", timeout=20).status_code == 405


def test_a_page_of_another_origin_commands_nothing(api):
    api.basket()
    stranger = {"Origin": "http://elsewhere.example"}
    assert command(api.server, "reset/", data={"size": "0"}, headers=stranger).status_code == 403
    assert command(api.server, "reset/", data={"size": "0"}, headers={"Host": "elsewhere.example"}).status_code == 400
    assert api.get("quote/").json()["count"] == 1


def test_a_form_leads_back_to_the_page(desk):
    answer = command(desk, "clock/", data={"shift": "3600", "factor": ""}, headers={"Origin": desk.url})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sandbox/")
    assert desk.status()["factor"] == 1


def test_the_page_shows_baskets_lines_and_what_can_be_done(api):
    basket, _ = api.confirmed(note="[silent]", end_customer_name="<b>Crêperie</b>")
    page = requests.get(f"{api.server.url}/sandbox/", timeout=20)
    assert page.headers["Content-Type"].startswith("text/html")
    assert basket["id"] in page.text
    assert "&lt;b&gt;Crêperie&lt;/b&gt;" in page.text
    assert "Answer now" in page.text


def test_the_page_finds_baskets_by_state_and_words(api):
    draft = api.basket(external_id="BROUILLON-1")
    api.line(draft, **COMPLETE, note="x")
    sent, _ = api.confirmed(end_customer_name="Scierie Madec")

    def shown(**query):
        text = requests.get(f"{api.server.url}/sandbox/", params=query, timeout=20).text
        return [basket["id"] in text for basket in (draft, sent)]

    assert shown() == [True, True]
    assert shown(state="acknowledged") == [True, False]
    assert shown(q="madec") == [False, True]
    assert shown(q="brouillon") == [True, False]


def test_the_log_has_a_page(api):
    api.basket()
    page = requests.get(f"{api.server.url}/sandbox/requests/", timeout=20)
    assert "POST /api/v1/quote/" in page.text


def test_the_style_sheet_is_served_and_nothing_beside_it(desk):
    assert requests.get(f"{desk.url}/sandbox/static/desk.css", timeout=20).status_code == 200
    assert requests.get(f"{desk.url}/sandbox/static/%2e%2e/pages.py", timeout=20).status_code == 400


def test_no_token_is_needed_at_the_desk(desk):
    assert requests.get(f"{desk.url}/sandbox/orders.json", timeout=20).json() == {"orders": []}


def test_the_log_keeps_the_last_calls(desk):
    api = OperatorApi(desk)
    api.get("quote/")
    assert [call["path"] for call in desk.calls()][-1] == "/api/v1/quote/"

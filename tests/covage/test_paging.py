"""Walking a list: every way to name the next page, and every way to lead astray."""

import pytest

from quotes.covage import CovageBadPayload, CovageNotFound, CovageUnavailable
from tests.wire import TOKEN_PATH, Reply

LIST = "/api/v1/quote/"


class Pages:
    """A list of the operator: pages by number, each with the link that `name` makes to the next one."""

    def __init__(self, wire, pages, name, **envelope):
        self.pages, self.name, self.envelope = pages, name, envelope
        wire.on("GET", LIST, self.answer)

    def answer(self, seen):
        number = int(seen.query.get("page", 1))
        if number > len(self.pages):
            return Reply(404, json={"detail": "Invalid page."})
        following = self.name(number + 1) if number < len(self.pages) else None
        results = [{"id": item} if isinstance(item, str) else item for item in self.pages[number - 1]]
        return Reply(json={"next_page": following, "results": results, **self.envelope})


def walked(walk):
    return [basket.id for page in walk for basket in page.results]


LINKS = {
    "number": lambda wire: lambda n: n,
    "text": lambda wire: str,
    "query": lambda wire: lambda n: f"?page={n}",
    "path": lambda wire: lambda n: f"{LIST}?page={n}&page_size=2",
    "path without a slash at its end": lambda wire: lambda n: f"{LIST.rstrip('/')}?page={n}",
    "url": lambda wire: lambda n: f"{wire.url}{LIST}?state=ready&page={n}",
    "url with a capital host": lambda wire: lambda n: f"{wire.url}{LIST}?page={n}".replace("http", "HTTP"),
    "without a scheme": lambda wire: lambda n: f"{wire.url[5:]}{LIST}?page={n}",
    "url with a fragment": lambda wire: lambda n: f"{wire.url}{LIST}?page={n}#top",
}


@pytest.mark.parametrize("link", LINKS)
def test_every_way_to_name_the_next_page(wire, client, link):
    Pages(wire, [["a", "b"], ["c"], ["d"]], LINKS[link](wire), count=4)
    walk = client.basket_pages(state="ready")
    assert walked(walk) == ["a", "b", "c", "d"]
    assert (walk.complete, walk.reason) == (True, "")
    assert [(seen.query["state"], seen.query.get("page")) for seen in wire.seen] == [
        ("ready", None), ("ready", "2"), ("ready", "3"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", [None, "", False])
def test_every_way_to_say_that_there_is_no_next_page(wire, client, end):
    wire.on("GET", LIST, Reply(json={"next_page": end, "results": [{"id": "a"}]}))
    walk = client.basket_pages()
    assert (walked(walk), walk.complete, len(wire.seen)) == (["a"], True, 1)


def test_a_cursor_is_followed(wire, client):
    wire.on(
        "GET", LIST,
        Reply(json={"next_page": "?cursor=a%2Bb%3D", "results": [{"id": "a"}]}),
        Reply(json={"next_page": None, "results": [{"id": "b"}]}),
    )  # fmt: skip
    assert walked(client.basket_pages()) == ["a", "b"]
    assert wire.last.query == {"cursor": "a+b="}


@pytest.mark.parametrize("body", [[{"id": "a"}], {"results": [{"id": "a"}]}, {"results": [{"id": "a"}], "count": "1"}])
def test_a_list_without_pages_is_one_page(wire, client, body):
    wire.on("GET", LIST, Reply(json=body))
    walk = client.basket_pages()
    assert (walked(walk), walk.complete) == (["a"], True)


def test_an_empty_list(wire, client):
    wire.on("GET", LIST, Reply(json={"count": 0, "next_page": None, "results": None}))
    walk = client.basket_pages()
    assert ([page.results for page in walk], walk.complete) == ([[]], True)


ELSEWHERE = {
    "a file": "file:///etc/passwd",
    "a script": "javascript:alert(1)",
    "a backslash": "http:\\\\127.0.0.1:{port}/api/v1/quote/?page=2",
    "another path": "/api/v1/quote_item/?page=2",
    "a climbing path": "/api/v1/quote/../product_order/?page=2",
    "a climbing path in code": "/api/v1/quote/%2e%2e/product_order/?page=2",
    "a line break": "?page=2\r\nX: y",
    "half an address": "http://[::1/api/v1/quote/",
    "a port that is none": "http://127.0.0.1:99999999/api/v1/quote/",
    "an object": {"page": 2},
    "a list": ["?page=2"],
    "true": True,
    "page 0": 0,
    "page -1": -1,
    "words": "next",
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nobody_leads_the_walk_astray(wire, client, name):
    link = ELSEWHERE[name]
    with type(wire)() as stranger:
        if isinstance(link, str):
            link = link.format(port=stranger.port, own=wire.port)
        wire.on("GET", LIST, Reply(json={"count": 1, "next_page": link, "results": [{"id": "a"}]}))
        walk = client.basket_pages()
        assert (walked(walk), walk.complete) == (["a"], False)
        assert walk.reason
        assert (len(wire.seen), stranger.seen) == (1, [])


INNER = {
    "another host": "http://127.0.0.1:{port}/api/v1/quote/?page=2",
    "another host without a scheme": "//127.0.0.1:{port}/api/v1/quote/?page=2",
    "another port": "http://127.0.0.1:1/api/v1/quote/?page=2",
    "another scheme": "https://127.0.0.1:{own}/api/v1/quote/?page=2",
    "a user before the host": "http://127.0.0.1:{own}@127.0.0.1:{port}/api/v1/quote/?page=2",
    "a user": "http://u:p@127.0.0.1:{own}/api/v1/quote/?page=2",
    "metadata": "http://169.254.169.254/api/v1/quote/?page=2",
    "a prefix before the path": "https://inner.example/covage/api/v1/quote/?page=2",
}


@pytest.mark.parametrize("name", INNER)
def test_of_an_address_that_is_not_ours_only_the_query_is_used(wire, client, name):
    with type(wire)() as stranger:
        link = INNER[name].format(port=stranger.port, own=wire.port)
        first = Reply(json={"next_page": link, "results": [{"id": "a"}]})
        wire.on("GET", LIST, first, Reply(json={"next_page": None, "results": [{"id": "b"}]}))
        walk = client.basket_pages()
        assert (walked(walk), walk.complete) == (["a", "b"], True)
        assert (wire.last.query, stranger.seen) == ({"page": "2"}, [])


LOOPS = {
    "the same page": (lambda n: "?page=1", 1),
    "the same page, by number": (lambda n: 1, 1),
    "back to the second": (lambda n: "?page=2", 2),
    "the same items under ever new names": (lambda n: f"?page=1&now={n}", 3),
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_list_in_circles_ends(wire, client, name):
    link, most = LOOPS[name]
    turns = iter(range(10))
    wire.on("GET", LIST, lambda seen: Reply(json={"next_page": link(next(turns)), "results": [{"id": "a"}]}))
    walk = client.basket_pages()
    assert set(walked(walk)) == {"a"}
    assert (walk.complete, len(wire.seen)) == (False, most)


def test_a_list_without_end_ends_at_500_pages(wire, client):
    wire.on("GET", LIST, lambda seen: Reply(json={
        "next_page": int(seen.query.get("page", 1)) + 1, "results": [{"id": seen.query.get("page", "1")}],
    }))  # fmt: skip
    walk = client.basket_pages()
    assert len(walked(walk)) == 500
    assert (walk.complete, len(wire.seen)) == (False, 500)


def test_items_that_come_again_on_the_next_page_do_not_end_the_walk(wire, client):
    Pages(wire, [["a", "b"], ["a", "b"], ["b", "c"]], str)
    walk = client.basket_pages()
    assert (walked(walk), walk.complete) == (["a", "b", "a", "b", "b", "c"], True)


def test_fewer_items_than_counted_is_not_the_whole_list(wire, client):
    Pages(wire, [["a"], ["b"]], str, count=3)
    walk = client.basket_pages()
    assert (walked(walk), walk.complete) == (["a", "b"], False)


def test_a_count_that_changes_meanwhile_is_not_the_whole_list(wire, client):
    wire.on(
        "GET", LIST,
        Reply(json={"count": 2, "next_page": 2, "results": [{"id": "a"}]}),
        Reply(json={"count": 1, "next_page": None, "results": [{"id": "b"}]}),
    )  # fmt: skip
    walk = client.basket_pages()
    assert (walked(walk), walk.complete) == (["a", "b"], False)


def test_a_list_that_became_shorter_ends_quietly(wire, client):
    wire.on("GET", LIST, Reply(json={"count": 3, "next_page": 2, "results": [{"id": "a"}]}), Reply(404))
    walk = client.basket_pages()
    assert (walked(walk), walk.complete) == (["a"], False)


def test_a_list_that_does_not_exist_is_an_error(wire, client):
    with pytest.raises(CovageNotFound):
        walked(client.basket_pages())


def test_items_that_cannot_be_read_are_set_aside_and_the_page_goes_on(wire, client):
    rows = ["text", None, {"state": "ready"}, {"id": "../../accept"}, {"id": ["x"]}, {"id": 7}, {"id": "good"}]
    wire.on("GET", LIST, Reply(json={"count": 7, "next_page": None, "results": rows}))
    walk = client.basket_pages()
    (page,) = list(walk)
    assert [basket.id for basket in page.results] == ["7", "good"]
    assert page.rejected == [{"value": "text"}, {"value": None}, {"state": "ready"}, *rows[3:5]]
    assert (page.count, walk.complete) == (7, True)


@pytest.mark.parametrize("body", ["x", 5, {"results": {"a": 1}}, {"results": "a"}, {"next_page": None}, {}])
def test_an_answer_without_a_list_is_an_error(wire, client, body):
    wire.on("GET", LIST, Reply(json=body))
    walk = client.basket_pages()
    with pytest.raises(CovageBadPayload):
        walked(walk)
    assert not walk.complete


def test_a_failure_on_the_way_keeps_what_came_before(wire, client):
    wire.on("GET", LIST, Reply(json={"next_page": 2, "results": [{"id": "a"}]}), Reply(500))
    walk = client.basket_pages()
    first = next(walk)
    assert [basket.id for basket in first.results] == ["a"]
    with pytest.raises(CovageUnavailable):
        next(walk)
    assert (walk.complete, walk.reason) == (False, "CovageUnavailable")


def test_a_walk_left_halfway_is_not_complete(wire, client):
    Pages(wire, [["a"], ["b"]], str)
    walk = client.basket_pages()
    next(walk)
    assert not walk.complete


def test_a_token_that_ends_in_the_middle_costs_one_refresh_and_no_page(wire, client):
    pages = Pages(wire, [[f"b{n}"] for n in range(40)], str)
    revoked = {"Bearer access-1"}

    def answer(seen):
        late = int(seen.query.get("page", 1)) > 17
        return Reply(401) if late and seen.headers["authorization"] in revoked else pages.answer(seen)

    wire.on("GET", LIST, answer)
    assert len(walked(client.basket_pages())) == 40
    assert [seen.form["grant_type"] for seen in wire.token_requests] == ["password", "refresh_token"]
    assert wire.token_requests[0].path == TOKEN_PATH

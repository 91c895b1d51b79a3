"""Walking a list of the operator: page by page, in whatever way the next page is named, never astray."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from quotes.covage.calls import Query
from quotes.covage.errors import CovageError, CovageNotFound
from quotes.covage.numbers import number
from quotes.covage.payloads import Page, Payload, Unreadable
from quotes.covage.values import as_list, as_text

MOST_PAGES = 500
BARREN_PAGES = 2  # in a row without anything new: the list turns in circles

T = TypeVar("T", bound=Payload)


class Astray(ValueError):
    """The next page is not where this list lies."""


class Walk(Generic[T]):
    """Iterates over pages. When it ended, `complete` tells whether the whole list was seen, `reason` why not.

    An error of the client ends the walk and is raised; pages given before it stay good.
    """

    def __init__(self, fetch: Callable[[Query], tuple[object, Callable]], model: type[T], url: str, filters: Mapping):
        """`fetch(query)` gives the JSON of one page and a function that makes the error of an unreadable one."""
        self._fetch, self._model, self._url = fetch, model, url
        self._query = _query(filters)
        self._filters = self._query
        self._seen: set[str] = set()
        self._rejected = 0
        self._counts: set[int | None] = set()
        self._pages = self._walk()
        self.complete = False
        self.reason = "not finished"

    def __iter__(self) -> Iterator[Page[T]]:
        return self._pages

    def __next__(self) -> Page[T]:
        return next(self._pages)

    def _walk(self) -> Iterator[Page[T]]:
        visited: set[frozenset] = set()
        query: Query | None = self._filters
        barren = 0
        while query is not None:
            visited.add(_key(query))
            turned = self._turn(query)
            if turned is None:
                return
            page, following = turned
            known = len(self._seen)
            self._note(page)
            yield page
            barren = 0 if len(self._seen) > known else barren + 1
            query = self._next(following, visited, barren)

    def _turn(self, query: Query) -> tuple[Page[T], object] | None:
        try:
            answer, unreadable = self._fetch(query)
        except CovageNotFound:
            if not self._counts:
                raise
            return self._end("the list became shorter meanwhile")
        except CovageError as error:
            self.reason = type(error).__name__
            raise
        envelope = {"results": answer} if isinstance(answer, list) else answer
        if not isinstance(envelope, dict) or not isinstance(envelope.get("results", 0), list | None):
            self.reason = "unreadable page"
            raise unreadable("no list of results")
        return self._page(envelope), envelope.get("next_page")

    def _page(self, envelope: dict) -> Page[T]:
        page = Page(results=[], count=_count(envelope.get("count")))
        for item in as_list(envelope["results"]):
            try:
                page.results.append(self._model.read(item))
            except Unreadable:
                page.rejected.append(item if isinstance(item, dict) else {"value": item})
        return page

    def _note(self, page: Page[T]) -> None:
        self._seen.update(getattr(item, self._model.needs[0]) for item in page.results)
        self._rejected += len(page.rejected)
        self._counts.add(page.count)

    def _next(self, following: object, visited: set, barren: int) -> Query | None:
        """The query of the next page, or None with the reason noted."""
        try:
            query = self._following(following)
        except Astray as error:
            return self._end(str(error))
        if query is None:
            return self._end(self._shortfall())
        if _key(query) in visited:
            return self._end("a page came again")
        if barren >= BARREN_PAGES:
            return self._end("nothing new on the last pages")
        if len(visited) >= MOST_PAGES:
            return self._end(f"more than {MOST_PAGES} pages")
        return query

    def _following(self, following: object) -> Query | None:
        if following is None or following is False or following == "":
            return None
        page = number(following)
        if page is not None and page >= 1:
            return _merged(self._filters, (("page", str(int(page))),))
        if not isinstance(following, str):
            raise Astray("the next page cannot be read")
        return _merged(self._filters, next_query(following, self._url))

    def _shortfall(self) -> str:
        counts = self._counts - {None}
        if len(counts) > 1:
            return "the list changed meanwhile"
        if counts and len(self._seen) + self._rejected < counts.pop():
            return "fewer items than counted"
        return ""

    def _end(self, reason: str) -> None:
        self.complete, self.reason = not reason, reason


def next_query(link: str, url: str) -> Query:
    """The query of a relative or absolute link to another page of `url`. Raises Astray for any other list.

    Whatever host the link names (an operator behind a proxy may write its inner one), only our own is ever asked.
    """
    if any(char <= " " or char == "\\" for char in link):
        raise Astray("the next page cannot be read")
    try:
        there, here = urlsplit(urljoin(url, link)), urlsplit(url)
        query = tuple(parse_qsl(there.query, keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise Astray("the next page cannot be read") from error
    if there.scheme not in ("http", "https") or not there.path.rstrip("/").endswith(here.path.rstrip("/")):
        raise Astray("the next page lies elsewhere")
    return query


def _query(filters: Mapping) -> Query:
    """Filters as sent: what is empty is left out, dates in ISO 8601."""
    return tuple((name, _value(value)) for name, value in filters.items() if value is not None and value != "")


def _value(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else as_text(value)


def _merged(filters: Query, query: Query) -> Query:
    """A link may leave the filters out; without them it would lead into another list."""
    named = {name for name, _ in query}
    return tuple((name, value) for name, value in filters if name not in named) + query


def _key(query: Query) -> frozenset:
    return frozenset(item for item in query if item != ("page", "1"))


def _count(value: object) -> int | None:
    count = number(value)
    return int(count) if count is not None and count >= 0 else None

"""Somebody without a browser at a portal that runs in processes of its own: finds the way by the marks of the pages."""

import re

import requests

from tests.pages.browsing import hidden, main, rows

PATIENCE = 120  # seconds for one page of a busy machine


class Visitor:
    """Logged in as `name`; the answers are those of `requests`, with redirects not followed."""

    def __init__(self, url: str, name: str, password: str):
        self._url, self._session = url, requests.Session()
        self.press("/login/", login=name, password=password)

    def get(self, path: str) -> requests.Response:
        answer = self._session.get(self._url + path, timeout=PATIENCE)
        answer.raise_for_status()
        return answer

    def press(self, path: str, to: str = "", **fields: str) -> requests.Response:
        """Send the form of the page at `path` that goes there, or to the same address."""
        filled = hidden(self.get(path), to or path) | fields
        return self._session.post(self._url + (to or path), data=filled, allow_redirects=False, timeout=PATIENCE)

    def lines(self) -> dict[str, str]:
        """The portal's ids of the lines that wait for a decision, by the operator's."""
        found = rows(self.get("/lines/?state=ready&page_size=100"), "line")
        return {row["remote-id"]: row["id"] for row in found}

    def offers(self, line: str) -> list[str]:
        return re.findall(r'data-product-id="([^"]+)"', self.get(f"/lines/{line}/").text)

    def accept(self, line: str, offer: str = "2173") -> str:
        """The id of the command that the portal answers with."""
        answer = self.press(f"/lines/{line}/offers/{offer}/accept/")
        assert answer.status_code == 303, f"{answer.status_code}: {answer.text[:500]}"
        return answer.headers["Portal-Command"]

    def last_accept_of(self, line: str) -> str:
        return rows(self.get(f"/commands/?line={line}&kind=accept"), "command")[0]["id"]

    def end_of(self, command: str) -> tuple[str, str]:
        """State and gap of a command as its page shows them."""
        marks = main(self.get(f"/commands/{command}/"))
        return marks["command-state"], marks.get("gap", "")

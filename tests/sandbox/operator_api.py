"""A customer of the sandbox, for its tests: calls with a token, and shortcuts to where a test begins."""

import io
import uuid
import zipfile

import requests

COMPLETE = {
    "end_customer_name": "Menuiserie Kerdoncuff",
    "site_connection_type": "Fibre dédiée",
    "product_offerings": ["2173", "2188"],
}


class OperatorApi:
    """Calls return the raw `requests.Response`; shortcuts return parsed answers and raise on a refusal."""

    def __init__(self, server):
        self.server = server
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {server.token()['access_token']}"

    def send(self, method: str, path: str, **options) -> requests.Response:
        return self.session.request(method, f"{self.server.url}/api/v1/{path}", timeout=20, **options)

    def get(self, path: str, **query) -> requests.Response:
        return self.send("GET", path, params=query)

    def post(self, path: str, body: object = None, **options) -> requests.Response:
        return self.send("POST", path, json=body, **options)

    def patch(self, path: str, body: object = None) -> requests.Response:
        return self.send("PATCH", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.send("DELETE", path)

    def upload(self, line_path: str, content: bytes, name: str = "trace.kmz") -> requests.Response:
        return self.send("POST", f"{line_path}trace/upload/", files={"file": (name, content)})

    def basket(self, **fields) -> dict:
        return _ok(self.post("quote/", fields))

    def line(self, basket: dict, **fields) -> dict:
        needed = {"product_offering_qualification_item_id": str(uuid.uuid4())}
        return _ok(self.post(f"quote/{basket['id']}/quote_item/", needed | fields))

    def draft(self, **fields) -> tuple[dict, dict]:
        """A basket with one complete line."""
        basket = self.basket()
        return basket, self.line(basket, **COMPLETE | fields)

    def confirmed(self, lines: int = 1, **fields) -> tuple[dict, list[dict]]:
        basket = self.basket()
        made = [self.line(basket, **COMPLETE | fields) for _ in range(lines)]
        _ok(self.patch(f"quote/{basket['id']}/confirm/"))
        return basket, made

    def priced(self, **fields) -> tuple[dict, dict]:
        """A basket and the detail of its one line, answered."""
        basket, (line,) = self.confirmed(**fields)
        return basket, self.detail(line)

    def detail(self, line: dict) -> dict:
        return _ok(self.get(f"quote_item/{line['id']}/"))

    def state(self, basket: dict) -> str:
        return _ok(self.get(f"quote/{basket['id']}/"))["state"]


def line_path(basket: dict, line: dict) -> str:
    return f"quote/{basket['id']}/quote_item/{line['id']}/"


def kmz(text: str = "<kml/>", member: str = "doc.kml") -> bytes:
    """The same bytes for the same text, whatever the time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), text)
    return target.getvalue()


def _ok(answer: requests.Response) -> dict:
    answer.raise_for_status()
    return answer.json()

"""Reading and filling pages as a program without script would, by the `data-` marks of the pages."""

import re
from html import unescape

FOUR_WAYS = [
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Boosted": "true"},
    {"HX-Request": "true", "HX-History-Restore-Request": "true"},
]


def text(response) -> str:
    return unescape(response.content.decode())


def main(response) -> dict[str, str]:
    """The marks of <main>."""
    tag = re.search(r"<main[^>]*>", response.content.decode())[0]
    return {name: unescape(value) for name, value in re.findall(r'data-([\w-]+)="([^"]*)"', tag)}


def rows(response, kind: str) -> list[dict[str, str]]:
    """The marks of the rows of one kind, in the order of the page."""
    tags = re.findall(rf'<tr[^>]*data-kind="{kind}"[^>]*>', response.content.decode())
    return [{name: unescape(value) for name, value in re.findall(r'data-([\w-]+)="([^"]*)"', tag)} for tag in tags]


def hidden(response, action: str = "") -> dict[str, str]:
    """The hidden inputs of the form that goes to `action`."""
    html = response.content.decode()
    form = next(f for f in re.findall(r"<form.*?</form>", html, re.S) if f'action="{action}"' in f)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def of_main_form(html: str) -> dict[str, str]:
    """The hidden inputs of all forms in <main>."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html[html.index("<main") :]))


def fill(client, path: str, **fields):
    """Open a page and send its form with what was typed."""
    return client.post(path, of_main_form(client.get(path).content.decode()) | fields)


def csv_rows(response, delimiter: str = ",") -> list[list[str]]:
    import csv
    import io

    data = b"".join(response.streaming_content) if response.streaming else response.content
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))

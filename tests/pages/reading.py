"""A page as a program reads it: its fields, its errors, its stored values, and whatever in it could run."""

from collections import defaultdict
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post")


class Page(HTMLParser):
    """`forms`: action to the hidden inputs of what can be posted; `fields`: name to the values of its inputs;
    `errors`: field to its sentences; `values`: `data-value-of` to text; `states`: all `data-state`;
    `products`: all `data-product-id`; `links`: all `href`; `alive`: what would run."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.fields, self.errors, self.values = defaultdict(list), defaultdict(list), defaultdict(str)
        self.forms, self.states, self.products, self.links, self.alive = {}, [], [], [], []
        self._form = ""
        self._open: list[tuple[str, dict]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        marks = {name: value or "" for name, value in attrs}
        self._note(tag, marks)
        if tag in _VOID:
            return
        self._open.append((tag, marks))
        if tag == "form" and marks.get("method") == "post":
            self._form = marks.get("action", "")
            self.forms.setdefault(self._form, {})
        if tag == "textarea" and "name" in marks:
            self.fields[marks["name"]].append("")
        if tag == "option" and "selected" in marks:
            names = [outer["name"] for name, outer in self._open if name == "select"]
            self.fields[names[-1]].append(marks.get("value", ""))
        if "data-field" in marks:
            self.errors[marks["data-field"]].append("")
        if "data-value-of" in marks:
            self.values[marks["data-value-of"]] = ""

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for tag, marks in self._open:
            if tag == "textarea" and "name" in marks:
                self.fields[marks["name"]][-1] += data
            if "data-field" in marks:
                self.errors[marks["data-field"]][-1] += data
            if "data-value-of" in marks:
                self.values[marks["data-value-of"]] += data
        if self._open and self._open[-1][0] == "script" and data.strip():
            self.alive.append(f"script: {data[:60]}")

    def _note(self, tag, marks):
        if marks.get("type") == "hidden" and self._form in self.forms:
            self.forms[self._form][marks["name"]] = marks.get("value", "")
        if tag == "input" and "name" in marks and marks.get("type") not in ("checkbox", "radio", "file"):
            self.fields[marks["name"]].append(marks.get("value", ""))
        self.states += [marks["data-state"]] if "data-state" in marks else []
        self.products += [marks["data-product-id"]] if "data-product-id" in marks else []
        self.links += [marks["href"]] if tag == "a" and "href" in marks else []
        self.alive += [f"<{tag} {name}>" for name in marks if name.startswith(("on", "hx-on")) or name == "style"]
        self.alive += [f"<{tag} {marks[name]}>" for name in _LINKS if not _is_ours(marks.get(name, ""))]
        self.alive += [f"<{tag}>"] if tag in ("canary", "base", "iframe", "object", "embed", "style") else []


def _is_ours(link: str) -> bool:
    scheme, colon, _ = link.partition(":")
    return not link.startswith("//") and not (colon and scheme.isalpha() and scheme not in ("mailto", "tel"))


def read(response) -> Page:
    return Page(response.content.decode())

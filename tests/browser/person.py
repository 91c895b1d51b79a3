"""Somebody at a browser, who finds the way by the `data-` marks of the pages and by names of fields, not by words."""

import time
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 120  # seconds until what happens in the background has happened
_REPORT = "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"


class Person:
    """`complaints`: what the browser had to say against the pages: console errors, refused by the policy, failures."""

    def __init__(self, browser, url: str, **options):
        self._url = url
        self._scripted = options.get("java_script_enabled", True)
        self.context = browser.new_context(base_url=url, **{"locale": "en-GB"} | options)
        self.context.add_init_script(_REPORT)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._look)

    def log_in(self, name: str, password: str) -> None:
        self.go("/baskets/")
        assert self.path == "/login/"
        self.fill(login=name, password=password)
        self.page.click("main form button.primary")
        assert self.path == "/baskets/"

    def be(self, client) -> None:
        """Go on with the session of a test client."""
        session = client.cookies["sessionid"]
        self.context.add_cookies([{"name": session.key, "value": session.value, "url": self._url}])

    def leave(self) -> None:
        self.context.close()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def marks(self) -> dict[str, str]:
        """The data attributes of <main>, in the spelling of scripts (`remoteId`)."""
        return self.page.locator("main").evaluate("main => ({...main.dataset})")

    def value(self, name: str) -> str:
        """A stored value of the page, by its specification name."""
        return self.page.text_content(f'main [data-value-of="{name}"]').strip()

    def go(self, path: str) -> None:
        self.page.goto(path)

    def fill(self, **fields: str) -> None:
        """Fields of the form in <main>, or of the open dialog; `__` in a name stands for a dash."""
        for name, text in fields.items():
            self.page.locator(f'[name="{name.replace("__", "-")}"]:visible').first.fill(text)

    def press(self) -> None:
        """The one button that the page is about, or the one of the open dialog."""
        form = "#dlg form" if self.page.locator("#dlg[open]").count() else "main form[method=post]"
        with self.page.expect_navigation():
            self.page.locator(f"{form} :is(button.primary, button.danger)").first.click()

    def open(self, link: str) -> None:
        """Follow a link by the end of its address; one that opens a dialog has opened it by then."""
        found = self.page.locator(f'main a[href$="{link}"]:visible').first
        in_dialog = self._scripted and found.get_attribute("data-dialog") is not None
        found.click()
        if in_dialog:
            self.page.wait_for_selector("#dlg[open] form")
        else:
            self.page.wait_for_load_state()

    def download(self, link: str) -> bytes:
        with self.page.expect_download() as started:
            self.page.locator(f'main a[href$="{link}"]:visible').first.click()
        return Path(started.value.path()).read_bytes()

    def wait_for(self, state: str) -> None:
        """Look again until <main> is in that state."""
        deadline = time.monotonic() + PATIENCE
        while self.marks["state"] != state:
            assert time.monotonic() < deadline, f"still {self.marks['state']}"
            self.page.wait_for_timeout(500)
            self.page.reload()

    def watch_for(self, state: str) -> None:
        """Look on until the page itself says so."""
        self.page.wait_for_selector(f'main[data-state="{state}"]', timeout=PATIENCE * 1000)

    def _listen(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _look(self, response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")

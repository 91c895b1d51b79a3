"""Somebody who only has a keyboard. A key that moves or acts counts as one action, and so does the text of a field."""

from urllib.parse import urlsplit


class Keys:
    def __init__(self, page):
        self.page, self.actions = page, 0

    def press(self, key: str, then: str = "") -> None:
        """`then`: what the key leads to, an end of the next address."""
        self.actions += 1
        if not then:
            self.page.keyboard.press(key)
            return
        with self.page.expect_navigation(url=lambda url: urlsplit(url).path.endswith(then)):
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Into the field that has the focus, by itself a moment after a page was loaded."""
        self.actions += 1
        self.page.wait_for_function("document.activeElement.matches('input, textarea')")
        self.page.keyboard.type(text)

    def tab_to(self, selector: str, at_most: int = 40) -> None:
        """Tab until that has the focus."""
        for _ in range(at_most):
            self.press("Tab")
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached by {at_most} tabs")

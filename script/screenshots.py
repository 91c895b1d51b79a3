"""Take the pictures of the README from a running portal: `python -m script.screenshots ADDRESS PASSWORD [LANGUAGE]`."""

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = {1366: 900, 360: 740}


def main(address: str, password: str, language: str = "fr") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find())
        for width, height in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
            _pictures(context.new_page(), address, password, str(width))
        browser.close()


def _pictures(page, address, password, suffix) -> None:
    _log_in(page, address, "sales", password)
    _take(page, f"{address}/", f"home-{suffix}")
    _take(page, _first(page, f"{address}/baskets/?state=acknowledged", "/baskets/", want=r"[2-9] "), f"basket-{suffix}")
    page.context.clear_cookies()
    _log_in(page, address, "manager", password)
    _take(page, f"{address}/review/", f"review-{suffix}")
    line = _first(page, f"{address}/lines/?state=ready&sort=-validity_date", "/lines/")
    page.goto(f"{line}trace/")  # fetches and draws it
    basket = _first(page, f"{address}/baskets/?state=ready", "/baskets/", want=r"[3-9] ")
    _take(page, f"{basket}compare/", f"grid-{suffix}")
    _take(page, line, f"line-{suffix}")
    page.emulate_media(color_scheme="dark")
    _take(page, line, f"line-{suffix}-dark")


def _log_in(page, address, login, password) -> None:
    page.goto(f"{address}/login/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def _first(page, list_address, prefix, want="") -> str:
    """The address of the first row of a list, or of the first whose text holds `want`."""
    page.goto(list_address)
    rows = page.locator("tr[data-id]")
    for number in range(rows.count()):
        if re.search(want, rows.nth(number).inner_text()):
            return list_address.split(prefix)[0] + prefix + rows.nth(number).get_attribute("data-id") + "/"
    raise SystemExit(f"no row on {list_address}")


def _take(page, address, name) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    main(*sys.argv[1:])

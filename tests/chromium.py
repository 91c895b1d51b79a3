"""The Chromium of this machine, whatever it is called here. Nothing is ever downloaded."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
HOW_TO_GET_IT = "install Chromium (Debian: apt install chromium) or set CHROMIUM_PATH"


def find() -> str | None:
    given = os.environ.get("CHROMIUM_PATH")
    return given or next(filter(None, map(shutil.which, _NAMES)), None)


def is_required() -> bool:
    return any(os.environ.get(name, "").lower() in {"1", "true"} for name in ("CI", "REQUIRE_BROWSER"))

"""What `python -m sandbox` was started with. One value a process, read by settings and by the code alike."""

import argparse
from dataclasses import dataclass, fields
from pathlib import Path

SIZES = {"small": 40, "medium": 400, "large": 4000}


@dataclass
class Options:
    """Delays and lifetimes are seconds; `size` counts baskets; `page_links` is url, path or number."""

    port: int = 8100
    storage: Path = Path("var/sandbox")
    quote_delay: float = 20
    export_delay: float = 3
    token_lifetime: int = 300
    size: int = SIZES["small"]
    username: str = "sandbox"
    password: str = "sandbox"  # noqa: S105  the documented account of a server that only listens on loopback
    client_id: str = "api-client"
    page_links: str = "url"

    @property
    def refresh_lifetime(self) -> int:
        return self.token_lifetime * 6


current = Options()


def read(arguments: list[str] | None = None) -> None:
    """Replace the current options by those of a command line; argparse ends the process on a wrong one."""
    for name, value in vars(_parser().parse_args(arguments)).items():
        setattr(current, name, value)


def size(text: str) -> int:
    """A named size or a number of baskets."""
    number = SIZES.get(text) if text in SIZES else int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 10**7:
        raise ValueError(text)
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description="The operator's stand-in, on 127.0.0.1.")
    default = {field.name: field.default for field in fields(Options)}
    add = parser.add_argument
    add("--port", type=int, default=default["port"], help="0 takes a free one")
    add("--storage", type=Path, default=default["storage"], help="folder that keeps everything")
    add("--quote-delay", type=_seconds, default=default["quote_delay"], help="seconds from confirm to the first price")
    add("--export-delay", type=_seconds, default=default["export_delay"], help="seconds that an export runs")
    add("--token-lifetime", type=int, default=default["token_lifetime"], help="seconds an access token lives")
    add("--size", type=size, default=default["size"], help="small, medium, large or a number of baskets; 0 is empty")
    add("--username", default=default["username"])
    add("--password", default=default["password"])
    add("--client-id", default=default["client_id"])
    add("--page-links", choices=["url", "path", "number"], default=default["page_links"])
    return parser

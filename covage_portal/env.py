"""Small readers of the environment. Each refuses a wrong value at start with the variable's name and what was expected.

A variable that is set but blank counts as not set, so a copied `.env.example` changes nothing. Every reader notes the
name it asked for: `KNOWN` is what `manage.py check` compares the environment with.
"""

import hashlib
import os
import re
import secrets
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

KNOWN: set[str] = set()

_FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_TILE_PLACES = {"{z}": "0", "{x}": "0", "{y}": "0"}
_HOST = re.compile(r"[a-z0-9.-]+")  # it goes into a header of the content policy
_SOCKET_PATH_LIMIT = 100  # bytes; the kernel's own limit is 108, and the broker adds a suffix of its own while starting


def text(name: str, default: str = "") -> str:
    KNOWN.add(name)
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() not in _FLAGS:
        raise _wrong(name, "1 or 0")
    return _FLAGS[value.lower()]


def integer(name: str, default: int, *, lowest: int, highest: int) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch("[0-9]{1,9}", value) or not lowest <= int(value) <= highest:
        raise _wrong(name, f"a whole number from {lowest} to {highest}")
    return int(value)


def decimal(name: str, default: str, *, lowest: str = "0", highest: str, unit: str = "") -> float:
    """A plain decimal number; `lowest` itself is allowed unless it is 0, which means "more than nothing"."""
    value = text(name, default)
    number = Decimal(value) if _DECIMAL.fullmatch(value) else None
    if number is None or not Decimal(lowest) <= number <= Decimal(highest) or not number:
        low = f"from {lowest}" if Decimal(lowest) else "above 0"
        raise _wrong(name, f"a decimal number{unit} {low} to {highest}, with a point")
    return float(number)


def names(name: str, default: list[str] | None = None) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()] or default or []


def origins(name: str) -> list[str]:
    """A list of scheme and host, as CSRF_TRUSTED_ORIGINS wants them."""
    values = names(name)
    for value in values:
        if not value.startswith(("http://", "https://")):
            raise _wrong(name, "origins like https://portal.example.org, separated by commas")
    return values


def url(name: str, default: str, *, origin: bool = False) -> str:
    """A web address without credentials in it; an `origin` has no path either."""
    value = text(name, default).rstrip("/" if origin else "")
    if not _is_web_address(value) or (origin and urlsplit(value).path):
        example = "https://api.example.org" if origin else "https://login.example.org/token"
        raise _wrong(name, f"an address like {example}, without user name, query or fragment")
    return value


def tiles(name: str) -> str:
    """The address of one map tile with {z}, {x} and {y} in it; "" for none."""
    value = text(name)
    if value and not _is_tile_address(value):
        raise _wrong(name, "an address like https://tiles.example.org/{z}/{x}/{y}.png, without user name or fragment")
    return value


def secret(name: str, default: str = "") -> str:
    """The variable, or the content of the file that `NAME_FILE` names; never both, and never shown in a message."""
    value, path = text(name), text(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: expected one of them")
    if not path:
        return value or default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise _wrong(f"{name}_FILE", "a readable text file") from exc


def database(name: str, default: Path, *, base: Path) -> dict:
    """Django's settings of the one database: `postgres://…` or `sqlite:///…` (a relative file lies under `base`)."""
    value = text(name, f"sqlite:///{default}")
    expected = "postgres://user:password@host/name or sqlite:///file"
    if not re.match(r"(postgres|postgresql|sqlite)://", value):
        raise _wrong(name, expected)
    try:
        config = environ.Env.db_url_config(value)
    except ValueError as exc:
        raise _wrong(name, expected) from exc
    if not config["NAME"]:
        raise _wrong(name, expected)
    if value.startswith("sqlite") and config["NAME"] != ":memory:":
        config["NAME"] = base / config["NAME"]
    return config


def redis_url(name: str) -> str:
    value = text(name)
    if value and not value.startswith(("redis://", "rediss://")):
        raise _wrong(name, "redis://host:6379/0, or nothing for the embedded broker")
    return value


def mail_server(name: str, default: str) -> dict:
    """Django's settings of the way mail goes out: `smtp+tls://user:password@host:587`, `smtp://host:25`."""
    value = secret(name, default)
    schemes = ("smtp://", "smtp+tls://", "smtp+ssl://", "consolemail://", "filemail://", "dummymail://")
    expected = "smtp+tls://user:password@host:587, smtp://host:25 or consolemail://"
    if not value.startswith(schemes):
        raise _wrong(name, expected)
    try:
        config = environ.Env.email_url_config(value)
    except ValueError as exc:
        raise _wrong(name, expected) from exc
    if value.startswith("smtp") and not config["EMAIL_HOST"]:
        raise _wrong(name, expected)
    return {key: value or "" for key, value in config.items() if key != "EMAIL_PORT"} | {
        "EMAIL_PORT": config["EMAIL_PORT"] or 25
    }


def kept_secret(path: Path, size: int = 48) -> str:
    """A random secret made once and kept in a file that only this account reads; the first of two at once wins."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with open(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(size))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()


def sandbox_address(var: Path, port: int) -> str:
    """Where the sandbox of this PORTAL_VAR listens; it writes its port down when the wanted one was taken."""
    noted = var / "run" / "sandbox.port"
    return f"http://127.0.0.1:{noted.read_text().strip() if noted.exists() else port}"


def broker_socket(var: Path) -> Path:
    """Where the embedded broker of this PORTAL_VAR listens; the kernel does not take a long path for a socket."""
    socket = var / "broker.sock"
    if len(os.fsencode(socket)) <= _SOCKET_PATH_LIMIT:
        return socket
    name = hashlib.sha256(os.fsencode(socket)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"covage-portal-{os.getuid()}" / f"{name}.sock"


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port_is_readable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = "@" not in parts.netloc and not parts.query and not parts.fragment
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and port_is_readable


def _is_tile_address(value: str) -> bool:
    for place, number in _TILE_PLACES.items():
        if place not in value:
            return False
        value = value.replace(place, number)
    base, _, _query = value.partition("?")
    is_plain = not re.search(r"[\s{}\"'<>\\#]", value)
    return is_plain and _is_web_address(base) and bool(_HOST.fullmatch(urlsplit(base).hostname or ""))


def _wrong(name: str, expected: str) -> ImproperlyConfigured:
    """Without the value: it may hold a secret, or one that was pasted into the wrong variable."""
    return ImproperlyConfigured(f"{name}: expected {expected}")

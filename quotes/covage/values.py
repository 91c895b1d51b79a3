"""Lenient readers of single values: none of them ever raises, whatever the operator sends."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from quotes.covage.numbers import number

PARIS = ZoneInfo("Europe/Paris")  # where the operator lives
_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NAMES = ("code", "id", "value", "name", "label")


def as_text(value: object) -> str:
    """Always text: "" for null, digits for numbers; of an object the likeliest name, else its JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | Decimal() | float():
            return str(value)
        case dict():
            named = next((value[name] for name in _NAMES if isinstance(value.get(name), str | int | Decimal)), None)
            return as_text(named) if named is not None else as_json(value)
    return as_json(value)


def as_json(value: object) -> str:
    try:
        return json.dumps(value, default=str, ensure_ascii=False) if value else ""
    except (RecursionError, ValueError):
        return "…"


def as_identity(value: object) -> str:
    """The text of an id; "" when there is none, or when it could change the path it is put into."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return text if text and len(text) <= 200 and text.isprintable() and not _climbs(text) else ""


def _climbs(text: str) -> bool:
    return any(part in (".", "..") for part in re.split(r"[/\\]", text))


def as_list(value: object) -> list:
    """Always a list: of an object the list inside, or the object itself; [] for nothing."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return value["results"] if isinstance(value.get("results"), list) else [value] if value else []
    return [] if value is None or value == "" else [value]


def as_texts(value: object) -> list[str]:
    return [text for text in map(as_text, as_list(value)) if text]


def as_dicts(value: object) -> list[dict]:
    """Objects only; a bare text becomes an object that names it."""
    named = [{"name": item} if isinstance(item, str) and item else item for item in as_list(value)]
    return [item for item in named if isinstance(item, dict) and item]


def as_dict(value: object) -> dict:
    dicts = as_dicts(value)
    return dicts[0] if dicts else {}


def as_moment(value: object) -> datetime | date | None:
    """Of "2026-04-23T10:00:00+02:00" or "…Z" a datetime, of "2026-04-23" a date; without a zone it is Paris time."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        if _BARE_DATE.fullmatch(text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
        return moment if moment.astimezone(UTC) else None
    except (ValueError, OverflowError):
        return None


def as_flag(value: object) -> bool | None:
    """True, False, or None when nothing said so."""
    return {"true": True, "1": True, "false": False, "0": False}.get(as_text(value).strip().lower())


Text = Annotated[str, BeforeValidator(as_text)]
Texts = Annotated[list[str], BeforeValidator(as_texts)]
Many = Annotated[list, BeforeValidator(as_list)]
Dicts = Annotated[list[dict], BeforeValidator(as_dicts)]
Dict = Annotated[dict, BeforeValidator(as_dict)]
Moment = Annotated[datetime | date | None, BeforeValidator(as_moment)]
Active = Annotated[bool, BeforeValidator(lambda value: as_flag(value) is not False)]
Flag = Annotated[bool | None, BeforeValidator(as_flag)]
Number = Annotated[Decimal | None, BeforeValidator(number)]
Identity = Annotated[str, BeforeValidator(as_identity)]

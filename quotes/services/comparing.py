"""Comparing what an edit sent with what the operator shows: alike in meaning, whatever the spelling."""

from datetime import date, datetime

from django.utils.dateparse import parse_date, parse_datetime

from quotes.models import Command
from quotes.services.acts import Proof, Verdict
from quotes.sync.facts import moment, plain


def compare(answer, command: Command) -> Proof:
    """Whether an update shows in the operator's answer: equal to after, to before, or to neither.

    The answer is the whole object: a field that it lacks is empty.
    """
    shown = dict.fromkeys(command.params) | plain(answer.raw)
    if same(shown, command.params):
        return Proof(Verdict.HAPPENED, answer)
    if same(shown, command.before):
        return Proof(Verdict.NOT_YET, answer)
    return Proof(Verdict.CONTRADICTION, answer)


def same(shown: dict, wanted: dict) -> bool:
    """Every field of `wanted` that the answer carries has the wanted value."""
    return all(canonical(shown[name]) == canonical(value) for name, value in wanted.items() if name in shown)


def canonical(value):
    """`""`, null and [] are the same nothing; a date is a moment; 12 is "12"; an object with an id is its id."""
    if value in (None, "", [], {}):
        return None
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        return _object(value)
    return _text(str(value).strip())


def _object(value: dict):
    for name in ("product_id", "product_offering_id", "option_id", "id"):
        if value.get(name):
            return canonical(value[name])
    kept = {name: canonical(inner) for name, inner in value.items()}
    return {name: inner for name, inner in kept.items() if inner is not None} or None


def _text(text: str):
    if len(text) < 10 or not text[:4].isdigit():
        return text
    try:
        found: date | datetime | None = parse_datetime(text) or parse_date(text)
    except ValueError:
        return text
    if found is None or (isinstance(found, datetime) and found.tzinfo is None):
        return text
    return moment(found)

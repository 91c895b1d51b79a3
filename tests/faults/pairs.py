"""Races of two people or two workers, counted: both begin at the same moment."""

import itertools
import random
import time
from collections import Counter

from quotes.models import Command
from quotes.services import sender
from tests.cast import nonce
from tests.faults import stage
from tests.faults.crowd import at_once
from tests.faults.trials import go_on


def races(operator, people, count: int, seed, until: float) -> Counter:
    """Two people, or two workers, at the same moment."""
    endings: Counter = Counter()
    for number in itertools.takewhile(lambda _: time.monotonic() < until, range(count)):
        dice = random.Random(f"{seed}-race-{number}")
        race = dice.choice([_two_accepts, _one_form_twice, _accept_and_decline, _confirm_and_line, _two_workers])
        endings["tried"] += 1
        endings[f"{race.__doc__}: {race(operator, people)}"] += 1
    return endings


def _two_accepts(operator, people):
    """two accepts of one line"""
    line = stage.priced(operator)
    at_once(
        lambda: stage.accept(line, people["manager"]),
        lambda: stage.accept(line, people["manager2"], "2175"),
    )
    return _sent(operator, f"/{line.remote_id}/")


def _one_form_twice(operator, people):
    """one form twice"""
    line, form = stage.priced(operator), nonce()
    first, second = at_once(*[lambda: stage.accept(line, people["manager"], form=form)] * 2)
    return f"{_sent(operator, f'/{line.remote_id}/')}, {'same' if first == second else 'OTHER'} command"


def _accept_and_decline(operator, people):
    """accept and decline"""
    line = stage.priced(operator)
    at_once(
        lambda: stage.accept(line, people["manager"]),
        lambda: stage.decline(line, people["manager2"]),
    )
    return _sent(operator, f"/{line.remote_id}/")


def _confirm_and_line(operator, people):
    """confirm and a new line"""
    basket = stage.draft(operator)
    at_once(
        lambda: stage.confirm(basket, people["manager"]),
        lambda: stage.add_line(basket, people["manager2"]),
    )
    return _sent(operator, f"/{basket.remote_id}/")


def _two_workers(operator, people):
    """two workers with one command"""
    line = stage.priced(operator)
    offer = line.offers.get(product_id="2173")
    command = Command.objects.create(
        kind="accept", nonce=nonce(), actor=people["manager"], basket=line.basket, line=line, product_id="2173",
        params={"product_id": "2173"}, fingerprint=offer.fingerprint,
    )  # fmt: skip
    at_once(*[lambda: sender.run(command.pk)] * 2)
    return _sent(operator, f"/{line.remote_id}/")


def _sent(operator, path) -> str:
    go_on()
    writes = [request for request in operator.requests if path in request["path"] and request["method"] != "GET"]
    return f"{len(writes)} sent"

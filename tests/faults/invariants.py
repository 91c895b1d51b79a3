"""What must hold whatever fails: the operator's ledger, the journal and the pages, compared.

I1 one order a line at most. I2 one accept request a command at most, and one accept a line that may have an effect.
I3 what had an effect is never said to have had none, and what may be sent once only does not wait to be sent again.
I4 what is said to be done had its effect. I5 whatever is not settled has a visible place; a done accept shows its order
ids or says that they are missing. I6 no secret in a page or a row. I7 after a quiet time the mirror shows what the
operator has. I8 no accept leaves later than it may. I9 an order is made at the price that the person saw. I10 one
form, however often it is sent, is one command.
"""

import re
from collections import Counter, defaultdict
from datetime import timedelta

from django.conf import settings

from quotes import covage, states
from quotes.covage.prices import read_offers
from quotes.models import Basket, Command, Event, Line
from quotes.models.commands import EXPORTS, SENT_ONCE, Kind
from quotes.services.sender import LONGEST_PAUSE
from tests.faults.stage import _received

SECRETS = ("canary", "Bearer t")
PROVABLE = (*SENT_ONCE, Kind.UPDATE_BASKET, Kind.UPDATE_LINE)  # nobody else could have had the same effect


PAGES = 40  # of done accepts, the newest; of what is not settled all are looked at


def broken(operator, browser=None) -> list[str]:
    """The invariants that do not hold, in words; `browser`: a signed-in client to look at the pages with."""
    found = [*_orders(operator), *_commands(operator), *_rows()]
    return found + (list(_pages(browser)) if browser else [])


def writes(operator) -> dict[str, list[dict]]:
    """The writes that reached the operator, by the command that the request id names."""
    found = defaultdict(list)
    for request in operator.requests:
        if request["method"] != "GET" and request["path"].startswith("/api/"):
            found[request["headers"].get("X-Request-ID", "")[:32]].append(request)
    return found


def _orders(operator):
    for line, count in Counter(line for line, _ in operator.world.orders).items():
        if count > 1:
            yield f"I1: {count} orders of line {line}"
    for form, count in Counter(Command.objects.values_list("nonce", flat=True)).items():
        if count > 1:
            yield f"I10: {count} commands of the form {form}"
    accepts = Command.objects.filter(kind=Kind.ACCEPT).exclude(state__in=states.WITHOUT_EFFECT)
    for line, count in Counter(accepts.values_list("line", flat=True)).items():
        if count > 1:
            yield f"I2: {count} accepts hold line {line}"


def _commands(operator):
    sent = writes(operator)
    commands = {command.id.hex: command for command in Command.objects.exclude(reason="by_person")}
    for key, requests in sent.items():
        if key in commands:
            yield from _sent(commands[key], requests)
        else:
            yield f"I2: a write that no command asked for: {requests[0]['path']}"
    for key, command in commands.items():
        if command.state == "done" and command.kind in PROVABLE and not _had_effect(sent[key]):
            yield f"I4: {command} is done, the operator knows nothing of it"


def _sent(command, requests):
    if command.kind in SENT_ONCE and len(requests) > 1:
        yield f"I2: {command} went out {len(requests)} times"
    if _had_effect(requests) and command.kind not in EXPORTS:
        waits_again = command.state == "recorded" and command.kind in SENT_ONCE
        if command.state in states.WITHOUT_EFFECT or waits_again:
            yield f"I3: {command} is {command.state} ({command.reason}), the operator did it"
    if command.kind == Kind.ACCEPT:
        yield from _accepted(command, requests)


def _accepted(command, requests):
    latest = command.recorded_at + timedelta(seconds=settings.SYNC["accept"] + LONGEST_PAUSE)
    for request in requests:
        if request["at"] > latest:
            yield f"I8: {command} left {request['at'] - latest} too late"
        if request["sold"] is not None:
            offers = {offer.product_id: offer for offer in read_offers(_received(request["sold"]), [])}
            if covage.fingerprint(offers[command.product_id].raw) != command.fingerprint:
                yield f"I9: {command} ordered at another price than was seen"


def _had_effect(requests) -> bool:
    return any(request["effect"] for request in requests)


def _rows():
    rows = [*Command.objects.values(), *Event.objects.values("data", "actor_name", "request_id")]
    for secret in SECRETS:
        if any(secret in str(row) for row in rows):
            yield f"I6: {secret} in a row"


def _pages(browser):
    listed = _listed(browser)
    ordered = Command.objects.filter(kind=Kind.ACCEPT, state="done").order_by("-recorded_at")[:PAGES]
    for command in [*Command.objects.filter(state__in=states.PENDING), *ordered]:
        page = _page(browser, f"/commands/{command.pk}/")
        if f'data-command-state="{command.state}"' not in page:
            yield f"I5: the page of {command} does not say {command.state}"
        if command.is_pending and listed.get(str(command.pk)) != command.state:
            yield f"I5: {command} ({command.state}) is in no list"
        told = ("data-order-id" in page and "data-order-item-id" in page) or f'data-gap="{command.gap}"' in page
        if command.state == "done" and not told:
            yield f"I5: the page of {command} says neither its order ids nor that they are missing"
        yield from (f"I6: {secret} on the page of {command}" for secret in SECRETS if secret in page)


def _listed(browser) -> dict[str, str]:
    """The commands that are not settled, as the list of them shows."""
    wanted = "&".join(f"state={state}" for state in states.PENDING)
    found: dict[str, str] = {}
    for number in range(1, 1000):
        page = _page(browser, f"/commands/?{wanted}&page_size=100&page={number}")
        rows = re.findall(r'data-kind="command" data-id="([^"]+)"[^>]*data-command-state="([^"]+)"', page)
        if not rows or rows[0][0] in found:
            break
        found |= dict(rows)
    return found


def _page(browser, url) -> str:
    response = browser.get(url, follow=True)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return response.content.decode()


def unlike(operator) -> list[str]:
    """I7: where the mirror shows something else than the operator has."""
    found = []
    for model, things in ((Basket, operator.world.baskets), (Line, operator.world.lines)):
        states_there = {remote_id: thing["state"] for remote_id, thing in things.items()}
        rows = model.objects.filter(gone_at=None).exclude(remote_id=None)
        found += _differences(model.__name__, dict(rows.values_list("remote_id", "state")), states_there)
    for line in Line.objects.filter(gone_at=None, remote_id__in=operator.world.lines):
        there = {offer["id"]: offer["state"] for offer in operator.world.lines[line.remote_id]["offers"]}
        found += _differences(f"offers of {line}", dict(line.offers.values_list("product_id", "state")), there)
    return found


def _differences(what, here: dict, there: dict) -> list[str]:
    return [
        f"I7: {what} {key}: {here.get(key)} here, {there.get(key)} there"
        for key in here.keys() | there.keys()
        if here.get(key) != there.get(key)
    ]

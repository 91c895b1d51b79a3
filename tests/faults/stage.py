"""Scenes to play faults on: lines with prices, both at the operator and in the mirror, without walking its lists."""

import json

from quotes import covage
from quotes.covage.reading import read_json
from quotes.models import Basket, Command, Line
from quotes.services import baskets, decisions, lines, traces
from quotes.sync import store
from quotes.sync.asked import Asked
from tests.cast import COMPLETE, nonce, point_at
from tests.kmz_files import make_kmz

HURRY = 300
KMZ = make_kmz([[(-4.10, 47.99), (-4.11, 47.995), (-4.12, 47.997)]], "route")


def draft(operator, lines: int = 1, name: str = "") -> Basket:
    """A basket with lines that may still be edited."""
    basket_id = operator.world.draft(external_id=name or nonce())
    for _ in range(lines):
        operator.world.add_line(basket_id, COMPLETE | {"external_id": nonce()})
    return mirrored(operator, basket_id)


def priced(operator, products=("2173", "2175"), name: str = "") -> Line:
    """A line whose offers wait for a decision."""
    world = operator.world
    with world.lock:
        basket_id = world.draft(external_id=name or nonce())
        line_id = world.add_line(basket_id, COMPLETE | {"external_id": nonce()})["id"]
        world.confirm(basket_id)
        world.price(line_id, *products)
    return mirrored(operator, basket_id).lines.get()


def mirrored(operator, basket_id) -> Basket:
    """The mirror of a basket and its lines, as readings would leave it."""
    world = operator.world
    answer = _received(world.shown_basket(world.basket(basket_id), detail=True))
    basket = store.basket(covage.Basket.read(answer), Asked.now())
    for line in world._of(basket_id):
        answer = _received(world.shown_line(line, "detail"))
        store.line(covage.Line.read(answer, basket.remote_id), Asked.now(), basket=basket)
    return basket


def _received(answer):
    return read_json(json.dumps(answer).encode())


def accept(line: Line, actor, product="2173", *, form: str = "") -> Command:
    offer = line.offers.get(product_id=product)
    return decisions.accept(actor=actor, nonce=form or nonce(), offer=offer, fingerprint=offer.fingerprint)


def decline(line: Line, actor, product="2173", *, form: str = "") -> Command:
    return decisions.decline(actor=actor, nonce=form or nonce(), offer=line.offers.get(product_id=product))


def restore(line: Line, actor, product="2173", *, form: str = "") -> Command:
    return decisions.restore(actor=actor, nonce=form or nonce(), offer=line.offers.get(product_id=product))


def create(actor, name: str = "", *, form: str = "") -> Command:
    return baskets.create(actor=actor, nonce=form or nonce(), external_id=name)


def confirm(basket: Basket, actor, *, form: str = "") -> Command:
    return baskets.confirm(actor=actor, nonce=form or nonce(), basket=basket)


def add_line(basket: Basket, actor, *, form: str = "", **fields) -> Command:
    return lines.add(actor=actor, nonce=form or nonce(), basket=basket, fields=COMPLETE | fields)


def upload(line: Line, actor, *, form: str = "", data: bytes = KMZ) -> Command:
    return traces.upload(actor=actor, nonce=form or nonce(), line=line, name="route.kmz", data=data)


def edit(line: Line, actor, note: str, *, form: str = "") -> Command:
    before = {"note": line.value("note")}
    return lines.update(actor=actor, nonce=form or nonce(), line=line, changes={"note": note}, before=before)


def hurry(settings, url: str, patience: float = 1) -> None:
    """The portal's times divided by 300: an accept is quiet after four seconds, a claim lapses after seven.

    `patience`: how much longer than usual an answer may take, for a machine that has much else to do.
    """
    point_at(settings, url)
    settings.SYNC_SPEED = HURRY
    settings.SYNC |= {"quiet": 60 / HURRY, "quiet_accept": 900 / HURRY, "accept": 60}
    times = (seconds * patience for seconds in (1, 0.5, 2))
    settings.COVAGE_CONNECT_TIMEOUT, settings.COVAGE_READ_TIMEOUT, settings.COVAGE_TOTAL_TIMEOUT = times

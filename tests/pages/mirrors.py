"""Baskets and lines put into the mirror the one way there is: as answers of the operator."""

import itertools

from quotes import covage
from quotes.models import Basket, Line
from quotes.sync import store
from quotes.sync.asked import Asked
from tests.cast import COMPLETE

NUMBERS = itertools.count(1)
PRICES = [{"product_id": "2173", "name": "FTTO 100 Mb/s", "monthly_price": 119.9, "fas": 950, "state": "ready"}]


def a_basket(**fields) -> Basket:
    answer = {"id": f"b{next(NUMBERS)}", "external_id": "FLASH-1", "project_id": "FLASH", "state": "ready"}
    return store.basket(covage.Basket.read(answer | fields), Asked.now())


def a_line(basket: Basket | None = None, **fields) -> Line:
    """With one priced offer unless told otherwise."""
    number = next(NUMBERS)
    answer = {"id": f"l{number}", "reference": f"QO_20260423_{number:08}", "state": "ready", "prices": PRICES}
    return store.line(covage.Line.read({**COMPLETE, **answer, **fields}), Asked.now(), basket=basket or a_basket())

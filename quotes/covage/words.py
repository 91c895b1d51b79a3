"""The words by which keys of a price are recognised, English and French.

The specification does not show the inside of `prices`. These are the names that public pages, MEF/TM Forum and the
French trade use; whatever matches none of them is shown as received and never computed with.
"""

import re
import unicodedata
from functools import lru_cache

ONE_OFF, MONTHLY, OTHER = "one_off", "monthly", "other"


def _any(*words: str) -> re.Pattern:
    return re.compile(rf"_(?:{'|'.join(words)})(?=_)")


_KINDS = {  # in this order: "non_recurring" holds "recurring"
    ONE_OFF: _any(
        "fas", "nrc", "setup", "set_up", "one_?(?:off|time|shot)", "non_?recurring", "install(?:ation)?", "upfront",
        "access_fee", "frais_(?:d_)?acces", "frais_de_mise", "mise_en_service", "activation",
    ),
    OTHER: _any("year(?:ly)?", "annual", "annuel(?:le)?", "quarter(?:ly)?", "trimestr\\w+", "weekly", "daily", "usage"),
    MONTHLY: _any(
        "mrc", "recurring", "recurrent", "month(?:ly)?", "mois", "p1m", "mensuel(?:le)?", "mensualite", "subscription",
        "abonnement",
    ),
}  # fmt: skip
_ROLES = {
    "commitment": _any(
        "commitment",
        "engagement",
        "contract_(?:terms?|duration|months)",
        "terms?",
        "min_duration",
        "duration_months",
        "duree",
    ),
    "bandwidth": _any("bandwidth", "debit", "throughput", "speed"),
    "gtr": _any("gtr", "grt", "repair", "sla"),
    "delivery": _any("delivery", "lead_time", "delais?", "livraison"),
    "valid_until": _any("valid_(?:until|to|till|for)", "validity", "expir\\w+"),
}
_START = _any("start", "from", "begin\\w*", "debut")
_MONEY = _any(
    "price", "prices", "pricing", "amount", "fees?", "costs?", "charges?", "rent", "tarif\\w*", "prix", "montant",
    "frais", "couts?", "ht", "ttc", "eur", "euros?", "fas", "nrc", "mrc",
)  # fmt: skip
_QUANTITY = _any("amount")
_TAXED = _any("ttc", "tax", "taxes", "taxed", "vat", "tva", "tax_?included", "gross")
_UNTAXED = _any("(?:without|excl|excluding|before)_(?:tax|vat)", "(?:tax|vat)_(?:free|excl\\w*)", "duty_?free", "ht")
_ASIDE = _any(
    "discount\\w*", "remise", "rebate", "reduction", "original", "previous", "old", "options?", "gtr", "grt", "express"
)
_IDENTITY = re.compile(r"_(?:ids?|uuid|guid|codes?|ref|references?|version|rank|position|index|zip\w*)_$")
_MEASURE = _any(
    "rate", "percent\\w*", "quantity", "count", "number", "distance", "length", "meters?", "km", "latitude",
    "longitude", "duration",
)  # fmt: skip
_CONTEXT = _any("type", "kind", "nature", "category", "period\\w*", "recurrence", "frequency", "billing")
_CURRENCY = _any("currency\\w*", "devise")
_UNIT = _any("units?", "currency\\w*", "devise")
_STATE = re.compile(r"_(?:\w+_)?(?:state|status)_(?:label_|date_)?$")
_END = _any("end", "until", "to", "date")
_PRODUCT = re.compile(r"_(?:product|product_offering|offering|offer)_id_")
_UNIT_IN_KEY = _any(
    "months?", "mois", "weeks?", "semaines?", "days?", "jours?", "hours?", "heures?", "[kmg]b(?:ps|its?)"
)


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """`dutyFreeAmount`, "duty-free amount" and "duty_free_amount" alike: `_duty_free_amount_`."""
    plain = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode()
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return f"_{re.sub(r'[^a-z0-9]+', '_', snake.lower()).strip('_')}_"


def _first(patterns: dict[str, re.Pattern], words: str) -> str:
    return next((name for name, pattern in patterns.items() if pattern.search(words)), "")


def kind_of(text: str) -> str:
    """`one_off`, `monthly`, `other` (recurring, but not by the month), or "" when nothing says so."""
    return _first(_KINDS, spell(text))


def role_of(key: str) -> str:
    """What a key says beside money: commitment, bandwidth, gtr, delivery, valid_until; "" for anything else."""
    words = spell(key)
    return (
        ""
        if _IDENTITY.search(words) or _START.search(words) or (is_money(key) and not is_quantity(key))
        else _first(_ROLES, words)
    )


def is_money(key: str) -> bool:
    return bool(_MONEY.search(spell(key)))


def is_quantity(key: str) -> bool:
    """`amount` alone may count money or megabits."""
    return bool(_QUANTITY.search(spell(key)))


def is_counted(key: str) -> bool:
    """A number under this key names or measures something: no price."""
    return bool(_IDENTITY.search(spell(key)) or (_MEASURE.search(spell(key)) and not is_money(key)))


def is_base_price(path: str) -> bool:
    """Neither a price with tax, nor the tax itself, nor a discount, nor an option."""
    words = spell(path)
    return not _ASIDE.search(words) and not (_TAXED.search(words) and not _UNTAXED.search(words))


def is_context(key: str) -> bool:
    """The text under this key tells what kind of price the amounts beside it are (`priceType: recurring`)."""
    return bool(_CONTEXT.search(spell(key)))


def is_currency(key: str) -> bool:
    return bool(_CURRENCY.search(spell(key)))


def is_unit(key: str) -> bool:
    return bool(_UNIT.search(spell(key)))


def is_end(key: str) -> bool:
    """The later edge of a period."""
    return bool(_END.search(spell(key))) and not _START.search(spell(key))


def is_product(key: str) -> bool:
    """The key holds the id by which offers are accepted, declined and restored."""
    return bool(_PRODUCT.fullmatch(spell(key)))


def is_product_object(key: str) -> bool:
    """… or the product itself, as an object or as its bare id."""
    return spell(key).strip("_") in ("product", "product_offering", "offering", "offer")


def is_state(key: str) -> bool:
    return bool(_STATE.search(spell(key)))


def unit_in(key: str) -> str:
    """`weeks` of `delivery_weeks`, "" when the key names no unit."""
    found = _UNIT_IN_KEY.search(spell(key))
    return found[0].strip("_") if found else ""


def is_vocabulary(key: str) -> bool:
    """The key belongs to a price, so it is not the id of a product."""
    return bool(kind_of(key) or role_of(key) or is_money(key) or is_counted(key) or is_unit(key) or is_state(key))

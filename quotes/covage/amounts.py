"""Reading one price of unknown shape: what is recognised, every amount with its key, and the rest as received."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from quotes.covage import words
from quotes.covage.numbers import canonical, currency_in, number
from quotes.covage.values import as_identity, as_text

DEEPEST = 60
ROLES = ("commitment", "bandwidth", "gtr", "delivery", "valid_until")
_A_CURRENCY = re.compile(r"(?:€|[A-Z]{3}|[Ee]uros?|eur)(?:\s*[/ ].{0,20})?")
_MONTHS = re.compile(r"(\d{1,3})(?:\.0+)?[ _-]*(?:m|months?|mois)?|p(\d{1,3})m", re.I)
_YEARS = re.compile(r"(\d{1,2})[ _-]*(?:y|years?|ans?|annees?|années?)|p(\d{1,2})y", re.I)


@dataclass(frozen=True)
class Amount:
    """`key` is the operator's, dotted when nested, list positions as numbers. `unit` is "" when none was received."""

    value: Decimal
    key: str
    unit: str = ""

    @property
    def currency(self) -> str:
        """The currency at the head of the unit ("EUR/month"), as received."""
        return re.split(r"[/ ]", self.unit)[0]


@dataclass
class PriceView:
    """What could be recognised, else None; `amounts` holds every amount, `rest` all that is neither amount nor used.

    `commitment` is in months. `bandwidth`, `gtr`, `delivery` and `valid_until` are texts as received.
    """

    monthly: Amount | None = None
    one_off: Amount | None = None
    commitment: Decimal | None = None
    bandwidth: str | None = None
    gtr: str | None = None
    delivery: str | None = None
    valid_until: str | None = None
    amounts: list[Amount] = field(default_factory=list)
    rest: list[tuple[str, object]] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """Over the whole commitment; only when all three parts were recognised and no two currencies meet."""
        if self.monthly is None or self.one_off is None or self.commitment is None:
            return None
        currencies = {amount.currency for amount in (self.monthly, self.one_off)} - {""}
        return None if len(currencies) > 1 else self.monthly.value * self.commitment + self.one_off.value


@dataclass(frozen=True)
class _Leaf:
    """A value with its way in the element and what the keys above it tell."""

    path: tuple[str, ...] = ()
    value: object = None
    kind: str = ""  # words.ONE_OFF, MONTHLY or OTHER
    role: str = ""  # commitment, bandwidth, gtr, delivery, valid_until
    unit: str = ""

    @property
    def key(self) -> str:
        return ".".join(self.path)

    @property
    def name(self) -> str:
        """The last key that is no list position."""
        return next((part for part in reversed(self.path) if not part.isdigit()), "")

    @property
    def is_amount(self) -> bool:
        value = number(self.value)
        if value is None or self.role or words.is_counted(self.name) or self.is_product:
            return False
        if value == value.to_integral_value() and words.unit_in(self.name):  # "weeks": 8, but "36_months": 99.90
            return False
        return not isinstance(self.value, str) or "," in self.value or "." in self.value or self.is_priced

    @property
    def is_priced(self) -> bool:
        """A key says that this is money, where another number could be anything."""
        return bool(self.kind or not self.name) or any(map(words.is_money, self.path))

    @property
    def is_told_elsewhere(self) -> bool:
        """The offer has it as its product or state, or an amount as its unit."""
        return self.value == self.unit or self.is_product or (self.is_top and words.is_state(self.name))

    @property
    def is_product(self) -> bool:
        return self.is_top and (
            words.is_product(self.name) or (words.is_product_object(self.name) and bool(as_identity(self.value)))
        )

    @property
    def is_top(self) -> bool:
        return len([part for part in self.path if not part.isdigit()]) == 1


def read_price(element: object) -> PriceView:
    """Never raises, never gives a float, invents nothing."""
    leaves = list(_leaves(element, _Leaf()))
    priced = [leaf for leaf in leaves if leaf.is_amount]
    view = PriceView(
        monthly=_only(priced, words.MONTHLY),
        one_off=_only(priced, words.ONE_OFF),
        amounts=[_amount(leaf) for leaf in priced],
    )
    for role in ROLES:
        _settle(view, role, [leaf for leaf in leaves if leaf.role == role])
    view.rest = [(leaf.key, leaf.value) for leaf in leaves if not _is_shown(leaf, view)]
    return view


def _amount(leaf: _Leaf) -> Amount:
    unit = leaf.unit if leaf.is_priced or leaf.name == "value" else ""
    return Amount(number(leaf.value), leaf.key, unit or currency_in(leaf.value))


def _only(leaves: list[_Leaf], kind: str) -> Amount | None:
    """The one price of this kind; None when there are several different ones, for nothing says which counts."""
    found = [_amount(leaf) for leaf in leaves if leaf.kind == kind and words.is_base_price(leaf.key)]
    return found[0] if len({canonical(amount.value) for amount in found}) == 1 else None


def _settle(view: PriceView, role: str, leaves: list[_Leaf]) -> None:
    """Note what all leaves of a role agree on."""
    told = {_months(leaf.value) if role == "commitment" else leaf.value for leaf in leaves}
    setattr(view, role, told.pop() if len(told) == 1 else None)


def _is_shown(leaf: _Leaf, view: PriceView) -> bool:
    """The view has it already, as an amount or a fact, or the offer has."""
    return leaf.is_amount or leaf.is_told_elsewhere or (bool(leaf.role) and getattr(view, leaf.role) is not None)


def _months(text: str) -> Decimal | None:
    """36 of "36", "36 months", "36 mois", "P36M", "3 ans"; None for any other unit."""
    if months := _MONTHS.fullmatch(text.strip()):
        return Decimal(months[1] or months[2])
    if years := _YEARS.fullmatch(text.strip()):
        return 12 * Decimal(years[1] or years[2])
    return None


def _leaves(node: object, at: _Leaf) -> Iterator[_Leaf]:
    if isinstance(node, dict) and len(at.path) < DEEPEST:
        yield from _of_object(node, _told(node, at))
    elif isinstance(node, list) and len(at.path) < DEEPEST:
        for position, item in enumerate(node):
            yield from _leaves(item, replace(at, path=(*at.path, str(position))))
    elif node is not None and node != "":
        yield replace(at, value=node if isinstance(node, str | int | Decimal) else as_text(node))


def _of_object(node: dict, at: _Leaf) -> Iterator[_Leaf]:
    for key, value in node.items():
        name = str(key)
        below = replace(at, path=(*at.path, name), kind=words.kind_of(name) or at.kind)
        role = words.role_of(name)
        fact = _fact(name, value, role) if role else ""
        if fact:
            yield replace(below, value=fact, role=role)
        else:
            yield from _leaves(value, below)


def _told(node: dict, at: _Leaf) -> _Leaf:
    """What the texts of an object say of the amounts in it: `priceType: recurring`, `currency: EUR`."""
    units = [value for key, value in node.items() if _is_unit(key, value)]
    texts = [value for key, value in node.items() if words.is_context(str(key)) and isinstance(value, str)]
    texts += [unit for unit in units if "/" in unit]
    unit = units[0] if len(set(units)) == 1 else at.unit
    return replace(at, kind=words.kind_of(" ".join(texts)) or at.kind, unit=unit)


def _is_unit(key: object, value: object) -> bool:
    """A currency that was received: by its key, or because the text under `unit` looks like one."""
    if not isinstance(value, str) or not value.strip() or number(value) is not None:
        return False
    return words.is_currency(str(key)) or bool(words.is_unit(str(key)) and _A_CURRENCY.fullmatch(value))


def _fact(name: str, value: object, role: str) -> str:
    """The text of a fact: a bare value, or `{value, unit}`; "" when it holds more than that."""
    if not isinstance(value, dict | list):
        unit = words.unit_in(name) if number(value) is not None else ""
        return f"{as_text(value)} {unit}".strip()
    inner = value if isinstance(value, dict) else {}
    units = [as_text(item) for key, item in inner.items() if words.is_unit(str(key)) and isinstance(item, str)]
    others = {str(key): item for key, item in inner.items() if not words.is_unit(str(key)) and item not in (None, "")}
    if role == "valid_until" and len(others) > 1:
        others = {key: item for key, item in others.items() if words.is_end(key)}
    if len(others) != 1 or len(units) > 1:
        return ""
    (only,) = others.values()
    return "" if isinstance(only, dict | list) else " ".join([as_text(only), *units])

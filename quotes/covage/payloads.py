"""The operator's answers as typed objects: lenient, and keeping what they do not know.

Numbers as text, text as numbers, null, absent and "" are all understood. One thing only makes an answer unreadable:
no usable id.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from quotes.covage.prices import Offer, offering, read_offers
from quotes.covage.values import (
    Active,
    Dict,
    Dicts,
    Flag,
    Identity,
    Many,
    Moment,
    Number,
    Text,
    Texts,
    as_identity,
    as_list,
    as_text,
)

_BASKET_KEYS = ("quote_id", "basket_id", "quote", "basket")


class Unreadable(ValueError):
    """What was received is not what was expected; the text says why and quotes nothing."""


class Payload(BaseModel):
    """`raw` is the answer as received, with Decimals for numbers."""

    model_config = ConfigDict(extra="ignore")
    needs: ClassVar[tuple[str, ...]] = ("id",)
    _raw: dict = PrivateAttr(default_factory=dict)

    @classmethod
    def read(cls, raw: object) -> Self:
        """Raises Unreadable when `raw` is no object or lacks an id."""
        if not isinstance(raw, dict):
            raise Unreadable("not an object")
        known = {name: raw[name] for name in cls.model_fields if raw.get(name) is not None}
        try:
            payload = cls.model_validate(known)
        except ValidationError as error:
            raise Unreadable("not as documented") from error
        payload._raw = raw
        for name in cls.needs:
            if not getattr(payload, name):
                raise Unreadable(f"no usable {name}")
        return payload

    @property
    def raw(self) -> dict:
        return self._raw

    def has(self, name: str) -> bool:
        """The key was in the answer, with whatever value."""
        return name in self._raw


class Line(Payload):
    """A quotation line. `basket_id` is "" unless the answer, or the basket it came in, names it."""

    id: Identity = ""
    basket_id: Identity = ""
    end_customer_name: Text = ""
    external_id: Text = ""
    site_connection_type: Text = ""
    business_sector: Text = ""
    expected_response_date: Moment = None
    option_ids: Texts = []
    note: Text = ""
    technical_note: Text = ""
    product_offerings: Many = []
    product_offering_qualification_item_id: Text = ""
    project_id: Text = ""
    customer_order_name: Text = ""
    business_code: Text = ""
    related_contact_information: Dicts = []
    quote_date: Moment = None
    state: Text = ""
    reference: Text = ""
    trace_file: Text = ""
    creation_date: Moment = None
    manager_regional: Dict = {}
    prices: Many = []
    response_date: Moment = None
    validity_date: Moment = None
    order_date: Moment = None
    address: Dict = {}
    latitude: Number = None
    longitude: Number = None

    @classmethod
    def read(cls, raw: object, basket_id: str = "") -> Self:
        line = super().read(raw)
        line.basket_id = _basket_named(line.raw) or basket_id
        return line

    @property
    def contacts(self) -> list[dict]:
        return self.related_contact_information

    @cached_property
    def offerings(self) -> list[tuple[str, str]]:
        """(id, label) of each product offering, whether they came as text or as objects."""
        return [found for found in map(offering, self.product_offerings) if found[0]]

    @cached_property
    def offers(self) -> list[Offer]:
        """The priced offers, one a product."""
        return read_offers(self.raw.get("prices"), self.offerings)

    @property
    def site(self) -> str:
        """The address in one line: its label, else what is there of it."""
        return as_text(self.address.get("label")) or ", ".join(_words(self.address))


class Basket(Payload):
    """A quotation basket."""

    id: Identity = ""
    external_id: Text = ""
    project_id: Text = ""
    state: Text = ""
    quote_date: Moment = None
    creation_date: Moment = None

    @property
    def lines(self) -> list[Line] | None:
        """The lines that came as objects; None when the answer has no `quote_item` at all."""
        return self._items[0] if self.has("quote_item") else None

    @property
    def line_ids(self) -> list[str]:
        """The ids of all lines, whether `quote_item` holds objects or bare ids."""
        return self._items[1]

    @property
    def rejected(self) -> list[dict]:
        """Lines that could not be read, as received."""
        return self._items[2]

    @cached_property
    def _items(self) -> tuple[list[Line], list[str], list[dict]]:
        lines, ids, rejected = [], [], []
        for item in as_list(self.raw.get("quote_item")):
            try:
                line = Line.read(item, basket_id=self.id) if isinstance(item, dict) else None
            except Unreadable:
                rejected.append(item)
                continue
            lines += [line] if line else []
            ids.append(line.id if line else as_identity(item))
        return lines, [found for found in ids if found], rejected


class Accepted(Payload):
    """The order that an accept made."""

    needs = ("product_order_id", "product_order_item_id")
    product_order_id: Identity = ""
    product_order_item_id: Identity = ""


class Task(Payload):
    """An export that was started."""

    needs = ("task_id",)
    task_id: Identity = ""


class ExportStatus(Payload):
    """No `stopped` means that it runs, whatever `success` says (the specification does not tell how running looks)."""

    needs = ()
    task_id: Identity = ""
    success: Flag = None
    started: Moment = None
    stopped: Moment = None

    @classmethod
    def read(cls, raw: object, task_id: str = "") -> Self:
        status = super().read(raw)
        status.task_id = status.task_id or task_id
        return status

    @property
    def running(self) -> bool:
        return not self.raw.get("stopped")

    @property
    def failed(self) -> bool:
        """Only when it says so; where it says nothing that can be read, the download tells."""
        return not self.running and self.success is False


class Project(Payload):
    """A project agreed with the operator: active unless the answer says that it is not."""

    needs = ("code",)
    code: Text = ""
    active: Active = True
    start_date: Moment = None
    end_date: Moment = None


T = TypeVar("T", bound=Payload)


@dataclass
class Page(Generic[T]):
    """One page of a list. `rejected` holds the items that could not be read, as received; `count` is the operator's."""

    results: list[T]
    rejected: list[dict] = field(default_factory=list)
    count: int | None = None


@dataclass
class File:
    data: bytes
    content_type: str = ""


def _words(value: object) -> list[str]:
    if isinstance(value, dict):
        return [word for inner in value.values() for word in _words(inner)]
    return [str(value)] if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else []


def _basket_named(raw: dict) -> str:
    for key in _BASKET_KEYS:
        value = raw.get(key)
        found = as_identity(value.get("id") if isinstance(value, dict) else value)
        if found:
            return found
    return ""

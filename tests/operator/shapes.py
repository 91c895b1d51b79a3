"""The legal ways to write the same answer."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Shapes:
    ids: str = "uuid"  # uuid | number | text
    next_page: str = "url"  # url | path | number | text
    numbers: str = "number"  # number | text | comma
    dates: str = "offset"  # offset | z | bare
    empty: str = "documented"  # documented | null | absent
    prices: str = "flat"  # flat | nested | keyed | bare | mef
    offer_states: bool = True
    quote_item: str = "objects"  # objects | ids | empty
    errors: str = "fields"  # fields | detail | details | html | nothing
    extra: bool = False  # unknown keys everywhere
    names: str = "kept"  # of a create: kept | cut | dropped | upper
    name_filter: str = "exact"  # exact | ignored
    traces: str = "kept"  # kept | repacked | ignored
    page_size: int = 3

    def new_id(self, number: int):
        return {"uuid": str(uuid.uuid4()), "number": number, "text": f"PO:{number}.x y"}[self.ids]

    def amount(self, value: float):
        return {"number": value, "text": f"{value:.2f}", "comma": f"{value:.2f}".replace(".", ",")}[self.numbers]

    def moment(self, value: datetime | None):
        if value is None:
            return None
        local = value.astimezone(PARIS).replace(microsecond=0)
        if self.dates == "z":
            return (local.replace(tzinfo=None) - local.utcoffset()).isoformat() + "Z"
        return local.date().isoformat() if self.dates == "bare" else local.isoformat()

    def named(self, fields: dict) -> dict:
        """What becomes of the external id of a create."""
        name = fields.get("external_id", "")
        names = {"kept": name, "cut": name[:8], "dropped": "", "upper": name.upper()}
        return {**fields, "external_id": names[self.names]}

    def emptied(self, answer: dict) -> dict:
        """Empty values as `null`, or left out."""
        if self.extra:
            answer = {**answer, "zz_unknown": {"deep": [1, "x"]}}
        if self.empty == "documented":
            return answer
        filled = {k: v for k, v in answer.items() if v not in ("", [], {}, None)}
        return filled if self.empty == "absent" else {**dict.fromkeys(answer), **filled}

    def priced(self, offers: list[dict]):
        return getattr(self, f"_{self.prices}")(offers)

    def refusal(self, errors: dict) -> object:
        """The body of a 4xx: an object, HTML text, or nothing."""
        words = " ".join(text for texts in errors.values() for text in texts)
        return {
            "fields": errors,
            "detail": {"detail": words},
            "details": {
                "error": "Invalid input",
                "details": [{"field": name, "errors": texts} for name, texts in errors.items()],
            },
            "html": f"<html><title>{words}</title></html>",
            "nothing": "",
        }[self.errors]

    def _flat(self, offers):
        return [
            self._state(o, {"product_id": o["id"], "name": o["name"], "monthly_price": self.amount(o["monthly"]),
                            "fas": self.amount(o["fas"]), "commitment": 36})
            for o in offers
        ]  # fmt: skip

    def _nested(self, offers):
        return [
            self._state(o, {"product": {"id": o["id"], "label": o["name"]}, "price": {
                "recurring": {"value": self.amount(o["monthly"]), "unit": "EUR"},
                "one_off": {"value": self.amount(o["fas"]), "unit": "EUR"}}})
            for o in offers
        ]  # fmt: skip

    def _keyed(self, offers):
        return {o["id"]: self._state(o, {"monthly": self.amount(o["monthly"]), "zone": "Z2"}) for o in offers}

    def _bare(self, offers):
        return [self._state(o, {"product_id": o["id"], "price": self.amount(o["monthly"])}) for o in offers]

    def _mef(self, offers):
        return [
            self._state(o, {"product_offering_id": o["id"], "price": [
                {"priceType": "recurring", "recurringChargePeriod": "month",
                 "price": {"dutyFreeAmount": {"value": self.amount(o["monthly"]), "unit": "EUR"}}},
                {"priceType": "oneTime",
                 "price": {"dutyFreeAmount": {"value": self.amount(o["fas"]), "unit": "EUR"}}}]})
            for o in offers
        ]  # fmt: skip

    def _state(self, offer, element):
        return {**element, "state": offer["state"]} if self.offer_states else element


def tomorrow(days: int = 20) -> datetime:
    return datetime.now(PARIS) + timedelta(days=days)

"""What the operator knows and how it decides: the specification's rules over plain dicts."""

import io
import itertools
import threading
import zipfile
from collections import Counter
from datetime import datetime

from tests.operator.shapes import PARIS, Shapes, tomorrow

BASKET_FIELDS = {"external_id", "project_id"}
LINE_FIELDS = {
    "end_customer_name", "external_id", "site_connection_type", "business_sector", "expected_response_date",
    "option_ids", "note", "technical_note", "product_offerings", "product_offering_qualification_item_id",
    "project_id", "customer_order_name", "business_code", "related_contact_information",
}  # fmt: skip
NEEDED = ("end_customer_name", "site_connection_type", "product_offerings")


class Refused(Exception):
    def __init__(self, errors, status=400):
        super().__init__(errors)
        self.errors, self.status = errors, status


class World:
    def __init__(self, shapes: Shapes):
        self.shapes = shapes
        self.lock = threading.RLock()
        self.numbers = itertools.count(1)
        self.baskets: dict[str, dict] = {}
        self.lines: dict[str, dict] = {}
        self.tasks: dict[str, dict] = {}
        self.orders: list[tuple[str, str]] = []  # (line, product): the ledger
        self.sold: list[object] = []  # beside each order, the prices as they were shown at that moment
        self.accepts_twice = False  # what a second accept does is not documented
        self.effects: Counter = Counter()  # (what, id) -> how often it was done

    # what the back office does

    def price(self, line_id: str, *products: str, state="ready", days=20) -> None:
        """Answer a line: one offer a product, or none (`unable_to_provide`)."""
        line = self.lines[str(line_id)]
        line["offers"] = [
            {"id": p, "name": f"FTTO {p}", "monthly": 119.9 + n, "fas": 950.0, "state": "ready"}
            for n, p in enumerate(products)
        ]
        line |= {"state": state, "response_date": datetime.now(PARIS), "validity_date": tomorrow(days)}
        basket = self.baskets[line["basket"]]
        states = {other["state"] for other in self._of(basket["id"])}
        basket["state"] = "partial_ready" if "confirmed" in states else "ready"

    def draft(self, **fields) -> str:
        return self.create_basket({"external_id": "", "project_id": "", **fields})["id"]

    # what clients do

    def create_basket(self, fields):
        self._only(fields, BASKET_FIELDS)
        number = next(self.numbers)
        basket = {"id": str(self.shapes.new_id(number)), "number": number, "state": "acknowledged"}
        basket |= {
            "external_id": "",
            "project_id": "",
            **self.shapes.named(fields),
            "creation_date": datetime.now(PARIS),
            "quote_date": None,
        }
        self.baskets[basket["id"]] = basket
        self.effects["create_basket", fields.get("external_id")] += 1
        return basket

    def update_basket(self, basket_id, fields):
        self._only(fields, BASKET_FIELDS)
        self._draft(basket_id).update(fields)
        self.effects["update_basket", basket_id] += 1

    def confirm(self, basket_id):
        basket = self._draft(basket_id)
        lines = self._of(basket_id)
        missing = {name: ["This field is required."] for line in lines for name in NEEDED if not line.get(name)}
        if missing or not lines:
            raise Refused(missing or {"detail": ["The basket is empty."]})
        basket |= {"state": "confirmed", "quote_date": datetime.now(PARIS)}
        for line in lines:
            line["state"] = "confirmed"
        self.effects["confirm", basket_id] += 1

    def add_line(self, basket_id, fields):
        self._draft(basket_id)
        self._only(fields, LINE_FIELDS)
        if not fields.get("product_offering_qualification_item_id"):
            raise Refused({"product_offering_qualification_item_id": ["This field is required."]})
        number = next(self.numbers)
        line = {
            name: [] if name in ("option_ids", "product_offerings", "related_contact_information") else ""
            for name in LINE_FIELDS
        }
        line |= {
            "expected_response_date": None,
            **self.shapes.named(fields),
            "id": str(self.shapes.new_id(number)),
            "number": number,
        }
        line |= {"basket": str(basket_id), "state": "acknowledged", "reference": f"QO_20260423_{number:08}"}
        line |= {"trace": b"", "trace_file": "", "offers": [], "creation_date": datetime.now(PARIS)}
        line |= {"quote_date": None, "response_date": None, "validity_date": None}
        self.lines[line["id"]] = line
        self.effects["add_line", fields.get("external_id")] += 1
        return line

    def update_line(self, basket_id, line_id, fields):
        self._draft(basket_id)
        self._only(fields, LINE_FIELDS)
        self.line(line_id).update(fields)
        self.effects["update_line", line_id] += 1

    def delete_line(self, basket_id, line_id):
        self._draft(basket_id)
        self.line(line_id)
        del self.lines[str(line_id)]
        self.effects["delete_line", line_id] += 1

    def keep_trace(self, basket_id, line_id, name, data):
        self._draft(basket_id)
        if not data.startswith(b"PK"):
            raise Refused({"file": ["Not a KMZ."]})
        self.effects["upload", line_id] += 1
        if self.shapes.traces == "ignored" and self.line(line_id)["trace"]:
            return
        repacked = self.shapes.traces == "repacked"
        name = "trace.kmz" if repacked else f"traces/{next(self.numbers)}/{name}"
        self.line(line_id).update(trace=packed_anew(data) if repacked else data, trace_file=name)

    def drop_trace(self, basket_id, line_id):
        self._draft(basket_id)
        self.line(line_id).update(trace=b"", trace_file="")

    def accept(self, line_id, product_id):
        line = self.line(line_id)
        again = self.accepts_twice and (line["id"], product_id) in self.orders
        offer = self._offer(line, product_id, "accepted" if again else "ready")
        if line["state"] != "ready" and not again:
            raise Refused({"detail": ["The line cannot be accepted."]})
        self.sold.append(self.shapes.priced(line["offers"]))
        for other in line["offers"]:
            other["state"] = "accepted" if other is offer else "refused"
        line["state"] = "accepted"
        self.orders.append((line["id"], product_id))
        states = {other["state"] for other in self._of(line["basket"])}
        self.baskets[line["basket"]]["state"] = (
            "finalized" if states <= {"accepted", "refused"} else "partial_finalized"
        )
        return {"product_order_id": f"PO-{len(self.orders)}", "product_order_item_id": f"POI-{len(self.orders)}"}

    def decline(self, line_id, product_id, comment):
        line = self.line(line_id)
        self._offer(line, product_id, "ready")["state"] = "refused"
        line["comment"] = comment
        if all(offer["state"] == "refused" for offer in line["offers"]):
            line["state"] = "refused"
        self.effects["decline", line_id] += 1

    def restore(self, line_id, product_id):
        line = self.line(line_id)
        self._offer(line, product_id, "refused")["state"] = "ready"
        line["state"] = "ready"
        self.effects["restore", line_id] += 1

    def start_export(self, kind):
        task_id = f"task_{next(self.numbers)}"
        self.tasks[task_id] = {"kind": kind, "looks": 0}
        return {"task_id": task_id}

    # what they are told

    def basket(self, basket_id):
        return self._known(self.baskets, basket_id)

    def line(self, line_id):
        return self._known(self.lines, line_id)

    def shown_basket(self, basket, *, detail):
        answer = {name: basket[name] for name in ("external_id", "project_id", "id", "state")}
        answer["quote_date"] = self.shapes.moment(basket["quote_date"])
        if not detail:
            return self.shapes.emptied(answer | {"creation_date": self.shapes.moment(basket["creation_date"])})
        lines = self._of(basket["id"])
        items = {
            "objects": [self.shown_line(line, "created") for line in lines],
            "ids": [line["id"] for line in lines],
            "empty": [],
        }
        return self.shapes.emptied(answer | {"quote_item": items[self.shapes.quote_item]})

    def shown_line(self, line, where):
        """`where`: created, listed or detail, each with the keys that the specification gives it."""
        dates = ("quote_date", "creation_date", "response_date", "validity_date")
        known = {name: line[name] for name in (*LINE_FIELDS, "id", "state", "reference", "trace_file")}
        known |= {name: self.shapes.moment(line[name]) for name in dates}
        if where == "created":
            return self.shapes.emptied({k: v for k, v in known.items() if k not in ("response_date", "validity_date")})
        if where == "listed":
            hidden = {"option_ids", "note", "technical_note", "business_code", "trace_file", *dates}
            listed = {k: v for k, v in known.items() if k not in hidden}
            listed |= {
                "order_date": None,
                "address": {"label": "1 rue X, 29000 Quimper"},
                "latitude": 47.99,
                "longitude": -4.1,
            }
            return self.shapes.emptied(listed)
        detail = known | {"manager_regional": {"name": "S. Abgrall"}, "prices": self.shapes.priced(line["offers"])}
        return self.shapes.emptied(detail)

    def _of(self, basket_id):
        return [line for line in list(self.lines.values()) if line["basket"] == str(basket_id)]

    def _known(self, rows, row_id):
        if str(row_id) not in rows:
            raise Refused({"detail": ["Not found."]}, 404)
        return rows[str(row_id)]

    def _draft(self, basket_id):
        basket = self.basket(basket_id)
        if basket["state"] != "acknowledged":
            raise Refused({"detail": ["The basket is no longer a draft."]}, 409)
        return basket

    def _offer(self, line, product_id, state):
        offer = next((o for o in line["offers"] if o["id"] == product_id), None)
        if offer is None or offer["state"] != state:
            raise Refused({"product_id": ["This offer is not available."]})
        return offer

    def _only(self, fields, allowed):
        unknown = {name: ["Unexpected field."] for name in set(fields) - allowed}
        if unknown:
            raise Refused(unknown)


def packed_anew(data: bytes) -> bytes:
    """The same entries in another archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(), "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        packed = new.fp
    return packed.getvalue()

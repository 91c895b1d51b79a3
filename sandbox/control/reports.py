"""What the desk can tell, as JSON."""

from fnmatch import fnmatchcase

from django.http import JsonResponse

from sandbox import backoffice, clock
from sandbox.models import Basket, Call, Fault, Line, Order


def requests(request):
    """The calls after `since` (an id), oldest first; `method` and `path` (with `*`) narrow them."""
    query = request.GET
    since = query.get("since", "")
    rows = Call.objects.filter(pk__gt=int(since) if since.isdecimal() else 0).order_by("pk")
    if query.get("method"):
        rows = rows.filter(method=query["method"].upper())
    found = [_call(row) for row in rows if fnmatchcase(row.path, query.get("path") or "*")]
    return JsonResponse({"requests": found, "last": found[-1]["id"] if found else None})


def orders(request):
    """The ledger of orders. A line is in it once or not at all."""
    rows = Order.objects.select_related("line").order_by("pk")
    return JsonResponse({"orders": [_order(row) for row in rows]})


def status_report(request):
    return JsonResponse(status())


def status() -> dict:
    desk = clock.desk()
    return {
        "now": clock.iso(clock.now()),
        "factor": desk.factor,
        "latency": desk.latency,
        "quote_delay": clock.quote_delay(),
        "export_delay": clock.export_delay(),
        "faults": [str(fault) for fault in Fault.objects.order_by("pk")],
        "baskets": Basket.objects.count(),
        "lines": Line.objects.count(),
    }


def line(row: Line) -> dict:
    return {"id": str(row.id), "reference": row.reference, "state": row.state, "fate": backoffice.fate(row)}


def _call(row: Call) -> dict:
    names = "id method path query status fields body request_id user_agent seconds".split()
    return {name: getattr(row, name) for name in names} | {"at": clock.iso(row.at)}


def _order(row: Order) -> dict:
    return {
        "quote_item_id": str(row.line.id),
        "reference": row.line.reference,
        "product_id": row.product_id,
        "product_order_id": str(row.session_id),
        "product_order_item_id": str(row.item_id),
        "created": clock.iso(row.created),
    }

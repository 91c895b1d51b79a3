"""The control page and the request log, for people."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render

from sandbox import backoffice, clock
from sandbox.models import Basket, Call, Fault, Site

STATES = ("acknowledged", "confirmed", "partial_ready", "ready", "partial_finalized", "finalized")
PATHS = (
    "/api/v1/*",
    "/api/v1/quote/",
    "/api/v1/quote/*/confirm/",
    "/api/v1/quote/*/quote_item/",
    "/api/v1/quote/*/trace/upload/",
    "/api/v1/quote_item/*/accept/",
    "/api/v1/quote_item/export/*/status/",
    "/auth/*",
)


def desk(request):
    backoffice.catch_up()
    return render(
        request,
        "sandbox/desk.html",
        {
            "desk": clock.desk(),
            "now": clock.now(),
            "quote_delay": clock.quote_delay(),
            "export_delay": clock.export_delay(),
            "faults": Fault.objects.order_by("pk"),
            "page": Paginator(_baskets(request.GET), 15).get_page(request.GET.get("page")),
            "query": request.GET,
            "states": STATES,
            "fates": backoffice.FATES,
            "paths": PATHS,
            "sites": Site.objects.filter(line=None)[:8],
        },
    )


def requests(request):
    page = Paginator(Call.objects.order_by("-pk"), 100).get_page(request.GET.get("page"))
    return render(request, "sandbox/requests.html", {"page": page})


def _baskets(query):
    rows = Basket.objects.order_by("-creation_date").prefetch_related("lines__trace", "lines__offers")
    if state := query.get("state"):
        rows = rows.filter(state=state)
    if words := query.get("q"):
        found = Q(external_id__icontains=words) | Q(lines__reference__icontains=words)
        rows = rows.filter(found | Q(lines__end_customer_name__icontains=words)).distinct()
    return rows

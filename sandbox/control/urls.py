from pathlib import Path

from django.urls import path
from django.views.static import serve

from sandbox.control import actions, pages, reports

STATIC = Path(__file__).parent / "static"

urlpatterns = [
    path("", pages.desk),
    path("requests/", pages.requests),
    path("static/<path:path>", serve, {"document_root": STATIC}),
    path("status.json", reports.status_report),
    path("requests.json", reports.requests),
    path("orders.json", reports.orders),
    path("reset/", actions.reset),
    path("clock/", actions.set_clock),
    path("latency/", actions.set_latency),
    path("delays/", actions.set_delays),
    path("faults/", actions.faults),
    path("faults/clear/", actions.clear_faults),
    path("tokens/revoke/", actions.revoke_tokens),
    path("lines/<uuid:line_id>/price/", actions.price),
    path("lines/<uuid:line_id>/fate/", actions.set_fate),
    path("lines/<uuid:line_id>/expire/", actions.expire),
    path("exports/<str:task_id>/fail/", actions.fail_export),
]

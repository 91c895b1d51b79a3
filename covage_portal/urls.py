"""Every address of the portal in one list, grouped as CONTRACT section 3 groups them."""

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST

from quotes.views import (
    activity,
    baskets,
    commands,
    csvs,
    decisions,
    documents,
    exports,
    health,
    home,
    line_page,
    lines,
    new_export,
    pdfs,
    preferences,
    review,
    search,
    sync,
    traces,
)

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("login/", account.login, name="account_login"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("", home.home),
    path("_/home/news", home.news),
    path("baskets/", baskets.index),
    path("baskets/new/", baskets.new),
    path("baskets/<uuid:pk>/", baskets.detail),
    path("baskets/<uuid:pk>/edit/", baskets.edit),
    path("baskets/<uuid:pk>/confirm/", baskets.confirm),
    path("baskets/<uuid:pk>/refresh/", baskets.refresh),
    path("baskets/<uuid:pk>/lines/new/", lines.new),
    path("lines/", lines.index),
    path("lines/<uuid:pk>/", line_page.detail),
    path("lines/<uuid:pk>/edit/", lines.edit),
    path("lines/<uuid:pk>/delete/", lines.delete),
    path("lines/<uuid:pk>/refresh/", lines.refresh),
    path("lines/<uuid:pk>/find-basket/", lines.find_basket),
    path("lines/<uuid:pk>/trace/", traces.trace),
    path("lines/<uuid:pk>/trace/delete/", traces.delete),
    path("lines/<uuid:pk>/trace.kmz", traces.kmz),
    path("lines/<uuid:pk>/trace.geojson", traces.geojson),
    path("lines/<uuid:pk>/pdf/", pdfs.of_line),
    # A product id may hold any printable text, slashes too.
    path("lines/<uuid:pk>/offers/<path:product_id>/accept/", decisions.decide, {"kind": "accept"}),
    path("lines/<uuid:pk>/offers/<path:product_id>/decline/", decisions.decide, {"kind": "decline"}),
    path("lines/<uuid:pk>/offers/<path:product_id>/restore/", decisions.decide, {"kind": "restore"}),
    path("lines/<uuid:pk>/offers/<path:product_id>/pdf/", pdfs.of_offer),
    path("_/lines/<uuid:pk>/news", line_page.news),
    path("_/lines/<uuid:pk>/documents", documents.fragment),
    path("lines/export/", new_export.new),
    path("lines.csv", csvs.lines),
    path("exports/", exports.index),
    path("exports/<uuid:pk>/", exports.detail),
    path("exports/<uuid:pk>/file", exports.file),
    path("exports/<uuid:pk>/again/", exports.again),
    path("_/exports/<uuid:pk>/row", exports.row),
    path("commands/", commands.index),
    path("commands/<uuid:pk>/", commands.detail),
    path("commands/<uuid:pk>/withdraw/", commands.withdraw),
    path("commands/<uuid:pk>/resolve/", commands.resolve),
    path("activity/", activity.index),
    path("activity.csv", activity.csv),
    path("sync/", sync.index),
    path("sync/run/", sync.run),
    path("_/sync/jobs", sync.jobs),
    path("r/<str:reference>", lines.by_reference),
    path("review/", review.review),
    path("search/", search.search),
    path("preferences/", preferences.preferences),
]

if not settings.PORTAL_EMBEDDED:
    urlpatterns.append(path("account/two-factor/", include("allauth.mfa.urls")))

handler400 = "quotes.views.errors.bad_request"

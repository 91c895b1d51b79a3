"""Every address of the portal in one list, grouped as CONTRACT section 3 groups them."""

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST

from quotes.views import baskets, health, lines, preferences

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("login/", account.login, name="account_login"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("baskets/", baskets.index),
    path("baskets/new/", baskets.new),
    path("baskets/<uuid:pk>/", baskets.detail),
    path("baskets/<uuid:pk>/edit/", baskets.edit),
    path("baskets/<uuid:pk>/confirm/", baskets.confirm),
    path("baskets/<uuid:pk>/refresh/", baskets.refresh),
    path("baskets/<uuid:pk>/lines/new/", lines.new),
    path("lines/", lines.index),
    path("lines/<uuid:pk>/edit/", lines.edit),
    path("lines/<uuid:pk>/delete/", lines.delete),
    path("lines/<uuid:pk>/refresh/", lines.refresh),
    path("lines/<uuid:pk>/find-basket/", lines.find_basket),
    path("r/<str:reference>", lines.by_reference),
    path("preferences/", preferences.preferences),
]

if not settings.PORTAL_EMBEDDED:
    urlpatterns.append(path("account/two-factor/", include("allauth.mfa.urls")))

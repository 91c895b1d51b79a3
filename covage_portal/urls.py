"""Every address of the portal in one list, grouped as CONTRACT section 3 groups them."""

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST

from quotes.views import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("login/", account.login, name="account_login"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    # The pages of the portal go here, one block a noun: home, baskets, lines, traces, offers, exports, review,
    # commands, activity, sync, search, preferences.
]

if not settings.PORTAL_EMBEDDED:
    urlpatterns.append(path("account/two-factor/", include("allauth.mfa.urls")))

"""What `manage.py check` says about the environment: values that do not fit together, and names nobody reads."""

import os

from django.conf import settings
from django.core.checks import Tags, Warning, register

from covage_portal import env

_OURS = ("COVAGE_", "SYNC_", "PORTAL_")


@register()
def names_are_known(app_configs, **kwargs):
    """A misspelt variable would otherwise be silently without effect."""
    strangers = sorted(name for name in os.environ if name.startswith(_OURS) and name not in env.KNOWN)
    hint = ".env.example lists the variables that the portal reads."
    return [Warning(f"Unknown variable {name} in the environment.", hint=hint, id="quotes.W001") for name in strangers]


@register()
def operator_is_reachable_in_principle(app_configs, **kwargs):
    missing = [name for name in ("COVAGE_USERNAME", "COVAGE_PASSWORD") if not getattr(settings, name)]
    hint = "Set it, or {0}_FILE, to the service account that the operator gave out. Pages work, but no call can."
    return [Warning(f"{name} is not set.", hint=hint.format(name), id="quotes.W002") for name in missing]


@register()
def timeouts_fit(app_configs, **kwargs):
    total = settings.COVAGE_TOTAL_TIMEOUT
    longer = [n for n in ("COVAGE_CONNECT_TIMEOUT", "COVAGE_READ_TIMEOUT") if getattr(settings, n) > total]
    hint = "The total ends a call first, so the longer value never takes effect."
    return [Warning(f"{name} is above COVAGE_TOTAL_TIMEOUT.", hint=hint, id="quotes.W003") for name in longer]


@register(Tags.security, deploy=True)
def operator_is_asked_in_private(app_configs, **kwargs):
    plain = [name for name in ("COVAGE_API_URL", "COVAGE_TOKEN_URL") if getattr(settings, name).startswith("http://")]
    hint = "Credentials and prices travel in the clear. Only the sandbox on the same machine is asked that way."
    return [Warning(f"{name} is not https.", hint=hint, id="quotes.W004") for name in plain]


@register(Tags.security, deploy=True)
def embedded_default_is_off(app_configs, **kwargs):
    if not settings.PORTAL_EMBEDDED:
        return []
    hint = "It has demo accounts, no second factor and plain http. Unset PORTAL_EMBEDDED on a server."
    return [Warning("The embedded default is on.", hint=hint, id="quotes.W005")]

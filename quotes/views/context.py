"""What every page shows around its content."""

from django.conf import settings

from quotes.htmx import wants_fragment
from quotes.selectors import health, lines
from quotes.services.permissions import may, rights


def portal(request):
    user = getattr(request, "user", None)
    context = {"version": settings.PORTAL_VERSION, "section": _section(request.path)}
    if user is None or not user.is_authenticated:
        return context
    context |= {
        "may": rights(user),
        "has_second_factor": not settings.PORTAL_EMBEDDED,
        "theme": request.preference.theme,
        "shortcuts_off": not request.preference.single_keys,
    }
    if wants_fragment(request):
        return context
    decides = may(user, "accept")
    return context | {
        "nav_count": lines.to_decide(user)[:100].count() if decides else 0,
        "operator_strip": health.outage(),
    }


def _section(path: str) -> str:
    first = path.strip("/").split("/")[0]
    if path.startswith("/lines/export"):
        return "exports"
    return first if first in ("baskets", "lines", "review", "exports") else "" if first else "home"

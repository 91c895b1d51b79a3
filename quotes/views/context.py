"""What every page shows around its content."""

from django.conf import settings
from django.core.exceptions import DisallowedHost

from quotes.htmx import wants_fragment
from quotes.selectors import exports, health, lines, notices
from quotes.services.permissions import may, rights


def portal(request):
    user = getattr(request, "user", None)
    context = {"version": settings.PORTAL_VERSION, "section": _section(request.path)}
    context["is_fragment"] = hasattr(request, "htmx") and wants_fragment(request)
    if user is None or not user.is_authenticated:
        return context
    context |= {
        "may": rights(user),
        "has_second_factor": not settings.PORTAL_EMBEDDED,
        "theme": request.preference.theme,
        "density": request.preference.density,
        "shortcuts_off": not request.preference.single_keys,
        "lists_interval": health.list_interval(),
    }
    if wants_fragment(request):
        return context | {"lists_read_at": health.lists_read_at}  # asked by templates that show it
    to_decide = lines.to_decide(user)
    frame = health.frame(
        waiting=to_decide if may(user, "accept") else to_decide.none(),
        unread=notices.unread(user),
        running=exports.running(user),
        ready=exports.unseen(user),
    )
    return context | {
        "nav_count": frame.waiting,
        "unread_count": frame.unread,
        "exports_running": frame.running,
        "exports_ready": frame.ready,
        "operator_strip": health.outage(frame),
        "lists_read_at": frame.lists_read_at,
        "address": _address(request),
    }


def _address(request) -> str:
    """For paper; "" where the page tells that the address is not ours."""
    try:
        return request.build_absolute_uri()
    except DisallowedHost:
        return ""


def _section(path: str) -> str:
    first = path.strip("/").split("/")[0]
    if path.startswith("/lines/export"):
        return "exports"
    if first == "imports":
        return "baskets"
    return first if first in ("baskets", "lines", "review", "exports") else "" if first else "home"

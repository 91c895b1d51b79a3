"""Map tiles of another host, when the settings name one: the only thing in any page that does not come from here."""

from urllib.parse import urlsplit

from django.conf import settings


def allowed(response):
    """The same page, whose content policy lets the pictures of the tile host in; unchanged when there is none."""
    if settings.PORTAL_TILE_URL:
        parts = urlsplit(settings.PORTAL_TILE_URL)
        response._csp_update = {"img-src": f"{parts.scheme}://{parts.netloc}"}
    return response


def context() -> dict:
    """What a template tells the script of the map."""
    return {"tile_url": settings.PORTAL_TILE_URL, "tile_attribution": settings.PORTAL_TILE_ATTRIBUTION}

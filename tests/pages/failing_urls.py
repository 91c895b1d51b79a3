"""The portal's addresses, and one whose view breaks."""

from django.urls import path

from covage_portal.urls import handler400, urlpatterns

__all__ = ["handler400", "urlpatterns"]


def broken(request):
    raise RuntimeError("canary-trouble")


urlpatterns = [path("broken/", broken), *urlpatterns]

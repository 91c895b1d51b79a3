from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = _("Quotations")

    def ready(self):
        from quotes import checks  # noqa: F401  (registers itself)

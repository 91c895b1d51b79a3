from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Quotations"

    def ready(self):
        from quotes import checks  # noqa: F401  registers the system checks
        from quotes.models import append_only

        post_migrate.connect(append_only.prepare, sender=self)

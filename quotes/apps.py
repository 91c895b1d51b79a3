from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuotesConfig(AppConfig):
    name = "quotes"
    verbose_name = "Quotations"

    def ready(self):
        from quotes import checks  # noqa: F401  registers the system checks
        from quotes.models import append_only
        from quotes.services import batch_kinds  # noqa: F401  registers how each kind of batch is done

        post_migrate.connect(append_only.prepare, sender=self)

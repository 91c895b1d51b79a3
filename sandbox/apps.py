from django.apps import AppConfig
from django.db.backends.signals import connection_created


def _teach_casefold(connection, **_):
    """SQLite compares only ASCII letters without case; "École" and "école" are one customer here."""
    connection.connection.create_function("casefold", 1, lambda text: text and text.casefold(), deterministic=True)


class SandboxConfig(AppConfig):
    name = "sandbox"

    def ready(self):
        connection_created.connect(_teach_casefold, dispatch_uid="casefold")

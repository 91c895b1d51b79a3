"""Triggers that refuse to change or remove what is written for ever, whoever asks, on PostgreSQL and SQLite."""

from django.db import connections

TABLE = "quotes_event"

_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
    for verb in ("update", "delete")
]
_POSTGRES = [
    "CREATE OR REPLACE FUNCTION quotes_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$",
    f"CREATE OR REPLACE TRIGGER {TABLE}_no_update BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION quotes_append_only()",
    f"CREATE OR REPLACE TRIGGER {TABLE}_no_delete BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION quotes_append_only()",
]


def protect(connection):
    """Put the triggers in place; harmless when they are."""
    with connection.cursor() as cursor:
        for statement in _POSTGRES if connection.vendor == "postgresql" else _SQLITE:
            cursor.execute(statement)


def prepare(using: str, **_):
    """After each migration: the tables' single rows, and the triggers."""
    from quotes.models import AuditHead, OperatorState, Revision

    for model in (Revision, AuditHead, OperatorState):
        model.objects.using(using).get_or_create(pk=1)
    protect(connections[using])


def release(connection):
    """Take the triggers away: for migrating back, and for test databases that are emptied between tests."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}{on_table}")

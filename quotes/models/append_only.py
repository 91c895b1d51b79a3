"""Triggers that refuse to change or remove what is written for ever, whoever asks, on PostgreSQL and SQLite.

The events may only be added to; their head may only count on, one event at a time, so that nobody cuts the newest
events off and turns the head back.
"""

from django.db import connections

EVENTS, HEAD = "quotes_event", "quotes_audithead"

_SQLITE = {
    (EVENTS, "no_update"): "UPDATE ON {table} BEGIN",
    (EVENTS, "no_delete"): "DELETE ON {table} BEGIN",
    # REPLACE removes a row without firing the trigger of DELETE.
    (EVENTS, "no_replace"): "INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN",
    (HEAD, "no_return"): "UPDATE ON {table} WHEN NEW.id <> OLD.id OR NEW.count <> OLD.count + 1 BEGIN",
    (HEAD, "no_delete"): "DELETE ON {table} BEGIN",
    (HEAD, "no_replace"): "INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN",
}
_POSTGRES = {
    (EVENTS, "no_update"): "UPDATE OR DELETE ON {table} FOR EACH ROW",
    (EVENTS, "no_delete"): "TRUNCATE ON {table} FOR EACH STATEMENT",
    (HEAD, "no_return"): "UPDATE ON {table} FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.count <> OLD.count + 1)",
    (HEAD, "no_delete"): "DELETE ON {table} FOR EACH ROW",
    (HEAD, "no_truncate"): "TRUNCATE ON {table} FOR EACH STATEMENT",
}
_REFUSAL = "the history is append-only"
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION quotes_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
)


def protect(connection):
    """Put the triggers in place; harmless when they are."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for (table, name), rule in _rules(connection).items():
            cursor.execute(_created(connection, f"{table}_{name}", rule.format(table=table)))


def prepare(using: str, **_):
    """After each migration: the tables' single rows, and the triggers."""
    from quotes.models import AuditHead, OperatorState, Revision

    for model in (Revision, AuditHead, OperatorState):
        model.objects.using(using).get_or_create(pk=1)
    protect(connections[using])


def release(connection):
    """Take the triggers away: for migrating back, and for test databases that are emptied between tests."""
    with connection.cursor() as cursor:
        for table, name in _rules(connection):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on_table}")


def lacking(connection) -> list[str]:
    """The triggers that should be there and are not, or are switched off."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return sorted({f"{table}_{name}" for table, name in _rules(connection)} - present)


def _rules(connection) -> dict:
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE


def _created(connection, name: str, rule: str) -> str:
    if connection.vendor == "postgresql":
        return f"CREATE OR REPLACE TRIGGER {name} BEFORE {rule} EXECUTE FUNCTION quotes_append_only()"
    return f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {rule} SELECT RAISE(ABORT, '{_REFUSAL}'); END"

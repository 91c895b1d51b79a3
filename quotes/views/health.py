"""What a supervisor or a load balancer asks. Nothing here tells a stranger more than yes or no."""

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from quotes.selectors import health


@login_not_required
@require_safe
@never_cache
def alive(request):
    """200 as long as this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def ready(request):
    """200 when pages can be served; broker and operator are reported but not fatal, the portal works without them."""
    database = _database_answers()
    migrations = database and _schema_is_current()
    parts = {
        "database": database,
        "migrations": migrations,
        "broker": _broker_answers(),
        "operator": health.answers(health.operator()) if migrations else None,
    }
    return JsonResponse(parts, status=200 if database and migrations else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def _schema_is_current() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
        return True
    except OperationalError:
        return False

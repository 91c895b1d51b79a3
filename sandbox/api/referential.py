from sandbox.models import Project
from sandbox.paging import envelope


def projects(request):
    """Filters `code` and `active`, from the public reference pages."""
    rows = Project.objects.order_by("code")
    if code := request.GET.get("code"):
        rows = rows.filter(code__iexact=code)
    if active := request.GET.get("active"):
        rows = rows.filter(active=active.lower() in ("true", "1"))
    return envelope(request, rows, _shape)


def _shape(row: Project) -> dict:
    return {
        "code": row.code,
        "active": row.active,
        "start_date": row.start_date.isoformat(),
        "end_date": row.end_date.isoformat(),
        "code_client": row.code_client,
    }

"""One object of each kind in a chosen stage, and every address of the portal as it leads to them."""

import hashlib
import re

from django.core.files.base import ContentFile
from django.urls import get_resolver
from django.utils import timezone

from quotes.kmz import read_kmz
from quotes.models import Batch, Command, ExportJob, Notice, SavedView, Trace
from tests.cast import nonce
from tests.kmz_files import make_kmz
from tests.pages import mirrors

PRODUCT, OTHER = "2173", "2174"
STAGES = {
    "draft": {
        "basket": "acknowledged",
        "line": "acknowledged",
        "offers": ("ready", "ready"),
        "command": "recorded",
        "batch": "running",
    },
    "priced": {
        "basket": "ready",
        "line": "ready",
        "offers": ("ready", "refused"),
        "command": "needs_person",
        "batch": "stopped",
    },
    "decided": {
        "basket": "finalized",
        "line": "accepted",
        "offers": ("accepted", "refused"),
        "command": "done",
        "batch": "done",
    },
    "unheard of": {
        "basket": "frozen",
        "line": "thawing",
        "offers": ("melted", ""),
        "command": "not_applied",
        "batch": "done",
    },
}


def routes() -> list[str]:
    """The patterns of the URL map as they are written there; what another package brings counts as one."""
    return [str(found.pattern) for found in get_resolver().url_patterns]


def made(actor, stage: str) -> dict:
    """Noun to object: a basket with one line and two offers, its trace, a finished export, and a command."""
    states = STAGES[stage]
    line = _line(states)
    about = {"basket": line.basket, "line": line, "actor": actor}
    command = Command.objects.create(kind="update_line", state=states["command"], nonce=nonce(), **about)
    return {
        "baskets": line.basket,
        "lines": line,
        "exports": _export(actor, line),
        "commands": command,
        "batches": _batch(actor, line, states["batch"]),
        "imports": _import(actor, line.basket),
        "traces": Batch.objects.create(kind="traces", actor=actor, basket=line.basket),
        "people": actor,
        "notices": Notice.objects.create(user=actor, kind="mentioned", key=stage, line=line, href=f"/lines/{line.pk}/"),
        "views": _view(actor),
    }


def address(route: str, rows: dict) -> str:
    """The path of a route that shows one of `rows`."""
    noun = next((name for name in route.split("/") if name in rows), "")
    filled = re.sub(r"<\w+:pk>", lambda _: str(rows[noun].pk), route)
    filled = filled.replace("<str:noun>", "lines").replace("<int:number>", "1")
    if "<uuid:version>" in filled:
        filled = filled.replace("<uuid:version>", str(getattr(rows["lines"].traces.first(), "pk", rows["lines"].pk)))
    return "/" + filled.replace("<path:product_id>", PRODUCT).replace("<str:reference>", rows["lines"].reference)


def _line(states):
    offers = [
        {"product_id": product, "monthly_price": 119.9, "state": state}
        for product, state in zip((PRODUCT, OTHER), states["offers"], strict=True)
    ]
    basket = mirrors.a_basket(state=states["basket"])
    line = mirrors.a_line(basket, state=states["line"], trace_file="route.kmz", prices=offers)
    _trace(line)
    return line


def _view(actor) -> SavedView:
    return SavedView.objects.get_or_create(owner=actor, noun="lines", name="Shared", is_shared=True)[0]


def _trace(line) -> None:
    data = make_kmz()
    found = read_kmz(data, "route.kmz")
    facts = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "remote_name": "route.kmz"}
    route = {"geometry": found.geojson(), "length_m": found.length_m, "points": found.points}
    trace = Trace(line=line, state="kept", name="route.kmz", **route, **facts)
    trace.file.save("route.kmz", ContentFile(data))


def _batch(actor, line, state) -> Batch:
    batch = Batch.objects.create(kind="pdf", state=state, actor=actor, basket=line.basket, started_at=timezone.now())
    batch.items.create(position=1, line=line, state="skipped", reason="state")
    return batch


def _import(actor, basket) -> Batch:
    """Prepared up to its check: a line that is ready, and one without its qualification id."""
    table = ContentFile("Client final;Id qualification\nÉcole;Q-1\nLycée;\n".encode(), name="table")
    columns = {"0": "end_customer_name", "1": "product_offering_qualification_item_id"}
    detail = {"header": 1, "headings": ["Client final", "Id qualification"], "columns": columns, "month_first": False}
    return Batch.objects.create(kind="import", actor=actor, basket=basket, name="a.csv", file=table, detail=detail)


def _export(actor, line) -> ExportJob:
    job = ExportJob(kind="line_pdf", state="ready", actor=actor, line=line, ready_at=timezone.now())
    job.content_type, job.size = "application/pdf", 8
    job.file.save("file", ContentFile(b"%PDF-1.4"))
    return job

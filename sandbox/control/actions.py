"""What the desk does when told to. Each action answers JSON, or leads a form back to its page."""

from functools import partial, wraps

from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from sandbox import backoffice, clock, options, seed
from sandbox.control import orders, reports
from sandbox.models import Basket, Call, Desk, Export, Fault, Line, Offer, Order, Project, Site, Token, Trace
from sandbox.refusals import Refusal, conflict, detail

# Children before their parents. Tokens stay: a client that is at work need not notice.
EMPTIED = (Order, Export, Trace, Offer, Line, Basket, Site, Project, Fault, Call, Desk)


def action(function, allowed=("POST",)):
    """A POST from this host only: a page of another origin must not command the desk of a person who visits it."""

    @wraps(function)
    def view(request, **kwargs):
        try:
            _check(request, allowed)
            with transaction.atomic():
                answer = function(request, **kwargs)
        except Refusal as refusal:
            return refusal.response()
        if orders.is_form(request):
            return HttpResponseRedirect(request.headers.get("Referer") or "/sandbox/", status=303)
        return JsonResponse(reports.status() if answer is None else answer)

    return view


def _check(request, allowed: tuple[str, ...]) -> None:
    host = request.get_host()  # refused when it is none of ours
    if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
        raise detail(403, "Only this host may command the desk.")
    if request.method not in allowed:
        raise detail(405, f'Method "{request.method}" not allowed.', {"Allow": ", ".join(allowed)})


@action
def reset(request):
    """Forget everything and fill the storage again, by default as on the command line."""
    wanted = orders.read_size(request)
    for model in EMPTIED:
        model.objects.all().delete()
    seed.fill(options.current.size if wanted is None else wanted)


@action
def set_clock(request):
    order = orders.read(request, orders.Clock)
    if order.real:
        clock.change(factor=1, shift=(timezone.now() - clock.now()).total_seconds())
    clock.change(factor=order.factor, shift=order.shift)
    backoffice.catch_up()


@action
def set_latency(request):
    Desk.objects.update(latency=orders.read(request, orders.Latency).seconds)


@action
def set_delays(request):
    for name, seconds in orders.read(request, orders.Delays).model_dump(exclude_none=True).items():
        Desk.objects.update(**{f"{name}_delay": seconds})


@action
def order_fault(request):
    Fault.objects.create(**orders.read(request, orders.Misbehave).model_dump())


@partial(action, allowed=("POST", "DELETE"))
def clear_faults(request):
    """Behave again, and as fast as before."""
    Fault.objects.all().delete()
    Desk.objects.update(latency=0)


def faults(request):
    return (clear_faults if request.method == "DELETE" else order_fault)(request)


@action
def revoke_tokens(request):
    """Every client must log in again: its next call is answered 401, its refresh token is unknown."""
    Token.objects.all().delete()


@action
def price(request, line_id):
    """Answer a confirmed line now, with the fate that is given or the one it had."""
    line = _line(line_id, "confirmed")
    line.fate = orders.read(request, orders.Destiny).fate or line.fate
    if backoffice.fate(line) == "silent":
        line.fate = "priced"
    backoffice.answer(line, clock.now())
    return reports.line(line)


@action
def set_fate(request, line_id):
    """What will happen to a line that is not priced yet. One that was silent is taken up again."""
    line = _line(line_id, "acknowledged", "confirmed")
    line.fate = orders.read(request, orders.Destiny).fate
    if line.state == "confirmed" and line.price_due is None:
        backoffice.schedule([line], clock.now())
    line.save(update_fields=["fate", "price_due"])
    return reports.line(line)


@action
def expire(request, line_id):
    backoffice.catch_up()
    line = _line(line_id, "ready")
    line.validity_date = clock.now()
    backoffice.expire(line)
    return reports.line(line)


@action
def fail_export(request, task_id):
    """The export ends now, without success."""
    export = get_object_or_404(Export, task_id=task_id)
    export.failed, export.stopped = True, clock.now()
    export.save()
    return {"task_id": task_id, "failed": True}


def _line(line_id, *states: str) -> Line:
    line = get_object_or_404(Line.objects.select_related("basket"), id=line_id)
    if line.state not in states:
        raise conflict(f"The line is {line.state}, not {' or '.join(states)}.")
    return line

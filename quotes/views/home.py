"""The home page: what needs this person now, by role, with four figures, the charts and the last events."""

from datetime import timedelta

from babel.dates import format_date
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from quotes.htmx import render_page, wants_fragment
from quotes.selectors import decided, health, places
from quotes.selectors import home as selector
from quotes.selectors import lines as line_selector
from quotes.selectors.days import SOON, first_moment
from quotes.selectors.lateness import days_late
from quotes.selectors.line_request import day_of
from quotes.services.permissions import may
from quotes.templatetags.formats import locale
from quotes.views import polling
from quotes.views.charts import charts, frames, motives
from quotes.views.listing import count_words
from quotes.views.numbers import whole

EVENTS = 8
NEWS = "/_/home/news"


@require_safe
def home(request):
    """`?charts=1` opens the charts in the page; alone, they are the fragment that is fetched when they are seen."""
    drawn = "charts" in request.GET
    shown = {"drawn": drawn, "charts": charts(request.user) if drawn else frames(), "decided": _decided(request.user)}
    shown["motives"] = motives() if drawn else []
    if drawn and wants_fragment(request):
        return render(request, "quotes/partials/home_charts.html", shown)
    counts, events = selector.counts(request.user), _recent(selector.events(EVENTS))
    role, seen = role_of(request.user), events[0].pk if events else 0
    context = GROUPS[role](request.user, counts) | shown
    context |= {
        "role": role,
        "n": counts,
        "first_use": selector.is_empty(request.user, counts),
        "figures": _figures(counts),
        "today": _today(),
        "events": events,
        "poll": polling.poll(polling.WATCH, NEWS, seen=seen),
        "body": f"quotes/partials/home_{role}.html",
    }
    return render_page(request, "quotes/home.html", "quotes/partials/home_body.html", context)


@require_safe
def news(request):
    """The fragment that tells whether the page is still true; the page itself changes only when the person asks."""
    n, seen = polling.asked(request), request.GET.get("seen", "")
    since = whole(seen, 18, None)
    found = 0 if since is None else selector.news(request.user, since)
    again = None if found else polling.poll(polling.WATCH, NEWS, n, seen=seen)
    return render(request, "quotes/partials/home_news.html", {"news": found, "poll": again})


def role_of(user) -> str:
    """Who decides, who fills, who runs the portal, who reads: it changes the order of the page, never its address."""
    if may(user, "accept"):
        return "manager"
    if may(user, "create"):
        return "sales"
    return "admin" if may(user, "resolve") else "auditor"


def _sales(user, n) -> dict:
    under_way, failed = selector.own_commands(user)
    drafts = list(selector.own_drafts(user)[: selector.SHOWN])
    answered, waiting = selector.answered(user), list(selector.oldest_waiting(user)[: selector.SHOWN])
    selector.with_lines([*drafts, *answered, *waiting])
    for basket in waiting:
        basket.late = days_late(basket.wished)
        basket.wished = day_of(basket.wished) or basket.wished
    return {
        "under_way": under_way[: selector.SHOWN],
        "failed": failed[: selector.SHOWN],
        "drafts": drafts[: max(0, selector.SHOWN - len(failed))],
        "answered": answered,
        "waiting": waiting,
        "not_possible": list(selector.not_possible(user)[:3]),
        "awaited": n["to_finish"] + len(failed),
        "lead": _sales_lead(n["to_finish"] + len(failed), n["to_decide"]),
    }


def _manager(user, n) -> dict:
    under_way, failed = selector.own_commands(user)
    not_possible = list(selector.not_possible(user)[: selector.SHOWN])
    places.with_towns(not_possible)
    since = timezone.localdate() - timedelta(days=selector.NOT_POSSIBLE_FOR)
    return {
        "under_way": [*failed, *under_way][: selector.SHOWN],
        "to_decide": _to_decide(user),
        "not_possible": not_possible,
        "not_possible_href": f"/lines/?state=unable_to_provide&response_date_gte={since}",
        "awaited": n["to_decide"],
        "lead": _decide_lead(n),
    }


def _admin(user, n) -> dict:
    return {
        "needs_person": list(selector.needs_person()),
        "to_decide": _to_decide(user),
        "operator": health.operator(),
        "trouble": selector.jobs_in_trouble(),
        "awaited": n["needs_person"],
        "lead": _admin_lead(n["needs_person"]),
    }


def _auditor(user, n) -> dict:
    return {"changed": _recent(selector.recently_changed()), "awaited": 0, "lead": _("What changed last, and where.")}


GROUPS = {"sales": _sales, "manager": _manager, "admin": _admin, "auditor": _auditor}


def _figures(n) -> list[dict]:
    """Four numbers, each with the list that it counts."""
    found = (
        (n["drafts"], ngettext("draft", "drafts", n["drafts"]), "/baskets/?state=acknowledged"),
        (n["waiting"], ngettext("line awaits a price", "lines await a price", n["waiting"]), "/lines/?state=confirmed"),
        (n["to_decide"], ngettext("line to decide", "lines to decide", n["to_decide"]), "/review/"),
        (n["soon"], ngettext("ends within 7 days", "end within 7 days", n["soon"]), "/review/?within=7"),
    )
    return [{"count": count_words(count), "label": label, "href": href} for count, label, href in found]


def _to_decide(user):
    found = list(line_selector.to_decide(user)[: selector.SHOWN])
    line_selector.with_prices(found)
    places.with_towns(found)
    for line in found:
        line.offer_count = sum(not offer.is_gone for offer in line.offers.all())
    return found


def _decided(user) -> list:
    found = list(decided.since(user, first_moment(-SOON))[: selector.SHOWN])
    places.with_towns(found)
    return found


def _recent(events) -> list:
    """Events with the moment as short as it can be said: the time today, the day before."""
    today, found = timezone.localdate(), list(events)
    for event in found:
        local = timezone.localtime(event.at)
        event.on, event.is_today = local.date(), local.date() == today
    return found


def _today() -> str:
    words = format_date(timezone.localdate(), "EEEE d MMMM", locale=locale())
    return words[:1].upper() + words[1:]


def _sales_lead(to_finish: int, priced: int) -> str:
    finish = ngettext("%(n)d thing to finish", "%(n)d things to finish", to_finish) % {"n": to_finish}
    prices = ngettext("%(n)d line has its price", "%(n)d lines have their price", priced) % {"n": priced}
    return _("%(finish)s, %(prices)s.") % {"finish": finish if to_finish else _("Nothing to finish"), "prices": prices}


def _decide_lead(n) -> str:
    if not n["to_decide"]:
        return _("No line awaits a decision.")
    words = {"n": n["to_decide"], "soon": n["soon"]}
    waiting = ngettext("%(n)d line awaits a decision", "%(n)d lines await a decision", words["n"]) % words
    soon = ngettext("%(soon)d ends within 7 days", "%(soon)d end within 7 days", words["soon"]) % words
    return _("%(waiting)s, %(soon)s.") % {"waiting": waiting, "soon": soon} if n["soon"] else f"{waiting}."


def _admin_lead(n: int) -> str:
    if not n:
        return _("No action needs a person.")
    return ngettext("%(n)d action needs a person.", "%(n)d actions need a person.", n) % {"n": n}

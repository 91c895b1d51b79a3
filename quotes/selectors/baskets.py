"""Baskets as lists and pages show them."""

from collections import Counter, defaultdict

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes import states
from quotes.models import Basket, Line, Project
from quotes.models.mirror import key


def visible(user=None):
    """The baskets that a person may read: all of them; the one place where team scoping would be switched on."""
    return Basket.objects.select_related("owner")


def listed(user=None):
    """Without what was never created at the operator."""
    return visible(user).filter(is_void=False)


def with_lines(baskets: list[Basket]) -> None:
    """Give the baskets of one page their lines in words, the nearest deadline and the state as shown: one query."""
    lines = Line.objects.filter(basket__in=baskets, gone_at=None, is_void=False)
    ready = Q(state="ready")
    rows = lines.order_by().values_list("basket", "state")
    rows = rows.annotate(Count("id"), earliest=Min("validity_date", filter=ready))
    found = defaultdict(list)
    for basket, state, count, deadline in rows:
        found[basket].append((state, count, deadline))
    for basket in baskets:
        counts = Counter({state: count for state, count, _deadline in found[basket.pk]})
        basket.lines_in_words = in_words(counts)
        basket.decide_before = min((d for _s, _c, d in found[basket.pk] if d), default=None)
        basket.shown_state = states.basket(basket.state, open_lines(counts))


def open_lines(counts: Counter) -> int:
    return sum(count for state, count in counts.items() if not states.line(state).final)


def in_words(counts: Counter) -> str:
    """ "5 lines: 4 with a price, 1 not possible"; known states in the order of their life, others as received."""
    total = sum(counts.values())
    if not total:
        return _("no line")
    order = [*states.LINE, *sorted(set(counts) - set(states.LINE))]
    parts = [_part(state, counts[state]) for state in order if counts[state]]
    lines = ngettext("%(n)d line", "%(n)d lines", total) % {"n": total}
    return _("%(lines)s: %(parts)s") % {"lines": lines, "parts": ", ".join(parts)}


def lines_of(basket: Basket) -> list[Line]:
    """The basket's lines as they were added; those gone at the operator last."""
    lines = basket.lines.filter(is_void=False).prefetch_related("offers", "traces")
    for line in (found := list(lines)):
        line.basket = basket
    return sorted(found, key=lambda line: (line.is_gone, line.added_at))


def of_name(user, name: str):
    """The baskets that carry this external id, in either form; they are what a new one would be mistaken for."""
    wanted = key(name)
    found = listed(user).filter(Q(external_key=wanted) | Q(wished_key=wanted)) if wanted else Basket.objects.none()
    return found.order_by("-creation_date")


def active_projects() -> list[str]:
    """Codes to suggest: the operator's list, and what our own baskets already use."""
    codes = set(Project.objects.filter(active=True).values_list("code", flat=True)[:200])
    used = Basket.objects.exclude(project_id="").order_by("-added_at").values_list("project_id", flat=True)
    return sorted(codes | set(used[:200]))


def _part(state, n) -> str:
    words = {
        "": ngettext("%(n)d being created", "%(n)d being created", n),
        "acknowledged": ngettext("%(n)d draft", "%(n)d drafts", n),
        "confirmed": ngettext("%(n)d waiting", "%(n)d waiting", n),
        "ready": ngettext("%(n)d with a price", "%(n)d with a price", n),
        "unable_to_provide": ngettext("%(n)d not possible", "%(n)d not possible", n),
        "expired": ngettext("%(n)d expired", "%(n)d expired", n),
        "refused": ngettext("%(n)d declined", "%(n)d declined", n),
        "accepted": ngettext("%(n)d accepted", "%(n)d accepted", n),
    }
    return words.get(state, f"%(n)d {state}") % {"n": n}

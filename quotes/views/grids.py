"""Sites against offers: a basket's lines beside each other, and the sum of one offer for each."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quotes import states
from quotes.htmx import render_page, wants_fragment
from quotes.selectors import baskets as selector
from quotes.selectors import places
from quotes.selectors.grid import NOTHING, SHOWN, grid


@require_safe
def compare(request, pk):
    """Everything stands in the address: `state`, and `pick-…` for each line that is not left to the cheapest."""
    basket = get_object_or_404(selector.visible(request.user), pk=pk)
    picks = {name: value for name, value in request.GET.items() if name.startswith("pick-")}
    state = request.GET.get("state", "")
    found = grid(basket, picks, state)
    places.with_towns([row.line for row in found.rows])
    for row in found.left_out:
        row.words = _why(row)
    context = {
        "basket": basket,
        "grid": found,
        "state": state,
        "states": [(value, states.line(value).label) for value in found.states if value],
        "other_picks": [pick for pick in picks.items() if pick[0] not in {row.name for row in found.rows}],
        "kept": urlencode(picks),
        "nothing": NOTHING,
        "shown": SHOWN,
        "parts": [
            (_("Per month"), found.monthly),
            (_("Access fees"), found.one_off),
            (_("Total over the commitments"), found.total),
        ],
        "fragment": wants_fragment(request),
    }
    return render_page(request, "quotes/grid.html", "quotes/partials/mix.html", context)


def _why(row) -> str:
    if row.why == "no_offer":
        return str(row.line.shown_state.label)
    return {
        "left_out": _("left out by choice"),
        "closed": _("the offer that was chosen is no longer open"),
        "which": _("accepted, but which offer is not known"),
        "no_price": _("no monthly price was recognised"),
        "units": _("prices in several currencies"),
    }[row.why]

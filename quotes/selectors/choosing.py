"""What can be done with chosen lines."""

from quotes.covage import read_price
from quotes.models import Command, Line, Offer
from quotes.models.commands import Kind


def with_open_offers(lines: list[Line]) -> None:
    """Give each line `open_offers`, those that may be declined now, each with its price read. One query."""
    held = set(_holding().filter(line__in=lines).values_list("line", flat=True))
    for line in lines:
        offers = [] if line.pk in held else [o for o in line.offers.all() if line.offer_allows(Kind.DECLINE, o)]
        for offer in offers:
            offer.price = read_price(offer.payload)
        line.open_offers = offers


def offers(user_lines, ids: list[int]) -> dict[int, Offer]:
    return {offer.pk: offer for offer in Offer.objects.filter(pk__in=ids, line__in=user_lines).select_related("line")}


def _holding():
    """Commands that hold every other decision on their line back: `quotes.services.decisions.allowed`."""
    return Command.objects.pending_writes() | Command.objects.accepts_with_effect()

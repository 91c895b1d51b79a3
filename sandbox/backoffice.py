"""The people and machines behind the API: they price confirmed lines and let old answers expire.

Nothing runs in the background. Each request first does what would have been done by then, so a restart loses nothing
and a jump of the clock brings everything that lies between.
"""

from datetime import datetime, timedelta

from django.db import transaction

from sandbox import catalogue, clock
from sandbox.lifecycle import refresh
from sandbox.models import Line, Offer

# What can happen to a confirmed line. `silent` is never answered.
VALIDITY = {"priced": timedelta(days=30), "short": timedelta(days=3), "expiring": timedelta(seconds=60)}
FATES = (*VALIDITY, "unable", "silent")
MANAGERS = [
    {"name": "Solène Abgrall", "email": "solene.abgrall@operateur.example", "phone": "02 99 00 31 60"},
    {"name": "Karim Haddad", "email": "karim.haddad@operateur.example", "phone": "04 78 00 12 45"},
    {"name": "Maïté Etcheverry", "email": "maite.etcheverry@operateur.example", "phone": "05 56 00 48 10"},
]


def catch_up() -> None:
    """Price what is due, expire what is past. Costs two small queries when there is nothing to do."""
    moment = clock.now()
    if _due(moment).exists() or _lapsed(moment).exists():
        with transaction.atomic():
            for line in _due(moment):
                answer(line, line.price_due)
            for line in _lapsed(moment):
                expire(line)


def schedule(lines: list[Line], moment: datetime) -> None:
    """When each line of a basket confirmed at `moment` will be priced: one after the other."""
    delay = clock.quote_delay()
    for position, line in enumerate(lines):
        line.price_due = moment + timedelta(seconds=delay * (1 + position / 3))


def fate(line: Line) -> str:
    """As set on the control page, else as a note asks (`[unable]`), else by place: the fourth of a basket cannot be
    provided and the sixth is valid for three days only."""
    for name in FATES:
        if name == line.fate or (not line.fate and f"[{name}]" in line.note + line.technical_note):
            return name
    place = line.basket.lines.filter(number__lte=line.number).count()
    if place % 4 == 0:
        return "unable"
    return "short" if place % 6 == 0 else "priced"


def answer(line: Line, moment: datetime) -> None:
    """Answer one confirmed line as its fate says."""
    destiny = fate(line)
    line.price_due = None
    if destiny != "silent":
        line.response_date = moment
        line.manager_regional = MANAGERS[line.number % len(MANAGERS)]
        line.state = "unable_to_provide"
    if destiny in VALIDITY:
        line.state = "ready"
        line.validity_date = moment + VALIDITY[destiny]
        Offer.objects.bulk_create(offers(line))
    line.save()
    refresh(line.basket)


def offers(line: Line) -> list[Offer]:
    """The offers of a line, not yet stored."""
    return [
        Offer(
            line=line,
            product_id=product.id,
            name=product.name,
            family=product.family,
            bandwidth=product.bandwidth,
            monthly_fee=catalogue.monthly_fee(product, line.number),
            access_fee=catalogue.access_fee(product, line.number),
            commitment=product.commitment,
            gtr=product.gtr,
            delivery=product.delivery,
            shape=catalogue.shape(line.number),
        )
        for product in catalogue.offered(line.product_offerings, line.number)
    ]


def expire(line: Line) -> None:
    """The answer is no longer valid; what nobody decided goes with it."""
    line.state = "expired"
    line.save(update_fields=["state", "validity_date"])
    line.offers.filter(state="ready").update(state="expired")
    refresh(line.basket)


def _due(moment: datetime):
    return Line.objects.filter(state="confirmed", price_due__lte=moment).select_related("basket")


def _lapsed(moment: datetime):
    return Line.objects.filter(state="ready", validity_date__lte=moment).select_related("basket")

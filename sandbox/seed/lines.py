"""One line of the demo: its request, and its answer as far as the story has come."""

from datetime import datetime, timedelta
from random import Random

from sandbox.api.lines import reference
from sandbox.backoffice import MANAGERS, VALIDITY, offers
from sandbox.catalogue import PRODUCTS
from sandbox.clock import iso
from sandbox.models import Basket, Line, Offer, Order, Site
from sandbox.seed.people import contacts, customer, letters
from sandbox.seed.stories import Story

CONNECTIONS = ["Fibre dédiée", "Fibre dédiée", "Fibre mutualisée"]
OPTIONS = [[], [], ["grt_4h_24_7"], ["internal_cabling_5-60m"], ["grt_4h_bhbd", "enni_redundancy"]]
NOTES = ["", "", "", "Accès par la cour, demander la clé à l'accueil.", "Travaux de voirie prévus au printemps."]
TECHNICAL = ["", "", "", "Fourreau existant jusqu'au local technique.", "Baie 19 pouces, deux U libres."]


def request(random: Random, basket: Basket, site: Site, number: int, created: datetime) -> Line:
    """A complete line, not yet stored."""
    name, sector = customer(random)
    town = site.address["city"]["name"]
    return Line(
        number=number,
        basket=basket,
        site=site,
        reference=reference(number, created),
        creation_date=created,
        end_customer_name=name,
        business_sector=sector,
        external_id=f"{letters(name.split()[-1])[:4]}-{letters(town)[:3]}-{number % 100:02d}".upper(),
        project_id=basket.project_id,
        product_offering_qualification_item_id=site.qualification_id,
        site_connection_type=random.choice(CONNECTIONS),
        product_offerings=random.sample(list(PRODUCTS), random.choice([1, 2, 2, 3])),
        option_ids=random.choice(OPTIONS),
        note=random.choice(NOTES),
        technical_note=random.choice(TECHNICAL),
        customer_order_name=random.choice(["", f"Raccordement {town}"]),
        business_code=random.choice(["", f"AFF-{number:05d}"]),
        expected_response_date=random.choice([None, iso(created + timedelta(days=12))[:10]]),
        related_contact_information=contacts(random, name),
    )


def answer(random: Random, line: Line, state: str, story: Story, now: datetime) -> None:
    """Bring a line of a confirmed basket to `state`."""
    line.state, line.quote_date = state, line.basket.quote_date
    if state == "confirmed":
        line.price_due = now + timedelta(hours=random.choice([0.05, 0.2, 3, 20, 44]))
        return
    line.manager_regional = MANAGERS[line.number % len(MANAGERS)]
    line.response_date = min(line.quote_date + timedelta(days=random.uniform(1, 6)), now - timedelta(hours=2))
    if state == "ready":
        line.validity_date = now + timedelta(days=random.uniform(*story.left))
    elif state != "unable_to_provide":
        line.validity_date = line.response_date + VALIDITY["priced"]


def priced(random: Random, line: Line) -> list[Offer]:
    """The offers of an answered line, decided as the line is."""
    if line.validity_date is None:
        return []
    made = offers(line)
    if line.state == "ready":
        made[-1].state = "refused" if random.random() < 0.15 else "ready"
        return made
    for offer in made:
        offer.state = "expired" if line.state == "expired" else "refused"
    if line.state == "accepted":
        random.choice(made).state = "accepted"
    return made


def order(random: Random, line: Line, made: list[Offer], now: datetime) -> Order:
    """The order that accepting the line created."""
    accepted = next(offer for offer in made if offer.state == "accepted")
    created = min(line.response_date + timedelta(days=random.uniform(0.2, 10)), now - timedelta(hours=1))
    return Order(line=line, product_id=accepted.product_id, created=created)

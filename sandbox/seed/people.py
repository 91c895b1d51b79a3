"""Invented customers and the people who answer the telephone there."""

import unicodedata
from random import Random

SURNAMES = [
    "Kerdoncuff", "Tanguy", "Ropars", "Le Goff", "Morvan", "Abiven", "Quéré", "Madec", "Béchu", "Delorme",
    "Estève", "Lacombe", "Fournerat", "Rouvière", "Combeau", "Peyrat", "Duhamel", "Lesage", "Guivarch", "Etchegoyen",
    "Schmittlin", "Vautrin", "Maréchal", "Pouliquen", "Jaouen", "Bonnefoy", "Carrère", "Thévenot", "Guéguen",
    "Ollivier",
]  # fmt: skip
FIRST_NAMES = [
    "Yann", "Claire", "Nadia", "Thomas", "Hervé", "Solène", "Karim", "Maïté", "Gaël", "Élodie", "Bruno", "Inès",
    "Loïc", "Fatou", "Julien", "Maud",
]  # fmt: skip
NATURE = ["Pointe", "Baie", "Lande", "Rivière", "Vallée", "Roseraie", "Source", "Colline", "Dune", "Forêt"]
BUSINESSES = [
    ("Menuiserie {surname}", "Industrie"),
    ("Garage {surname}", "Commerce"),
    ("Cabinet {surname} Avocats", "Services"),
    ("Transports {surname}", "Logistique"),
    ("Entrepôts {surname} Frères", "Logistique"),
    ("Laiterie {surname}", "Agroalimentaire"),
    ("Conserverie {surname}", "Agroalimentaire"),
    ("Scierie {surname}", "Industrie"),
    ("Imprimerie {surname} & Fils", "Industrie"),
    ("Pépinières {surname}", "Commerce"),
    ("Clinique de la {nature}", "Santé"),
    ("EHPAD de la {nature}", "Santé"),
    ("Laboratoire {surname}", "Santé"),
    ("École de la {nature}", "Enseignement"),
    ("Collège de la {nature}", "Enseignement"),
    ("Camping de la {nature}", "Tourisme"),
    ("Hôtel de la {nature}", "Tourisme"),
    ("Mutuelle {surname}", "Services"),
    ("Cidrerie {surname}", "Agroalimentaire"),
    ("Ateliers {surname} Mécanique", "Industrie"),
]
ROLES = ["Contact sur site", "Contact technique"]


def customer(random: Random) -> tuple[str, str]:
    """A name and its business sector."""
    pattern, sector = random.choice(BUSINESSES)
    return pattern.format(surname=random.choice(SURNAMES), nature=random.choice(NATURE)), sector


def contacts(random: Random, organisation: str) -> list[dict] | None:
    """None, one or two people."""
    return [_contact(random, organisation, role) for role in ROLES[: random.choice([0, 1, 1, 2])]] or None


def letters(text: str) -> str:
    """The plain lower-case letters of a name."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(character for character in plain if character.isascii() and character.isalpha()).lower()


def _contact(random: Random, organisation: str, role: str) -> dict:
    first, last = random.choice(FIRST_NAMES), random.choice(SURNAMES)
    return {
        "name": f"{first} {last}",
        "email_address": f"{letters(first)}.{letters(last)}@{letters(organisation)}.example",
        "number": f"0{random.randint(1, 5)} 99 00 {random.randint(10, 99)} {random.randint(10, 99)}",
        "organization": organisation,
        "role": role,
    }

"""Real towns, invented addresses in them."""

import math
from random import Random

from sandbox.models import Site

# name, postcode, latitude, longitude
TOWNS = [
    ("Quimper", "29000", 47.9960, -4.1024),
    ("Brest", "29200", 48.3904, -4.4861),
    ("Landerneau", "29800", 48.4510, -4.2480),
    ("Morlaix", "29600", 48.5776, -3.8284),
    ("Concarneau", "29900", 47.8753, -3.9187),
    ("Lorient", "56100", 47.7482, -3.3702),
    ("Vannes", "56000", 47.6582, -2.7608),
    ("Auray", "56400", 47.6670, -2.9820),
    ("Pontivy", "56300", 48.0686, -2.9628),
    ("Saint-Brieuc", "22000", 48.5142, -2.7658),
    ("Lannion", "22300", 48.7325, -3.4566),
    ("Rennes", "35000", 48.1173, -1.6778),
    ("Bruz", "35170", 48.0245, -1.7467),
    ("Vitré", "35500", 48.1240, -1.2140),
    ("Saint-Malo", "35400", 48.6493, -2.0257),
    ("Nantes", "44000", 47.2184, -1.5536),
    ("Saint-Nazaire", "44600", 47.2735, -2.2137),
    ("Angers", "49000", 47.4784, -0.5632),
    ("Laval", "53000", 48.0707, -0.7734),
    ("Le Mans", "72000", 48.0061, 0.1996),
    ("Tours", "37000", 47.3941, 0.6848),
    ("Caen", "14000", 49.1829, -0.3707),
    ("Rouen", "76000", 49.4431, 1.0993),
    ("Amiens", "80000", 49.8941, 2.2958),
    ("Arras", "62000", 50.2910, 2.7775),
    ("Reims", "51100", 49.2583, 4.0317),
    ("Metz", "57000", 49.1193, 6.1757),
    ("Colmar", "68000", 48.0794, 7.3585),
    ("Dijon", "21000", 47.3220, 5.0415),
    ("Besançon", "25000", 47.2378, 6.0241),
    ("Annecy", "74000", 45.8992, 6.1294),
    ("Valence", "26000", 44.9334, 4.8924),
    ("Vienne", "38200", 45.5242, 4.8742),
    ("Saint-Étienne", "42000", 45.4397, 4.3872),
    ("Clermont-Ferrand", "63000", 45.7772, 3.0870),
    ("Limoges", "87000", 45.8336, 1.2611),
    ("Périgueux", "24000", 45.1848, 0.7218),
    ("Pau", "64000", 43.2951, -0.3708),
    ("Bayonne", "64100", 43.4929, -1.4748),
    ("Albi", "81000", 43.9298, 2.1480),
    ("Rodez", "12000", 44.3506, 2.5750),
    ("Béziers", "34500", 43.3442, 3.2158),
    ("Nîmes", "30000", 43.8367, 4.3601),
    ("Gap", "05000", 44.5594, 6.0786),
]
STREETS = [
    "rue du Moulin Vert",
    "rue des Lavandières",
    "avenue de la Gare",
    "rue du Four à Chaux",
    "impasse des Tilleuls",
    "zone artisanale de la Croix Blanche",
    "rue Hélène Boucher",
    "boulevard de l'Industrie",
    "chemin de la Fontaine",
    "rue du Stade",
    "allée des Peupliers",
    "route de la Plage",
    "rue des Frères Lumière",
    "parc d'activités des Trois Chênes",
    "rue de l'Ancien Hôpital",
]
METRES_A_DEGREE = 111_320


def site(random: Random, identifier: str) -> Site:
    """A site within two kilometres of a town's centre, not yet stored."""
    town, postcode, latitude, longitude = random.choice(TOWNS)
    number, suffix, street = random.randint(1, 98), random.choice(["", "", "", "", "B"]), random.choice(STREETS)
    return Site(
        qualification_id=identifier,
        latitude=round(latitude + random.uniform(-0.018, 0.018), 6),
        longitude=round(longitude + random.uniform(-0.025, 0.025), 6),
        address={
            "label": f"{number}{suffix} {street}, {postcode} {town}",
            "street_nr": str(number),
            "street_ext": suffix,
            "street": {"name": street},
            "city": {"name": town, "zipcode": postcode},
        },
    )


def route(random: Random, latitude: float, longitude: float) -> list[tuple[float, float]]:
    """A cable of 0.5 to 3 km in street-like turns, from a chamber to within some thirty metres of the site."""
    heading, points = random.uniform(0, 2 * math.pi), [(latitude, longitude)]
    for _ in range(random.randint(8, 30)):
        heading += random.choice([-1.2, -0.3, 0, 0, 0.2, 1.1])
        points.append(_step(points[-1], heading, random.uniform(62, 100)))
    landing = _step((latitude, longitude), heading, random.uniform(5, 30))
    return [*reversed(points[1:]), landing]


def _step(point: tuple[float, float], heading: float, metres: float) -> tuple[float, float]:
    latitude, longitude = point
    across = METRES_A_DEGREE * math.cos(math.radians(latitude))
    return latitude + metres * math.cos(heading) / METRES_A_DEGREE, longitude + metres * math.sin(heading) / across

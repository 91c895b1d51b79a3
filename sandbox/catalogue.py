"""What the operator sells, and what it asks for it on one site."""

import zlib
from dataclasses import dataclass
from decimal import Decimal

GTR_DAY, GTR_ALWAYS = "4 h ouvrées", "4 h, 24 h/24 et 7 j/7"
SHAPES = ("plain", "text", "nested")


@dataclass(frozen=True)
class Product:
    """Fees in euros; `bandwidth` Mb/s, `commitment` months, `delivery` weeks."""

    id: str
    name: str
    family: str
    bandwidth: int
    monthly: int
    access: int
    commitment: int
    gtr: str
    delivery: int


PRODUCTS = {
    product.id: product
    for product in [
        Product("2173", "FTTO 100 Mb/s", "BPE", 100, 189, 950, 36, GTR_DAY, 8),
        Product("2175", "FTTO 200 Mb/s", "BPE", 200, 219, 950, 36, GTR_DAY, 8),
        Product("2181", "FTTO 500 Mb/s", "BPE", 500, 279, 600, 36, GTR_ALWAYS, 9),
        Product("2188", "FTTO 1 Gb/s", "BPE", 1000, 349, 0, 60, GTR_ALWAYS, 10),
        Product("2194", "FTTO 10 Gb/s", "BPE", 10000, 890, 2400, 60, GTR_ALWAYS, 14),
        Product("2210", "FTTE 200 Mb/s", "BPEA", 200, 89, 300, 24, GTR_DAY, 5),
        Product("2214", "FTTE 1 Gb/s", "BPEA", 1000, 129, 300, 36, GTR_DAY, 5),
    ]
}


def offered(requested: list[str], number: int) -> list[Product]:
    """The products to price on line `number`: each requested once, and company for one that came alone."""
    chosen = list(dict.fromkeys(requested))
    if len(chosen) == 1:
        others = [known for known in _neighbours(chosen[0]) if known != chosen[0]]
        chosen += others[: 1 + number % 2]
    return [product(product_id) for product_id in chosen]


def product(product_id: str) -> Product:
    """One that the catalogue lacks gets figures of its own, always the same."""
    if product_id in PRODUCTS:
        return PRODUCTS[product_id]
    figure = zlib.crc32(product_id.encode())
    return Product(product_id, f"Offre {product_id}", "BPE", 100 * (1 + figure % 10), 150 + figure % 400,
                   figure % 5 * 250, 36, GTR_DAY, 6 + figure % 6)  # fmt: skip


def monthly_fee(item: Product, number: int) -> Decimal:
    """Sites differ: up to a fifth dearer, in steps that look like a price list."""
    return Decimal(item.monthly) * (100 + number * 7 % 5 * 5) // 100 + Decimal("0.90") * (number % 3 == 1)


def access_fee(item: Product, number: int) -> Decimal:
    return Decimal(item.access + number % 4 * 50 * (item.access > 0))


def shape(number: int) -> str:
    return SHAPES[number % len(SHAPES)]


def _neighbours(product_id: str) -> list[str]:
    """The catalogue from the next dearer product on, round."""
    known = list(PRODUCTS)
    start = known.index(product_id) + 1 if product_id in PRODUCTS else 0
    return known[start:] + known[:start]

"""Demo data for a new storage: the same for each size, dated back from the clock at that moment."""

import itertools
import uuid
from datetime import date, datetime, timedelta
from random import Random

from sandbox import clock, kmz
from sandbox.lifecycle import basket_state
from sandbox.models import Basket, Line, Offer, Order, Project, Site, Trace
from sandbox.seed import lines, places, stories
from sandbox.seed.people import letters

PROJECTS = [("FLASH", True), ("LOGIS", True), ("ECOLES 2026", True), ("LITTORAL", True), ("PIONNIER", False)]
SPARE_SITES = 20
BATCH = 500


def fill(baskets: int) -> None:
    """Projects and free sites always; and so many baskets, oldest first, with lines, offers, traces and orders."""
    random, now = Random(2026), clock.now()  # noqa: S311  the same demo each time, nothing secret
    _projects(now)
    Site.objects.bulk_create(_site(random) for _ in range(SPARE_SITES))
    told = [(_basket(random, now, story, n), story) for n, story in zip(range(baskets), itertools.cycle(stories.ALL))]
    told.sort(key=lambda pair: pair[0].creation_date)
    numbers = itertools.count(_last_number() + 1)
    for start in range(0, baskets, BATCH):
        _store(random, now, told[start : start + BATCH], numbers)


def _store(random: Random, now: datetime, told: list, numbers) -> None:
    made = [line for basket, story in told for line in _lines(random, basket, story, now, numbers)]
    offers = {line: lines.priced(random, line) for line in made}
    Basket.objects.bulk_create(basket for basket, _ in told)
    Site.objects.bulk_create(line.site for line in made)
    Line.objects.bulk_create(made)
    Offer.objects.bulk_create(itertools.chain(*offers.values()))
    Trace.objects.bulk_create(_trace(random, line) for line in made if random.random() < 0.6)
    Order.objects.bulk_create(lines.order(random, line, offers[line], now) for line in made if line.state == "accepted")


def _basket(random: Random, now: datetime, story: stories.Story, number: int) -> Basket:
    created = now - timedelta(days=random.uniform(*story.age))
    project = random.choice(["", *(code for code, active in PROJECTS if active)])
    sent = bool(set(story.states) - {"acknowledged"})
    return Basket(
        creation_date=created,
        quote_date=created + timedelta(hours=random.uniform(0.5, 24)) if sent else None,
        project_id=project,
        external_id=f"{(project or 'COT').split()[0]}-{created.year}-{number + 1:03d}",
    )


def _lines(random: Random, basket: Basket, story: stories.Story, now: datetime, numbers) -> list[Line]:
    """The lines of a basket, brought to where its story has got; the basket's state follows from theirs."""
    count = random.choice([1, 2, 2, 3, 4, 4, 5, 6, 8]) if story.states else 0
    made = [_request(random, basket, next(numbers), place) for place in range(count)]
    if basket.quote_date is None:
        _leave_gaps(made[1::2] if story.gaps else [])
        return made
    for line, state in zip(made, itertools.cycle(story.states)):
        lines.answer(random, line, state, story, now)
    basket.state = basket_state([line.state for line in made])
    return made


def _request(random: Random, basket: Basket, number: int, place: int) -> Line:
    created = basket.creation_date + timedelta(minutes=2 * place + 1)
    return lines.request(random, basket, _site(random), number, created)


def _leave_gaps(unfinished: list[Line]) -> None:
    for line in unfinished:
        line.product_offerings, line.site_connection_type = None, ""


def _trace(random: Random, line: Line) -> Trace:
    town = line.site.address["city"]["name"]
    route = places.route(random, line.site.latitude, line.site.longitude)
    name = f"{letters(line.end_customer_name)}-{letters(town)}.kmz"
    return Trace(line=line, name=name, content=kmz.draw(f"{line.end_customer_name}, {town}", route))


def _site(random: Random) -> Site:
    return places.site(random, str(uuid.UUID(int=random.getrandbits(128), version=4)))


def _projects(now: datetime) -> None:
    Project.objects.bulk_create(
        Project(
            code=code,
            active=active,
            start_date=date(now.year - 1, 1, 1),
            end_date=date(2099, 12, 31) if active else date(now.year - 1, 12, 31),
            code_client="DC173",
        )
        for code, active in PROJECTS
    )


def _last_number() -> int:
    last = Line.objects.order_by("number").last()
    return last.number if last else 0

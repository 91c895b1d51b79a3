"""Who is told of what: read off the history by a worker, so that nothing that happens has to know about it.

Each piece of news has a key; to observe the same event twice tells it once. What a person does is never news to
that person, but what became of it later is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quotes.models import Batch, Event, Line, Notice, Preference
from quotes.models.commands import DECISIONS, EXPORTS
from quotes.selectors import lines
from quotes.services import mailing, working_days

PAGE, MAIL = "page", "mail"
KINDS = {  # what a person may choose, in the order of the table, with what is chosen for those who did not
    "price_in": (_("A line received a price"), (PAGE, MAIL)),
    "not_possible": (_("A line is not possible"), (PAGE, MAIL)),
    "price_changed": (_("The price of a line to decide changed"), (PAGE, MAIL)),
    "all_answered": (_("All lines of a basket are answered"), (PAGE, MAIL)),
    "expiring": (_("A price expires in 10, 3 or 1 working days"), (PAGE, MAIL)),
    "decided": (_("Somebody else decided on a line of mine"), (PAGE,)),
    "refused": (_("An action of mine had no effect"), (PAGE, MAIL)),
    "needs_person": (_("An action of mine needs a person"), (PAGE, MAIL)),
    "export_ready": (_("A file that I asked for is ready"), (PAGE,)),
    "export_failed": (_("A file that I asked for could not be made"), (PAGE,)),
    "batch_ended": (_("A batch of mine ended"), (PAGE,)),
    "mentioned": (_("Somebody named me in a comment"), (PAGE, MAIL)),
}
STEPS = (1, 3, 10)  # working days before a price expires
AT_ONCE = 500  # events or lines looked at between two looks at the clock
_WAITS = ("", "acknowledged", "confirmed")
_NO_EFFECT = ("command_refused", "command_not_applied", "command_expired")


@dataclass
class News:
    """`to`: ids of users; `by`: whoever did it, who is not told."""

    kind: str
    key: str
    to: set[int]
    href: str
    about: Line | None = None
    basket_id: object = None
    by: int | None = None
    data: dict = field(default_factory=dict)


def observe(tally) -> None:
    """Make notices of the events after the cursor. Where there is none yet, or its event is gone, news begins now."""
    newest = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    seen = tally.cursor.get("event")
    if seen is None or seen > newest:
        tally.cursor = {"event": newest}
        return
    while events := list(_after(seen)):
        told = _Told(events)
        tally.changed += announce([news for event in events for news in told.of(event)])
        tally.seen += len(events)
        seen = events[-1].id
        tally.cursor = {"event": seen}
        if tally.is_late():
            return


def remind(tally) -> None:
    """Tell of prices that expire soon, each of the three times once, however often this runs."""
    today = timezone.localdate()
    horizon = timezone.now() + timedelta(days=30)  # ten working days never take longer
    waiting = lines.to_decide().filter(validity_date__gte=timezone.now() - timedelta(days=1), validity_date__lt=horizon)
    deciders = _deciders()
    for line in waiting.prefetch_related(None).iterator(AT_ONCE):
        news = _expiring(line, today, deciders)
        tally.seen += 1
        tally.changed += announce([news]) if news else 0


def announce(found: list[News]) -> int:
    """One row for each person who wants it, in the page or by mail; what was told before stays as it is."""
    users = {user.pk: user for user in _asking({pk for news in found for pk in news.to})}
    rows = [_row(news, users[pk]) for news in found for pk in news.to & users.keys() - {news.by}]
    rows = [row for row in rows if row.in_page or row.by_mail]
    return len(Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500))


def channels(preference: Preference | None, kind: str) -> tuple[str, ...]:
    chosen = preference.notices if preference else {}
    return tuple(chosen.get(kind, KINDS[kind][1]))


def mark_read(user, pk: int | None = None) -> int:
    """One notice of this person, or all of them."""
    rows = Notice.objects.filter(user=user, seen_at=None, **({"pk": pk} if pk else {}))
    return rows.update(seen_at=timezone.now())


class _Told:
    """What a handful of events is news of, with all that they are about read at once."""

    def __init__(self, events):
        self.deciders = _deciders()
        self.open_in = _open_lines({event.basket_id for event in events if event.kind == "line_state"})
        batches = {event.data.get("batch") for event in events if event.kind == "batch_done"}
        self.batches = {str(batch.pk): batch for batch in Batch.objects.filter(pk__in=batches - {None})}

    def of(self, event) -> Iterator[News]:
        if event.kind == "line_state":
            yield from self._of_line(event)
        elif event.kind == "price_changed" and event.line and event.line.state == "ready":
            to = self._concerned(event.line)
            yield _of_line("price_changed", event, to, offer=event.data.get("label") or event.data.get("product_id"))
        elif event.kind == "commented":
            yield self._mention(event)
        elif event.kind == "batch_done" and (batch := self.batches.get(event.data.get("batch"))):
            about = {"batch_kind": batch.kind, "name": batch.name}
            yield News("batch_ended", f"batch-{batch.pk}", {batch.actor_id}, f"/batches/{batch.pk}/", data=about)
        elif event.command and event.kind.startswith(("command_", "export_")):
            yield from _of_command(event)

    def _of_line(self, event) -> Iterator[News]:
        old, new = event.data.get("old"), event.data.get("new")
        if new == "ready" and old in _WAITS:
            yield _of_line("price_in", event, self._concerned(event.line))
        elif new == "unable_to_provide":
            yield _of_line("not_possible", event, _creator(event.line))
        if old in _WAITS and new not in _WAITS and self.open_in.get(event.basket_id) == (0, True):
            yield News(
                "all_answered",
                f"all_answered-{event.basket_id}",
                _creator(event.line),
                f"/baskets/{event.basket_id}/",
                basket_id=event.basket_id,
            )

    def _concerned(self, line) -> set[int]:
        return _creator(line) | self.deciders

    def _mention(self, event) -> News:
        place = f"/lines/{event.line_id}/" if event.line_id else f"/baskets/{event.basket_id}/"
        return News(
            "mentioned",
            f"mentioned-{event.data.get('comment')}",
            set(event.data.get("mentions", [])),
            f"{place}#comments",
            event.line,
            event.basket_id,
            by=event.actor_id,
            data={"who": event.actor_name},
        )


def _of_command(event) -> Iterator[News]:
    command, own = event.command, {event.command.actor_id}
    about = {"command_kind": command.kind, "product_id": command.product_id, "who": event.actor_name}
    if event.kind in ("export_ready", "export_failed") and event.data.get("export"):
        href = f"/exports/{event.data['export']}/"
        yield News(event.kind, f"{event.kind}-{event.id}", own, href, event.line, event.basket_id, data=about)
    elif event.kind == "command_needs_person" or (event.kind in _NO_EFFECT and _came_late(event)):
        kind = "needs_person" if event.kind == "command_needs_person" else "refused"
        about["reason"] = event.data.get("reason", "")
        href = f"/commands/{command.pk}/"
        yield News(kind, f"{kind}-{command.pk}", own, href, event.line, event.basket_id, data=about)
    elif event.kind == "command_done" and command.kind in DECISIONS and event.line:
        yield _of_line("decided", event, _creator(event.line), **about)


def _came_late(event) -> bool:
    """The person who asked was not waiting any more; who was, has seen it. An export tells by its own event."""
    waited = timedelta(seconds=settings.COVAGE_TOTAL_TIMEOUT + 5)
    return event.command.kind not in EXPORTS and event.at - event.command.recorded_at > waited


def _of_line(kind: str, event, to: set[int], **data) -> News:
    key = f"{kind}-{event.id}"
    return News(kind, key, to, f"/lines/{event.line_id}/", event.line, event.basket_id, by=event.actor_id, data=data)


def _expiring(line, today, deciders) -> News | None:
    day = timezone.localdate(line.validity_date)
    left = working_days.until(day, today)
    step = next((step for step in STEPS if left <= step), None)
    if step is None or day < today:
        return None
    key, data = f"expiring-{line.pk}-{day}-{step}", {"day": day.isoformat(), "left": left}
    to = _creator(line) | deciders
    return News("expiring", key, to, f"/lines/{line.pk}/", line, line.basket_id, data=data)


def _after(seen: int):
    events = Event.objects.filter(id__gt=seen).order_by("id")
    return events.select_related("line__basket", "command")[:AT_ONCE]


def _open_lines(baskets) -> dict:
    """Basket to how many of its lines are not answered, and whether it has several."""
    found: dict = {}
    rows = Line.objects.filter(basket__in=baskets - {None}, is_void=False, gone_at=None)
    for basket, state in rows.values_list("basket", "state"):
        found.setdefault(basket, []).append(state in _WAITS)
    return {basket: (sum(waits), len(waits) > 1) for basket, waits in found.items()}


def _creator(line) -> set[int]:
    owner = line.basket.owner_id if line.basket else None
    return {owner} if owner else set()


def _deciders() -> set[int]:
    return set(User.objects.filter(groups__name="manager", is_active=True).values_list("pk", flat=True))


def _asking(wanted: set[int]):
    return User.objects.filter(pk__in=wanted, is_active=True).select_related("preference")


def _row(news: News, user) -> Notice:
    preference = getattr(user, "preference", None)
    wanted = channels(preference, news.kind)
    by_mail = MAIL in wanted and bool(user.email)
    return Notice(
        user=user,
        kind=news.kind,
        key=news.key,
        line=news.about,
        basket_id=news.basket_id or (news.about.basket_id if news.about else None),
        href=news.href,
        data=news.data,
        in_page=PAGE in wanted,
        by_mail=by_mail,
        mail_due_at=mailing.due(preference) if by_mail else None,
    )

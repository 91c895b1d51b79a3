"""The history: every event is chained to the one before, and raw SQL can change nothing unnoticed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from quotes.models import AuditHead, Basket, Event, Line, append_only
from quotes.models.events import broken_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(sales):
    basket = Basket.objects.create(remote_id="B")
    return [
        Event.add("basket_found", basket=basket, state="acknowledged"),
        Event.add("price_changed", old={"price": "119.90", "é": [1, None]}, new={"price": 120}),
        Event.add("gone", actor=sales, request_id="r"),
    ]


def run(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def lineage():
    return list(Event.objects.order_by("id").values_list("kind", "hash"))


def test_an_untouched_history_holds(events):
    assert not list(broken_links())
    assert (AuditHead.objects.get().count, AuditHead.objects.get().hash) == (3, events[-1].hash)


def test_an_empty_history_holds(db):
    assert not list(broken_links())


def test_an_event_says_who_did_it_in_words_that_outlive_the_account(events):
    assert (events[2].actor_name, events[0].actor_name) == ("Sales Le Goff", "")


def test_an_event_of_a_line_names_its_basket(events):
    line = Line.objects.create(remote_id="L", basket=Basket.objects.get())
    assert Event.add("line_found", line=line).basket_id == line.basket_id


def test_adding_an_event_costs_three_queries(db, django_assert_num_queries):
    with django_assert_num_queries(3), transaction.atomic(savepoint=False):
        Event.add("gone")


def test_an_event_that_is_rolled_back_leaves_no_gap(events):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Event.add("gone")
        raise ZeroDivisionError
    Event.add("gone")
    assert not list(broken_links())
    assert AuditHead.objects.get().count == Event.objects.count() == 4


BLOCKED = {
    "update": "UPDATE quotes_event SET kind = 'other'",
    "update of one column": "UPDATE quotes_event SET actor_name = 'somebody else' WHERE actor_id IS NOT NULL",
    "update without a change": "UPDATE quotes_event SET hash = hash",
    "move to another number": "UPDATE quotes_event SET id = id + 1000",
    "delete": "DELETE FROM quotes_event",
    "delete the newest": "DELETE FROM quotes_event WHERE id = (SELECT max(id) FROM quotes_event)",
    "turn the head back": "UPDATE quotes_audithead SET count = count - 1",
    "let the head skip": "UPDATE quotes_audithead SET count = count + 2",
    "move the head": "UPDATE quotes_audithead SET id = 2, count = count + 1",
    "change the head's hash": "UPDATE quotes_audithead SET hash = ''",
    "delete the head": "DELETE FROM quotes_audithead",
}
BLOCKED_BY_VENDOR = {
    "sqlite": {
        "replace": "REPLACE INTO quotes_event SELECT * FROM quotes_event",
        "replace the head": "REPLACE INTO quotes_audithead (id, hash, count) VALUES (1, '', 0)",
        "update or ignore": "UPDATE OR IGNORE quotes_event SET kind = 'other'",
        "upsert": "INSERT INTO quotes_event SELECT * FROM quotes_event WHERE true ON CONFLICT DO UPDATE SET kind = 'x'",
    },
    "postgresql": {
        "truncate": "TRUNCATE quotes_event",
        "truncate the head": "TRUNCATE quotes_audithead",
        "upsert": "INSERT INTO quotes_event SELECT * FROM quotes_event ON CONFLICT (id) DO UPDATE SET kind = 'x'",
    },
}
BLOCKED |= BLOCKED_BY_VENDOR[connection.vendor]


@pytest.mark.parametrize("statement", BLOCKED.values(), ids=BLOCKED)
def test_raw_sql_cannot(events, statement):
    before = lineage()
    with pytest.raises(DatabaseError, match="append-only"):
        run(statement)
    assert lineage() == before
    assert not list(broken_links())


@pytest.fixture
def unguarded(events):
    """Somebody with the rights for it took the triggers away."""
    append_only.release(connection)
    return events


def forge(**changes):
    """A row made by hand, as like a real one as it can be without the secret."""
    row = Event.objects.order_by("-id").values().first() | changes
    return Event(**row)


def change(**values):
    return lambda events: Event.objects.filter(pk=events[1].pk).update(**values)


TAMPERING = {
    "the kind": change(kind="other"),
    "the person": change(actor_name="Somebody Else"),
    "the account": change(actor_id=4711),
    "the time": change(at="2026-01-01T00:00:00Z"),
    "what was said": change(data={"old": {"price": "1.00"}}),
    "the request": change(request_id="other"),
    "the object": lambda events: Event.objects.filter(pk=events[0].pk).update(basket=None),
    "the hash": change(hash="0" * 64),
    "a row in the middle": lambda events: Event.objects.filter(pk=events[1].pk).delete(),
    "the first row": lambda events: Event.objects.filter(pk=events[0].pk).delete(),
    "the newest row": lambda events: Event.objects.filter(pk=events[2].pk).delete(),
    "all rows": lambda events: Event.objects.all().delete(),
    "a forged row at the end": lambda events: forge(id=events[2].pk + 1, kind="other").save(force_insert=True),
    "a copied row at the end": lambda events: forge(id=events[2].pk + 1).save(force_insert=True),
    "a row before the first": lambda events: forge(id=0).save(force_insert=True),
    "the order": lambda events: Event.objects.filter(pk=events[1].pk).update(id=events[2].pk + 1),
    "the head": lambda events: AuditHead.objects.update(hash=events[1].hash),
    "the count": lambda events: AuditHead.objects.update(count=2),
}


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING)
def test_without_the_triggers_it_is_noticed_who_changes(unguarded, tamper):
    tamper(unguarded)
    assert list(broken_links())
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit")


def test_without_the_secret_nobody_can_chain_a_row(unguarded, settings):
    secret, settings.SECRET_KEY = settings.SECRET_KEY, "a guess"
    Event.add("gone")
    settings.SECRET_KEY = secret
    assert list(broken_links()) == [Event.objects.latest("id").pk]


def test_an_event_added_after_a_change_does_not_heal_the_chain(unguarded):
    Event.objects.filter(pk=unguarded[1].pk).update(kind="other")
    append_only.protect(connection)
    Event.add("gone")
    assert list(broken_links()) == [unguarded[1].pk]


def test_the_triggers_come_back_with_the_next_migration(unguarded):
    assert append_only.lacking(connection)
    append_only.prepare(connection.alias)
    assert not append_only.lacking(connection)
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM quotes_event")


def test_what_is_added_while_the_chain_is_walked_is_no_fault(events):
    walk = broken_links()
    Event.add("gone")
    assert not list(walk)

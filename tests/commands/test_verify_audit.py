import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from quotes.models import AuditHead, Event, append_only

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(db):
    return [Event.add("gone", number=number) for number in range(3)]


def verify(capsys, **options) -> str:
    call_command("verify_audit", **options)
    return capsys.readouterr().out


def test_an_unbroken_history_is_said_to_be_so_with_its_head(events, capsys):
    assert verify(capsys) == f"3 events, unbroken, head {events[-1].hash}\n"


def test_a_changed_row_ends_non_zero_and_is_named(events):
    append_only.release(connection)
    Event.objects.filter(pk=events[1].pk).update(kind="other")
    append_only.protect(connection)
    with pytest.raises(CommandError, match=f"first at event {events[1].pk} \\(1 in all\\)"):
        call_command("verify_audit")


def test_an_earlier_head_that_is_still_there_proves_that_nothing_was_cut(events, capsys):
    head = re.search("head (.*)", verify(capsys))[1]
    Event.add("gone")
    assert "unbroken" in verify(capsys, head=head)


def test_a_history_that_was_cut_with_its_head_is_found_by_the_earlier_head(events, capsys):
    head = events[-1].hash
    append_only.release(connection)
    Event.objects.filter(pk=events[-1].pk).delete()
    AuditHead.objects.update(count=2, hash=events[1].hash)
    append_only.protect(connection)
    assert "unbroken" in verify(capsys)
    with pytest.raises(CommandError, match="head of that earlier run"):
        verify(capsys, head=head)


def test_missing_triggers_are_told(events):
    append_only.release(connection)
    with pytest.raises(CommandError, match="quotes_event_no_update"):
        call_command("verify_audit")

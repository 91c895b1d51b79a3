import pytest
from django.core.management import call_command

from quotes.models import Command
from quotes.services import baskets
from tests.cast import nonce

pytestmark = pytest.mark.django_db


def test_once_sends_what_waits_and_ends(operator, sales, settings, capsys):
    url, settings.COVAGE_API_URL = settings.COVAGE_API_URL, "http://127.0.0.1:9"
    command = baskets.create(actor=sales, nonce=nonce(), external_id="LATER")
    assert command.state == "recorded"
    settings.COVAGE_API_URL = url
    Command.objects.update(next_try_at=None)
    call_command("run_commands", once=True)
    command.refresh_from_db()
    assert (command.state, capsys.readouterr().out) == ("done", "1 moved\n")
    assert len(operator.sent("POST", "/quote/$")) == 1


def test_once_reads_what_is_uncertain(operator, sales):
    operator.fail("reset", "/quote/$", method="POST", after=True)
    command = baskets.create(actor=sales, nonce=nonce(), external_id="LOST")
    Command.objects.update(next_try_at=None)
    call_command("run_commands", once=True)
    command.refresh_from_db()
    assert command.state == "done"


def test_with_nothing_to_do_it_calls_nobody(operator, capsys):
    call_command("run_commands", once=True)
    assert (operator.requests, capsys.readouterr().out) == ([], "0 moved\n")

"""Notices by mail: one mail for what belongs together, in the person's language, each notice at most once."""

import socketserver
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import timezone

from quotes.models import Notice, Preference, SyncJob
from quotes.services import mailing, notices
from quotes.services.notices import News
from quotes.sync import jobs
from tests.pages.mirrors import a_basket, a_line

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def sales(people):
    people["sales"].email = "claire@example.org"
    people["sales"].save()
    Preference.objects.create(user=people["sales"], language="en-gb")
    return people["sales"]


@pytest.fixture(autouse=True)
def quiet(settings):
    settings.SYNC = settings.SYNC | {"mail": 120}
    settings.PORTAL_URL = "https://quotes.example.org"


def tell(user, line, number=0):
    key = f"price_in-{line.pk}-{number}"
    notices.announce([News("price_in", key, {user.pk}, f"/lines/{line.pk}/", line, line.basket_id)])


def send():
    return jobs.run("mails", 0, mailing.send_due, force=True)


def later(seconds: float):
    return timezone.now() + timedelta(seconds=seconds)


def test_fifty_lines_of_one_basket_make_one_mail_after_a_quiet_time(sales, time_machine):
    basket = a_basket(external_id="FLASH-44")
    for _ in range(50):
        tell(sales, a_line(basket))
    send()
    assert mail.outbox == []
    time_machine.move_to(later(121))
    for _ in range(2):
        send()
    assert [(m.subject, m.to) for m in mail.outbox] == [("FLASH-44: 50 notices", ["claire@example.org"])]
    assert mail.outbox[0].body.count("https://quotes.example.org/lines/") == 50


def test_two_baskets_are_two_mails(sales, time_machine):
    for name in ("ONE", "TWO"):
        tell(sales, a_line(a_basket(external_id=name), end_customer_name=f"Café {name}"))
    time_machine.move_to(later(121))
    send()
    assert sorted(m.subject for m in mail.outbox) == [f"Café {n}: Price received, to decide." for n in ("ONE", "TWO")]


def test_a_mail_speaks_the_language_of_its_reader_and_leads_back(sales, time_machine):
    Preference.objects.filter(user=sales).update(language="fr")
    line = a_line(end_customer_name="Ôtrement\nBcc: <x@y.z>")
    tell(sales, line)
    time_machine.move_to(later(121))
    send()
    letter = mail.outbox[0]
    assert "Prix reçu" in letter.body
    assert f"https://quotes.example.org/lines/{line.pk}/" in letter.body
    assert "https://quotes.example.org/preferences/notices/" in letter.body
    assert "\n" not in letter.subject and letter.recipients() == ["claire@example.org"]


def test_a_digest_leaves_once_in_the_morning(sales, time_machine):
    Preference.objects.filter(user=sales).update(digest=True)
    time_machine.move_to(datetime(2026, 4, 23, 11, tzinfo=PARIS))
    for name in ("ONE", "TWO"):
        tell(sales, a_line(a_basket(external_id=name)))
    for day, hour, expected in ((23, 23, 0), (24, 7, 0), (24, 8, 1), (24, 9, 1)):
        time_machine.move_to(datetime(2026, 4, day, hour, 1, tzinfo=PARIS))
        send()
        assert len(mail.outbox) == expected, (day, hour)
    assert mail.outbox[0].subject == "2 notices"


def test_who_has_no_address_gets_no_mail(people, time_machine):
    tell(people["manager"], a_line())
    assert not Notice.objects.get().by_mail


def test_what_was_read_in_the_page_is_not_mailed(sales, time_machine):
    tell(sales, a_line())
    notices.mark_read(sales)
    time_machine.move_to(later(121))
    send()
    assert mail.outbox == []


def test_a_worker_that_dies_while_sending_sends_nothing_twice(sales, time_machine, settings):
    """The mail left, and the process ended before it could note that."""
    settings.EMAIL_BACKEND = "tests.services.test_mailing.Dying"
    tell(sales, a_line())
    time_machine.move_to(later(121))
    with pytest.raises(SystemExit):
        send()
    SyncJob.objects.update(claimed_until=None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send()
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_loses_nothing_and_is_told_in_words(sales, time_machine, settings, as_):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tell(sales, a_line())
    time_machine.move_to(later(121))
    send()
    assert "the mail server does not answer" in as_("sales").get("/sync/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send()
    assert len(mail.outbox) == 1
    assert SyncJob.objects.get(name="mails").error == ""


def test_old_news_is_not_mailed_any_more(sales, time_machine):
    tell(sales, a_line())
    time_machine.move_to(later(2 * 86400))
    send()
    assert mail.outbox == []


@pytest.mark.parametrize(("code", "sent"), [(451, 1), (550, 0)])
def test_what_the_mail_server_refuses_for_now_is_tried_again_and_for_good_is_not(
    sales, time_machine, settings, code, sent
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    tell(sales, a_line())
    time_machine.move_to(later(121))
    with Refusing(code) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        assert send().rejected == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.move_to(later(121))
    send()
    assert len(mail.outbox) == sent


class Dying(locmem.EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise SystemExit


class Refusing(socketserver.ThreadingTCPServer):
    """A mail server that takes every command but the recipient."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, code: int):
        class Talk(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 ready\r\n")
                while line := self.rfile.readline():
                    told = f"{code} no" if line.upper().startswith(b"RCPT") else "250 fine"
                    self.wfile.write(f"{told}\r\n".encode())

        super().__init__(("127.0.0.1", 0), Talk)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.shutdown()
        self.server_close()

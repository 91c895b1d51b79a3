"""Notices by mail: one mail for all that is new about a basket, or one a day; each notice at most once.

A notice counts as mailed before its mail leaves, so a worker that dies sends none twice. It is given back only when
the mail server said that it did not take it.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotes.models import Notice, Preference
from quotes.services import notice_words

log = logging.getLogger(__name__)
DIGEST_HOUR = 8  # of the day in Paris
TOO_OLD = timedelta(days=1)  # after its time: news is in the page by then
AT_ONCE = 200


def due(preference: Preference | None) -> datetime:
    """When a notice that is made now is mailed: after a quiet time, in which more of the same may come."""
    now = timezone.localtime()
    if preference is None or not preference.digest:
        return now + timedelta(seconds=settings.SYNC["mail"])
    morning = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)


def send_due(tally) -> None:
    """Mail what is due. A mail server that does not answer costs nothing: all stays due, for a day."""
    waiting = _waiting()
    groups = waiting.filter(mail_due_at__lte=timezone.now()).order_by("user", "basket")
    groups = list(groups.values_list("user", "basket").distinct()[:AT_ONCE])
    server = _opened(tally) if groups else None
    if server is None:
        return
    try:
        for user, basket in groups:
            _send(server, waiting.filter(user=user), basket, tally)
            if tally.is_late():
                return
    finally:
        server.close()


def _waiting():
    """Not yet mailed, nor read in the page."""
    since = timezone.now() - TOO_OLD
    return Notice.objects.filter(by_mail=True, mailed_at=None, seen_at=None, mail_due_at__gt=since)


def _opened(tally):
    server = mail.get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        _note(tally, "MailServerAway", error)
        return None
    return server


def _send(server, rows, basket, tally) -> None:
    mine = _claimed(rows, basket)
    if not mine:
        return
    tally.seen += len(mine)
    try:
        _letter(mine, server).send()
    except smtplib.SMTPException as error:
        _not_taken(mine, error, tally)
    except OSError as error:  # in the middle of it: it may have arrived
        _note(tally, "MailServerAway", error)
    else:
        tally.changed += len(mine)


def _claimed(rows, basket) -> list[Notice]:
    """What goes into one mail, the oldest first, from now on counted as mailed."""
    with transaction.atomic():
        rows = rows.select_for_update(of=("self",)).select_related("user__preference", "line", "basket")
        found = list(rows.order_by("created_at", "id"))
        if found and not _prefers(found[0].user).digest:
            found = [notice for notice in found if notice.basket_id == basket]
        Notice.objects.filter(pk__in=[notice.pk for notice in found]).update(mailed_at=timezone.now())
    return found


def _letter(notices: list[Notice], server) -> mail.EmailMessage:
    user = notices[0].user
    with translation.override(_prefers(user).language or settings.LANGUAGE_CODE):
        for notice in notices:
            notice.words, notice.about = notice_words.sentence(notice), notice_words.about(notice)
        context = {"notices": notices, "portal": settings.PORTAL_URL, "user": user}
        body = render_to_string("mail/notices.txt", context)
        subject = " ".join(_subject(notices).split())[:200]
    headers = {"Auto-Submitted": "auto-generated"}
    return mail.EmailMessage(subject, body, to=[user.email], headers=headers, connection=server)


def _subject(notices: list[Notice]) -> str:
    if len(notices) == 1:
        return _("%(about)s: %(words)s") % {"about": notices[0].about, "words": notices[0].words}
    n = len(notices)
    baskets = {notice.basket for notice in notices}
    if len(baskets) == 1 and (basket := baskets.pop()):
        return ngettext("%(basket)s: %(n)d notice", "%(basket)s: %(n)d notices", n) % {"basket": basket, "n": n}
    return ngettext("%(n)d notice", "%(n)d notices", n) % {"n": n}


def _not_taken(notices: list[Notice], error: smtplib.SMTPException, tally) -> None:
    """The server answered that it did not take the mail: for good, or for now; then it is tried again later."""
    _note(tally, "MailRefused", error)
    tally.rejected += len(notices)
    if 400 <= _code(error) < 500:
        later = timezone.now() + timedelta(seconds=settings.SYNC["mail"])
        Notice.objects.filter(pk__in=[n.pk for n in notices]).update(mailed_at=None, mail_due_at=later)


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _words in error.recipients.values())
    return getattr(error, "smtp_code", 0)


def _note(tally, what: str, error: Exception) -> None:
    """On the page of the synchronisation, in the words that it has for `what`."""
    tally.error = f"{what}: {type(error).__name__}"
    log.warning("mail not sent", extra={"reason": tally.error})


def _prefers(user) -> Preference:
    return getattr(user, "preference", None) or Preference()

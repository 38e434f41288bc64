"""Mails that came back: the mailbox is read now and then, and the mails in the outbox say it."""

import datetime
import imaplib
import logging
from itertools import islice
from time import monotonic

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext

from common.caching.values import remember, remembered
from common.dates.zones import geneva
from common.mail.delivery_reports import read_return
from common.mail.mailbox import Mailbox, Place
from common.mail.models import OutgoingMail

log = logging.getLogger(__name__)

SECONDS = 45  # of one call of the task; the next one goes on
MESSAGES = 2000
AT_ONCE = 50  # marked as read together
READ_AT = "mail:returned:read_at"
REMEMBERED = 30 * 24 * 3600


def is_read() -> bool:
    """Whether the portal has a mailbox for returned mail."""
    return bool(settings.BOUNCES_URL)


def last_read() -> datetime.datetime | None:
    """When the mailbox was last read to its end, as far as it is known."""
    return remembered(READ_AT)


def sentence_on(*addresses: str) -> str:
    """What staff read beside somebody with these addresses when there is no such address, with the
    answer of its server; "" when none is known to have failed for that."""
    rows = OutgoingMail.objects.no_such_address()
    mail = rows.last_from([address for address in addresses if address])
    if mail is None:
        return ""
    return _with_answer(
        gettext("There is no such address: an e-mail came back on {date}. {answer}"),
        mail,
    )


def sentence_since(address: str, moment: datetime.datetime) -> str:
    """The same of all mails to an address since then, whatever the reason."""
    rows = OutgoingMail.objects.filter(created_at__gte=moment)
    mail = rows.last_from([address] if address else [])
    if mail is None:
        return ""
    return _with_answer(gettext("An e-mail came back on {date}. {answer}"), mail)


def _with_answer(sentence: str, mail: OutgoingMail) -> str:
    return format_html(
        sentence,
        date=date_format(timezone.localdate(mail.came_back_at, geneva())),
        answer=format_html("<bdi>{}</bdi>", mail.answer),
    )


def read_returned(seconds: float = SECONDS, messages: int = MESSAGES) -> int:
    """Read what has come into the mailbox; returns how many mails came back.

    A worker that dies between noting and marking as read notes the same again, which changes
    nothing. A mailbox that cannot be read is a line in the log, and the next call tries again.
    """
    if not is_read():
        return 0
    try:
        with Mailbox(Place.of(settings.BOUNCES_URL)) as mailbox:
            return _read(mailbox, monotonic() + seconds, messages)
    except (OSError, ValueError, imaplib.IMAP4.error) as error:
        # what is wrong with the address of the mailbox may quote the password
        why = "" if isinstance(error, ValueError) else str(error)[:200]
        kind = type(error).__name__
        log.error("the mailbox of returned mail cannot be read: %s %s", kind, why)
        return 0


def _read(mailbox: Mailbox, until: float, messages: int) -> int:
    unread = mailbox.unread()
    back = 0
    while numbers := list(islice(unread, min(AT_ONCE, messages))):
        messages -= len(numbers)
        done = []
        for number in numbers:
            if monotonic() > until:
                break
            found = read_return(mailbox.text(number))
            back += OutgoingMail.objects.note_return(found) if found else 0
            done.append(number)
        if done:
            mailbox.mark_read(done)
        if done != numbers:
            return back
    if messages:
        remember(READ_AT, timezone.now(), REMEMBERED)
    return back

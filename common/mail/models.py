"""The outbox: mails to be delivered, and those that were."""

from datetime import timedelta
from email.utils import format_datetime, make_msgid
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, Value
from django.db.models.functions import Now, Power
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.models import StatusChange

MAIL_LEASE = timedelta(
    minutes=2
)  # longer than the mail server may take (common.mail.server)


MAILS_REFUSED = 5  # in a row, until the next sweep


MAIL_TRIES = (
    12  # each pause twice the one before: the last try comes a day and a half later
)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        """Mails that are due: not sent, not withdrawn, past their time, and after n failures
        past 2ⁿ - 1 minutes from their creation."""
        rest = ExpressionWrapper(
            (Power(2.0, F("tries")) - 1) * Value(timedelta(minutes=1)),
            models.DurationField(),
        )
        due = self.filter(
            sent_at=None, digest="", tries__lt=MAIL_TRIES, created_at__lte=Now() - rest
        )
        due = due.filter(models.Q(not_before=None) | models.Q(not_before__lte=Now()))
        due = due.filter(
            models.Q(leased_until=None) | models.Q(leased_until__lte=Now())
        )
        return due.filter(withdrawn_at=None).order_by("-urgent", "created_at", "pk")

    def undelivered(self) -> Self:
        """Mails that the mail server has refused at least once and that are not sent yet."""
        return self.filter(sent_at=None, withdrawn_at=None, tries__gt=0)

    def try_again(self) -> int:
        """Have those delivered soon that the mail server has refused, however often; returns how
        many. Mails that a worker is sending at this moment are left alone."""
        idle = models.Q(leased_until=None) | models.Q(tries__gte=MAIL_TRIES)
        return self.filter(idle, sent_at=None, tries__gt=0).update(tries=0, error="")

    def withdraw(self, cause: StatusChange) -> int:
        """Withdraw the mails that an undone move caused; returns how many had not been sent yet."""
        return self.filter(cause=cause, sent_at=None).update(withdrawn_at=Now())

    def hold_back(self, cause: StatusChange, wait: timedelta) -> int:
        """Let the mails that a move has caused leave that much later; returns how many. For a
        caller in the transaction of the move: until it commits no worker sees them."""
        return self.filter(cause=cause, sent_at=None).update(not_before=Now() + wait)

    def lease(self, pk: int) -> "OutgoingMail | None":
        """Lease this mail to one worker; None when it is sent, not due, or leased by another.

        The statement is a transaction of its own: no lock is held while talking to the mail server.
        When a worker dies, another one gets the mail after the lease ends.
        """
        with transaction.atomic():
            mail = (
                self.waiting().select_for_update(skip_locked=True).filter(pk=pk).first()
            )
            if mail is None:
                return None
            if mail.is_to_closed_account():
                self.filter(pk=pk).update(withdrawn_at=Now())
                return None
            self.filter(pk=pk).update(leased_until=Now() + MAIL_LEASE)
        return mail

    def deliver(self, pk: int, connection: object = None) -> bool:
        """Send one mail unless it was sent; two workers never send the same one."""
        mail = self.lease(pk)
        return mail.deliver(connection) if mail else False

    def deliver_waiting(self, limit: int = 2000, seconds: float = 25) -> int:
        """Send due mails over one connection, urgent ones first, then the oldest, for a limited
        time; returns how many were sent. Stops when the server refuses several in a row."""
        until, sent, refused = monotonic() + seconds, 0, 0
        connection = get_connection()
        for pk in list(self.waiting().values_list("pk", flat=True)[:limit]):
            if monotonic() > until or refused == MAILS_REFUSED:
                break
            went = self.deliver(pk, connection)
            sent, refused = sent + went, 0 if went else refused + 1
        connection.close()
        return sent


class OutgoingMail(models.Model):
    """A mail as its reader gets it; kept until it is sent, and as proof afterwards."""

    DIGESTS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    cause = models.ForeignKey(
        StatusChange,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("caused by"),
    )
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    digest = models.CharField(_("kept for a digest"), max_length=10, blank=True)
    unsubscribe = models.CharField(_("unsubscribe link"), max_length=300, blank=True)
    once = models.BooleanField(_("text is deleted once sent"), default=False)
    urgent = models.BooleanField(
        _("about the account itself"), default=False, db_default=False
    )
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    leaves_no_trace = models.BooleanField(_("row goes when it is sent"), default=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mail")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["-urgent", "created_at", "id"],
                name="mail_waiting",
                condition=models.Q(sent_at=None, digest=""),
            ),
            models.Index(
                fields=["digest", "to"],
                name="mail_kept",
                condition=models.Q(sent_at=None) & ~models.Q(digest=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def headers(self) -> dict[str, str]:
        """Message-ID in the portal's domain, date with a time zone, and the headers of the
        unsubscribe button of mail programs (RFC 8058)."""
        own = {
            "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
            "Date": format_datetime(timezone.now()),
        }
        if not self.unsubscribe:
            return own
        return own | {
            "List-Unsubscribe": f"<{self.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def is_to_closed_account(self) -> bool:
        """Whether the account was closed since; mails about the account itself are sent all the
        same."""
        if self.urgent:
            return False
        return get_user_model().objects.filter(email=self.to, is_active=False).exists()

    def deliver(self, connection: Any = None) -> bool:
        """Hand the mail to the mail server; a failure is recorded and tried again later."""
        self.tries += 1
        message = EmailMessage(
            self.subject,
            self.body,
            to=[self.to],
            headers=self.headers(),
            connection=connection,
        )
        try:
            message.send()
        except (
            OSError,
            ValueError,
        ) as error:  # smtplib's, a bad address's
            self.error = str(error)[:300]
            if connection:
                connection.close()  # the next mail opens a new one
        else:
            if self.leaves_no_trace:
                self.delete()
                return True
            self.sent_at, self.error = timezone.now(), ""
            self.body = "" if self.once else self.body
        self.leased_until = None
        self.save(update_fields=["tries", "sent_at", "error", "body", "leased_until"])
        return self.sent_at is not None

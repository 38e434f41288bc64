"""The outbox: mails to be delivered, and those that were."""

from collections.abc import Collection
from datetime import timedelta
from email.utils import format_datetime
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.functions import RandomUUID
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, Value
from django.db.models.functions import Now, Power
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.mail.delivery_reports import MAX_CODE, MAX_SENTENCE, Return
from common.moves.models import StatusChange

MAIL_LEASE = timedelta(
    minutes=2
)  # longer than the mail server may take (common.mail.server)


MAILS_REFUSED = 5  # in a row, until the next sweep


MAIL_TRIES = (
    12  # each pause twice the one before: the last try comes a day and a half later
)


NOWHERE = ".invalid"  # the end of addresses that cannot exist, such as those of erased accounts


CAME_BACK_LATELY = timedelta(days=30)  # as long as the texts of mails are kept


# RFC 3463: no such mailbox, no such server, no address at all, moved away, takes no mail at all.
NO_SUCH_ADDRESS = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")


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

    def came_back(self) -> Self:
        """Mails of which another server has said that they will not arrive."""
        return self.exclude(came_back_at=None)

    def came_back_lately(self) -> Self:
        return self.filter(came_back_at__gte=Now() - CAME_BACK_LATELY)

    def no_such_address(self) -> Self:
        """Those of them that say that nobody gets mail at their address."""
        return self.came_back().filter(answer_code__in=NO_SUCH_ADDRESS)

    def last_from(self, addresses: Collection[str]) -> "OutgoingMail | None":
        """The mail to one of these addresses that was the last to come back, if one did."""
        rows = self.came_back().filter(to__in=addresses)
        return rows.order_by("-came_back_at", "-pk").first()

    @transaction.atomic
    def note_return(self, back: Return) -> int:
        """Note that a mail came back, with those that were sent inside of it; returns how many.
        Repeating changes nothing: the first answer stays. Of mails to erased people nothing is
        noted, as an answer may name them."""
        this = models.Q(reference=back.reference)
        rows = self.filter(this | models.Q(inside__reference=back.reference))
        rows = rows.filter(came_back_at=None).exclude(to__endswith=NOWHERE)
        rows = rows.order_by("pk").select_for_update(of=("self",))
        ids = list(rows.values_list("pk", flat=True))
        self.filter(pk__in=ids).update(
            came_back_at=Now(), answer_code=back.code, answer=back.sentence
        )
        StatusChange.objects.bulk_create(
            StatusChange(
                record_kind="common.outgoingmail",
                record_id=pk,
                move="come_back",
                source="sent",
                target="came_back",
                note=back.code,  # the sentence may hold an address, and the log is kept
            )
            for pk in ids
        )
        return len(ids)

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

    reference = models.UUIDField(
        _("random part of its Message-ID"),
        default=uuid4,
        db_default=RandomUUID(),
        editable=False,
        unique=True,
    )
    inside = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent inside"),
    )
    came_back_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    answer_code = models.CharField(
        _("code of the answer"), max_length=MAX_CODE, blank=True, db_default=""
    )
    answer = models.CharField(
        _("answer of the other mail server"),
        max_length=MAX_SENTENCE,
        blank=True,
        db_default="",
    )

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
            models.Index(
                fields=["-created_at", "-id"],
                name="mail_came_back",
                condition=models.Q(came_back_at__isnull=False),
            ),
            models.Index(
                fields=["to"],
                name="mail_came_back_from",
                condition=models.Q(came_back_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def headers(self) -> dict[str, str]:
        """Message-ID in the portal's domain, which nobody can guess and which is the same at each
        attempt, sender, date with a time zone, and the headers of the unsubscribe button of mail
        programs (RFC 8058)."""
        domain = urlsplit(settings.SITE_URL).hostname
        own = {
            "Message-ID": f"<{self.reference.hex}@{domain}>",
            "From": settings.DEFAULT_FROM_EMAIL,
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
            # the sender of the envelope: whoever cannot deliver it answers there
            settings.BOUNCES_ADDRESS or settings.DEFAULT_FROM_EMAIL,
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

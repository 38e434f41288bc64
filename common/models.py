"""What every app's records need: the log of moves and the log of public changes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime, make_msgid
from time import monotonic
from typing import Any, Self, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.db.models import ExpressionWrapper, F, Func, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now, Power
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StatusChange(models.Model):
    """One move somebody made: who, when, from, to, why. Never updated, never deleted."""

    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.BigIntegerField(_("record"))
    move = models.CharField(_("move"), max_length=40)
    source = models.CharField(_("from"), max_length=20)
    target = models.CharField(_("to"), max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["record_kind", "record_id", "-at"], name="status_change_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id}: {self.source} → {self.target}"


class ClusterOffset(models.Model):
    """What is added to the transaction ids of one cluster of PostgreSQL, so that numbers in the
    change log go on rising when the database is restored into another one. Written by the function
    `change_offset` of the database (migration 0230) when the first row is written there."""

    identity = models.CharField(
        _("cluster, timeline and database"), max_length=60, primary_key=True
    )
    first = models.BigIntegerField(_("numbers begin above"), unique=True)
    since = models.DateTimeField(_("since"), db_default=Now())

    class Meta:
        verbose_name = _("cluster of the change log")
        verbose_name_plural = _("clusters of the change log")

    def __str__(self) -> str:
        return self.identity


class TransactionId(models.Field):
    """PostgreSQL's xid8: the transaction that wrote the row, never wrapping round, with the offset
    of the cluster in which it ran."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)


START = (0, 0)  # the position before the first row of the log


class ChangeQuerySet(models.QuerySet["Change"]):
    def settled(self) -> Self:
        """Rows older than the oldest running transaction: nothing can slip in before them."""
        horizon = RawSQL("change_horizon()", ())
        return self.filter(transaction__lt=horizon).order_by("transaction", "pk")

    def after(self, position: tuple[int, int]) -> Self:
        """Settled rows behind a reader's last position (transaction, id), in reading order."""
        transaction_id, pk = position
        later = self.settled().extra(  # a row comparison: the index serves it, Q cannot say it
            where=['("transaction", id) > (%s::xid8, %s)'],
            params=[str(transaction_id), pk],
        )
        return cast(Self, later)

    def has(self, position: tuple[int, int]) -> bool:
        """Whether a reader can go on from here: at the start, or behind a row that is in the log. A
        row that a restore has lost is not, and what came after it can no longer be told."""
        if position == START:
            return True
        transaction_id, pk = position
        return (
            self.filter(pk=pk).values_list("transaction", flat=True).first()
            == transaction_id
        )


class Change(models.Model):
    """One change of a public record. Readers keep (transaction, id) of the last row they saw.

    Ids are given before a transaction commits, so a smaller id can appear after a larger one;
    rows are therefore read in order of transaction and only once no older one is running.
    """

    class Kind(models.TextChoices):
        CREATE = "create", _("created")
        UPDATE = "update", _("updated")
        PUBLISH = "publish", _("published")
        MERGE = "merge", _("merged")
        DELETE = "delete", _("removed")

    kind = models.CharField(_("change"), max_length=10, choices=Kind.choices)
    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.CharField(_("record"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    content_hash = models.CharField(_("SHA-256 of the content"), max_length=64)
    into = models.CharField(_("merged into"), max_length=40, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    transaction = TransactionId(
        db_default=Func(function="change_number"), editable=False
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["transaction", "pk"]
        indexes = [
            models.Index(fields=["transaction", "id"], name="change_reading_order"),
            models.Index(
                fields=["record_kind", "record_id", "version"], name="change_record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id} v{self.version}: {self.kind}"


class ServedStateQuerySet(models.QuerySet["ServedState"]):
    def times_of_change(self, kind: str, keys: Iterable[Any]) -> dict[str, datetime]:
        """Key → when what everybody reads of the record changed last, of those that are public."""
        public = self.filter(record_kind=kind, record_id__in=[str(key) for key in keys])
        return dict(public.exclude(digest="").values_list("record_id", "changed_at"))


class ServedState(models.Model):
    """What everybody reads of a record now, in one figure; the database keeps it (common.feed).

    `digest` is empty while the record is not public. `changed_at` is when what is served changed
    last, in the record itself or in what is shown with it.
    """

    record_kind = models.CharField(_("kind of record"), max_length=60)
    record_id = models.CharField(_("record"), max_length=40)
    digest = models.CharField(_("SHA-256 of the content"), max_length=64, blank=True)
    changed_at = models.DateTimeField(_("changed at"), null=True)
    examined_at = models.DateTimeField(_("examined at"))

    objects = ServedStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a public record")
        verbose_name_plural = _("states of public records")
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "record_id"], name="served_state_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id}"


ANSWERS_KEPT = timedelta(days=1)
MAIL_LEASE = timedelta(
    minutes=2
)  # longer than the mail server may take (common.mail_server)
MAILS_REFUSED = 5  # in a row, until the next sweep
MAIL_TRIES = (
    12  # each pause twice the one before: the last try comes a day and a half later
)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        """Not sent, not withdrawn and due: not before its time, and after n failures not until
        2ⁿ - 1 minutes from its making."""
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
        """Those that the mail server has refused at least once and that have not left yet."""
        return self.filter(sent_at=None, withdrawn_at=None, tries__gt=0)

    def withdraw(self, cause: StatusChange) -> int:
        """Keep back what a move that was undone has caused; returns how many had not left yet."""
        return self.filter(cause=cause, sent_at=None).update(withdrawn_at=Now())

    def lease(self, pk: int) -> "OutgoingMail | None":
        """This mail for one worker to send; None when it is sent, not due, or another has it.

        The statement is a transaction of its own: nothing is held while the mail server is spoken
        to. Whoever dies meanwhile loses the mail to another worker when the lease ends.
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

    def deliver(self, pk: int, connection: Any = None) -> bool:
        """Send one mail unless it was sent; two workers never send the same one."""
        mail = self.lease(pk)
        return mail.deliver(connection) if mail else False

    def deliver_waiting(self, limit: int = 2000, seconds: float = 25) -> int:
        """Send what waits over one connection, what is urgent first, then the oldest, for so long;
        returns how many went out. A server that refuses several in a row is left alone."""
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
        """The name of the mail, in the portal's domain and not that of a container, its time with
        a zone, and what lets mail programs offer a button that ends such mails (RFC 8058)."""
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
        """Whether the account was closed since; mails about the account itself leave all the
        same."""
        if self.urgent:
            return False
        return get_user_model().objects.filter(email=self.to, is_active=False).exists()

    def deliver(self, connection: Any = None) -> bool:
        """Hand the mail to the mail server; a failure is written down and tried again later."""
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


class KeptAnswerQuerySet(models.QuerySet["KeptAnswer"]):
    def of(self, user: Any) -> Self:
        """This person's answers that still count; older ones are forgotten on the way."""
        mine = self.filter(user=user)
        mine.filter(at__lt=timezone.now() - ANSWERS_KEPT).delete()
        return mine


class KeptAnswer(models.Model):
    """What the API answered to an Idempotency-Key, said again when the request is repeated."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    question = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField()
    data = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="answer_once")
        ]

    def __str__(self) -> str:
        return self.key

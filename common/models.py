"""What every app's records need: the log of moves and the log of public changes."""

from datetime import timedelta
from typing import Any, Self, cast

from django.conf import settings
from django.core.mail import EmailMessage
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
            models.Index(fields=["record_kind", "record_id", "-at"], name="status_change_record"),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id}: {self.source} → {self.target}"


class TransactionId(models.Field):
    """PostgreSQL's xid8: the transaction that wrote the row, never wrapping round."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)


class ChangeQuerySet(models.QuerySet["Change"]):
    def settled(self) -> Self:
        """Rows older than the oldest running transaction: nothing can slip in before them."""
        return self.filter(
            transaction__lt=RawSQL("pg_snapshot_xmin(pg_current_snapshot())", ())
        ).order_by("transaction", "pk")

    def after(self, position: tuple[int, int]) -> Self:
        """Settled rows behind a reader's last position (transaction, id), in reading order."""
        transaction_id, pk = position
        later = self.settled().extra(  # a row comparison: the index serves it, Q cannot say it
            where=['("transaction", id) > (%s::xid8, %s)'], params=[str(transaction_id), pk]
        )
        return cast(Self, later)


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
    transaction = TransactionId(db_default=Func(function="pg_current_xact_id"), editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["transaction", "pk"]
        indexes = [
            models.Index(fields=["transaction", "id"], name="change_reading_order"),
            models.Index(fields=["record_kind", "record_id", "version"], name="change_record"),
        ]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_id} v{self.version}: {self.kind}"


ANSWERS_KEPT = timedelta(days=1)
MAIL_TRIES = 12  # each pause twice the one before: the last try comes a day and a half later


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        """Not sent, not withdrawn and due: not before its time, and after n failures not until
        2ⁿ - 1 minutes from its making."""
        rest = ExpressionWrapper(
            (Power(2.0, F("tries")) - 1) * Value(timedelta(minutes=1)), models.DurationField()
        )
        due = self.filter(
            sent_at=None, digest="", tries__lt=MAIL_TRIES, created_at__lte=Now() - rest
        )
        due = due.filter(models.Q(not_before=None) | models.Q(not_before__lte=Now()))
        return due.filter(withdrawn_at=None).order_by("created_at", "pk")

    def withdraw(self, cause: StatusChange) -> int:
        """Keep back what a move that was undone has caused; returns how many had not left yet."""
        return self.filter(cause=cause, sent_at=None).update(withdrawn_at=Now())

    def deliver(self, pk: int) -> bool:
        """Send one mail unless it was sent; the row lock keeps two workers from sending twice."""
        with transaction.atomic():
            mail = self.waiting().select_for_update(skip_locked=True).filter(pk=pk).first()
            return mail.deliver() if mail else False

    @transaction.atomic
    def gather(self, subject: str) -> int:
        """Make one mail of those that a reader gets together, once the oldest has waited its day
        or week; returns how many mails were made. Two workers cannot take the same ones."""
        made = 0
        for digest, wait in OutgoingMail.DIGESTS.items():
            kept = self.filter(digest=digest, sent_at=None)
            due = kept.filter(created_at__lte=timezone.now() - wait)
            for address in list(due.order_by().values_list("to", flat=True).distinct()):
                mails = list(kept.filter(to=address).select_for_update(skip_locked=True))
                texts = [f"{mail.subject}\n\n{mail.body}" for mail in reversed(mails)]
                if texts:
                    self.create(to=address, subject=subject, body="\n\n".join(texts))
                    kept.filter(pk__in=[m.pk for m in mails]).update(sent_at=Now(), body="")
                    made += 1
        return made

    def deliver_waiting(self, limit: int = 200) -> int:
        """Send what waits, oldest first; returns how many went out."""
        waiting = list(self.waiting().values_list("pk", flat=True)[:limit])
        return sum(self.deliver(pk) for pk in waiting)


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
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("last error"), max_length=300, blank=True)

    digest = models.CharField(_("kept for a digest"), max_length=10, blank=True)
    unsubscribe = models.CharField(_("address that stops such mails"), max_length=300, blank=True)
    once = models.BooleanField(_("text goes when it is sent"), default=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at", "id"], name="mail_waiting", condition=models.Q(sent_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def headers(self) -> dict[str, str]:
        """What lets mail programs offer a button that ends such mails (RFC 8058)."""
        one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        stop = self.unsubscribe
        return {"List-Unsubscribe": f"<{stop}>"} | one_click if stop else {}

    def deliver(self) -> bool:
        """Hand the mail to the mail server; a failure is written down and tried again later."""
        self.tries += 1
        try:
            EmailMessage(self.subject, self.body, to=[self.to], headers=self.headers()).send()
        except (
            OSError,
            ValueError,
        ) as error:  # smtplib's, a bad address's
            self.error = str(error)[:300]
        else:
            self.sent_at, self.error = timezone.now(), ""
            self.body = "" if self.once else self.body
        self.save(update_fields=["tries", "sent_at", "error", "body"])
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
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answer_once")]

    def __str__(self) -> str:
        return self.key

"""Mails of the secretariat to those who have to do with an edition."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.jobs.models import Job, JobQuerySet
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from forum.edition.models import Edition
from forum.mailing.placeholders import require_known
from forum.mailing.segments import Segment
from forum.registration.models import RegistrationTag

MAX_SUBJECT, MAX_TEXT = 150, 10_000


class MailingQuerySet(JobQuerySet):
    def of_edition(self, edition: Edition) -> Self:
        return self.filter(edition=edition).select_related("by").order_by("-pk")


class Mailing(Job):
    """One text, in several languages, to some segments. It is a draft until somebody has looked
    at the number of recipients; then their list is fixed, and a worker writes to each once."""

    LEASE: ClassVar[Any] = Job.LEASE

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        QUEUED = "queued", _("Waiting to be processed")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be done")
        CANCELLED = "cancelled", _("cancelled")

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="mailings", verbose_name=_("edition")
    )
    segments = ArrayField(
        models.CharField(max_length=12, choices=Segment.choices),
        verbose_name=_("to"),
    )
    countries = models.ManyToManyField(
        "reference.Country",
        blank=True,
        related_name="+",
        verbose_name=_("only people of these countries"),
        help_text=_("None chosen: all. People without a country are then left out."),
    )
    tags = models.ManyToManyField(
        RegistrationTag,
        blank=True,
        related_name="+",
        verbose_name=_("only people with these tags"),
        help_text=_("None chosen: all."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail to a segment")
        verbose_name_plural = _("e-mails to segments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(segments__len__gt=0), name="mailing_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        text = self.text_for("en")
        return text.subject if text else str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("forum:mailing", args=[self.edition.slug, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def text_for(self, language: str) -> "MailingText | None":
        """The text in this language, else the English one, else any."""
        texts = {text.language: text for text in self.texts.all()}
        return (
            texts.get(language) or texts.get("en") or next(iter(texts.values()), None)
        )

    @transaction.atomic
    def start(self, people: list[tuple[int | None, str]], by: User) -> bool:
        """Fix the list of recipients and hand the work over, once; False when that was done.

        `people` are pairs of an account, or None, and an address.
        """
        mailing = Mailing.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if not mailing.is_draft:
            return False
        Recipient.objects.bulk_create(
            (
                Recipient(mailing=mailing, user_id=user, address=address)
                for user, address in people
            ),
            ignore_conflicts=True,
        )
        mailing.log_move("send", "draft", "queued", by)
        return mailing.enqueue()

    def log_move(self, move: str, source: str, target: str, by: User) -> None:
        StatusChange.objects.create(
            record_kind="forum.mailing",
            record_id=self.pk,
            move=move,
            source=source,
            target=target,
            by=by,
        )

    def figures(self) -> dict[str, int]:
        """How many mails there are to write, were written, were sent, failed, came back, or were
        not wanted."""
        rows = self.recipients.all()
        sent = Q(mail__sent_at__isnull=False)
        return rows.aggregate(
            all=Count("pk"),
            written=Count("pk", filter=~Q(outcome="")),
            sent=Count("pk", filter=sent),
            failing=Count("pk", filter=Recipient.FAILING),
            came_back=Count("pk", filter=Recipient.CAME_BACK),
            refused=Count("pk", filter=Q(outcome=Recipient.Outcome.REFUSED)),
        )

    def retry_failed(self) -> int:
        """Try the mails again at once that the mail server has refused; returns how many."""
        failing = self.recipients.filter(Recipient.FAILING).values("mail")
        return OutgoingMail.objects.filter(pk__in=failing).try_again()


class MailingText(models.Model):
    """Subject and text in one language; signs in braces are filled in for each reader."""

    mailing = models.ForeignKey(
        Mailing, models.CASCADE, related_name="texts", verbose_name=_("e-mail")
    )
    language = models.CharField(
        _("language of the text"), max_length=8, choices=settings.LANGUAGES
    )
    subject = models.CharField(
        _("subject"), max_length=MAX_SUBJECT, validators=[require_known]
    )
    text = models.TextField(_("text"), max_length=MAX_TEXT, validators=[require_known])

    class Meta:
        verbose_name = _("text of an e-mail")
        verbose_name_plural = _("texts of e-mails")
        ordering = ["mailing", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "language"], name="mailing_text_once"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Recipient(models.Model):
    """One address of a mailing, and the mail that was written to it."""

    FAILING: ClassVar[Q] = Q(
        mail__isnull=False,
        mail__sent_at=None,
        mail__tries__gt=0,
        mail__withdrawn_at=None,
    )

    CAME_BACK: ClassVar[Q] = Q(mail__came_back_at__isnull=False)

    class Outcome(models.TextChoices):
        WRITTEN = "written", _("written")
        REFUSED = "refused", _("does not want such e-mails")

    mailing = models.ForeignKey(
        Mailing, models.CASCADE, related_name="recipients", verbose_name=_("e-mail")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("account"),
    )
    address = models.EmailField(_("e-mail address"))
    outcome = models.CharField(
        _("outcome"), max_length=8, choices=Outcome.choices, blank=True
    )
    mail = models.ForeignKey(
        OutgoingMail,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("outgoing e-mail"),
    )

    class Meta:
        verbose_name = _("recipient of an e-mail")
        verbose_name_plural = _("recipients of e-mails")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "address"], name="mailing_recipient_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["mailing", "id"],
                name="mailing_unwritten",
                condition=Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return self.address

"""Letters about outcomes: their templates, drafts, and batches that leave after a second look."""

import logging
from typing import Any, ClassVar, Self

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.forms.values import refuse_unreadable
from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from common.mail import outbox
from common.mail.models import OutgoingMail
from common.moves.models import StatusChange
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.letter.audience import Outcome, may_be_told
from prizes.letter.placeholders import require_filled, require_known

MAX_SUBJECT, MAX_TEXT = 150, 10_000
MAX_LETTER = 30_000  # a template, and ten experts whose feedback is as long as can be
SENTENCE = 300

log = logging.getLogger(__name__)


class LetterTemplate(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """What all owners of entries with one outcome read, each in their language."""

    contest = models.ForeignKey(
        Contest,
        models.CASCADE,
        related_name="letter_templates",
        verbose_name=_("contest"),
    )
    outcome = models.CharField(_("outcome"), max_length=13, choices=Outcome.choices)
    subject = models.CharField(
        _("subject"),
        max_length=MAX_SUBJECT,
        validators=[refuse_unreadable, require_known],
    )
    text = models.TextField(
        _("text"),
        max_length=MAX_TEXT,
        validators=[refuse_unreadable, require_known],
        help_text=_(
            "It can name {name}, {title}, {organization}, {category}, {contest}, {reason}, "
            "{feedback}, {page} and {certificate} of the entry. {reason} is the text for the "
            "entrant, never the one for the file; {feedback} is what the experts wrote for the "
            "entrant and the secretariat has approved."
        ),
    )

    class Meta:
        verbose_name = _("template of a letter")
        verbose_name_plural = _("templates of letters")
        ordering = ["contest", "outcome"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "outcome"],
                name="prize_letter_template_once",
                violation_error_message=_(
                    "This contest has a template for this outcome already."
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())

    def language_for(self, language: str) -> str:
        """This language if the template has subject and text in it, else English."""
        parts = (f"{name}_{language.replace('-', '_')}" for name in ("subject", "text"))
        return language if all(getattr(self, part, "") for part in parts) else "en"

    def texts(self, language: str) -> tuple[str, str]:
        """Subject and text in this language."""
        with translation.override(language):
            return str(self.subject), str(self.text)


class LetterBatch(Job):
    """Letters about one outcome of one contest, drafted together.

    A letter leaves only when another officer than the one who wrote it has approved it; a worker
    then puts each into the outbox of mails, once.
    """

    LEASE: ClassVar[Any] = Job.LEASE

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        QUEUED = "queued", _("Waiting to be processed")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Could not be done")
        CANCELLED = "cancelled", _("cancelled")

    contest = models.ForeignKey(
        Contest,
        models.PROTECT,
        related_name="letter_batches",
        verbose_name=_("contest"),
    )
    outcome = models.CharField(_("outcome"), max_length=13, choices=Outcome.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("drafted by"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of letters")
        verbose_name_plural = _("batches of letters")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="letter_batch_live",
                condition=Q(state__in=LIVE),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest}: {self.get_outcome_display()} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse(
            "admin:prizes_contest_letter_batch", args=[self.contest_id, self.pk]
        )

    def log_move(self, move: str, user: User | None, note: str = "") -> None:
        StatusChange.objects.create(
            record_kind="prizes.letterbatch",
            record_id=self.pk,
            move=move,
            source=self.state,
            target=self.state,
            by=user,
            note=note,
        )

    def figures(self, user: User) -> dict[str, int]:
        """How many letters are in which state; without those to this officer."""
        states = {
            state: Count("pk", filter=Q(state=state)) for state in Letter.State.values
        }
        return self.letters.seen_by(user).aggregate(
            total=Count("pk"),
            delivered=Count("pk", filter=Q(mail__sent_at__isnull=False)),
            failing=Count("pk", filter=Letter.FAILING),
            bounced=Count("pk", filter=Letter.CAME_BACK),
            **states,
        )

    @transaction.atomic
    def stop(self, user: Any) -> bool:
        """End it; letters that have not left are drafts again. False when it is over."""
        stopped = self.cancel()
        if stopped:
            waiting = self.letters.filter(state=Letter.State.APPROVED)
            waiting.update(state=Letter.State.DRAFT, approved_by=None)
            self.log_move("cancel", user)
        return stopped

    def work(self) -> int:
        """Send what is approved, each letter in a transaction of its own; returns how many were
        dealt with. Raises LeaseLostError when staff have stopped it."""
        approved = self.letters.filter(state=Letter.State.APPROVED)
        left, done = max(approved.count(), 1), 0
        while self._next():
            done += 1
            self.advance(min(100, 100 * done // left))
        self.finish()
        return done

    @transaction.atomic
    def _next(self) -> bool:
        """Deal with the next letter, if there is one: mail and state are written together, so
        that a worker that dies leaves neither or both. Raises LeaseLostError."""
        if not self.held().select_for_update().exists():
            raise LeaseLostError
        rows = self.letters.filter(state=Letter.State.APPROVED)
        letter = rows.select_related("entry__owner").order_by("pk").first()
        if letter is None:
            return False
        try:
            with transaction.atomic():
                letter.send()
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception("letter %s could not be sent", letter.pk)
            letter.mail = None
            letter.refuse(gettext("Something went wrong. Nothing was sent."))
        letter.save(update_fields=["state", "mail", "sentence"])
        return True


class LetterQuerySet(models.QuerySet["Letter"]):
    def seen_by(self, user: User) -> Self:
        """Without letters about entries that concern this officer: nobody decides on one's own."""
        own = Entry.objects.concerning(user).order_by()
        return self.exclude(entry__in=own.values("pk"))

    def to_approve(self, user: User) -> Self:
        """Drafts that somebody else has written."""
        drafts = self.seen_by(user).filter(state=Letter.State.DRAFT)
        writers = User.objects.filter(pk__in=drafts.order_by().values("written_by"))
        own = [writer.pk for writer in writers if user.is_same_person(writer)]
        return drafts.exclude(written_by__in=own)

    def came_back(self) -> Self:
        """Letters that did not arrive, as the mailbox of returned mail or an officer says, and
        that nobody has seen to."""
        return self.filter(Letter.CAME_BACK, is_settled=False)

    def bare(self) -> Self:
        return self.filter(Q(subject="") | Q(text=""))


class Letter(models.Model):
    """The letter to the owner of one entry about one outcome: there is one, whatever happens."""

    FAILING: ClassVar[Q] = Q(
        mail__isnull=False,
        mail__sent_at=None,
        mail__tries__gt=0,
        mail__withdrawn_at=None,
    )

    CAME_BACK: ClassVar[Q] = ~Q(bounce="") | Q(mail__came_back_at__isnull=False)

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved, to be sent")
        SENT = "sent", _("In the outbox")
        REFUSED = "refused", _("Not sent")

    batch = models.ForeignKey(
        LetterBatch, models.PROTECT, related_name="letters", verbose_name=_("batch")
    )
    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="letters", verbose_name=_("entry")
    )
    outcome = models.CharField(_("outcome"), max_length=13, choices=Outcome.choices)
    language = models.CharField(
        _("language of the text"), max_length=8, choices=settings.LANGUAGES
    )
    subject = models.CharField(
        _("subject"), max_length=MAX_SUBJECT, validators=[require_filled]
    )
    text = models.TextField(
        _("text"), max_length=MAX_LETTER, validators=[require_filled]
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT
    )
    sentence = models.CharField(_("why not"), max_length=SENTENCE, blank=True)
    mail = models.OneToOneField(
        OutgoingMail,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("outgoing e-mail"),
    )
    bounce = models.CharField(
        _("came back"),
        max_length=SENTENCE,
        blank=True,
        validators=[refuse_unreadable],
        help_text=_(
            "What the mail server of the reader answered, or how you know it. What the portal has "
            "read in a returned e-mail stands above and is counted without it."
        ),
    )
    is_settled = models.BooleanField(
        _("seen to"),
        default=False,
        help_text=_(
            "Its reader was told in another way, or need not be. The letter then leaves the list "
            "of those that came back."
        ),
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "outcome"], name="prize_letter_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")),
                name="prize_letter_by_two",
                violation_error_message=_("A second person must confirm."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "sent"))
                | Q(approved_by__isnull=False),
                name="prize_letter_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "id"], name="prize_letter_state")
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse(
            "admin:prizes_contest_letter",
            args=[self.batch.contest_id, self.batch_id, self.pk],
        )

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def returned(self) -> str:
        """Why it did not arrive: what an officer wrote, else what the other mail server said."""
        return self.bounce or (self.mail.answer if self.mail else "")

    @property
    def body(self) -> dict[str, str]:
        """What the template of the mail is told."""
        return {"subject": self.subject, "body": self.text}

    def send(self) -> None:
        """Put it into the outbox if its reader may be told now; else say why not. The caller
        saves it in the same transaction."""
        entries = Entry.objects.filter(pk=self.entry_id)
        if not may_be_told(entries, self.outcome).exists():
            self.refuse(
                gettext("The outcome is not public, or it is another one by now.")
            )
            return
        owner = self.entry.owner
        self.mail = outbox.send("prizes/letter", owner, self.body) if owner else None
        if self.mail is None:
            self.refuse(gettext("The owner has no account any more."))
            return
        self.state = self.State.SENT

    def refuse(self, sentence: str) -> None:
        self.state = self.State.REFUSED
        self.sentence = sentence[:SENTENCE]

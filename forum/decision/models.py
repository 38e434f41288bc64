"""Dispositions that are set, but not sent: the letters of an edition, and how they leave."""

import logging
import re
from typing import Any, Self

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from forum.base.status import SubmissionStatus
from forum.consultation.models import Submission
from forum.consultation.workflow import WAITING
from forum.edition.models import Edition

log = logging.getLogger(__name__)


class Disposition(models.TextChoices):
    """Moves of a submission that can be prepared for many; their names are those of the table."""

    ACCEPT = "accept", _("Accept")
    NOTE = "note", _("Noted")
    DECLINE = "decline", _("Not used")


# What a letter may name, and where it stands in the submission.
PLACEHOLDERS = ("number", "title", "organization", "edition")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def refuse_unknown(text: str) -> None:
    """Raises ValidationError for a word in braces that no letter knows."""
    for word in IN_BRACES.findall(text):
        if word not in PLACEHOLDERS:
            known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise ValidationError(
                _("“{%(word)s}” is not known. A letter can name: %(known)s"),
                params={"word": word, "known": known},
            )


class Letter(models.Model):  # type: ignore[django-manager-missing]  # modeltranslation wraps it
    """What all authors with the same disposition read, in their language."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="letters", verbose_name=_("edition")
    )
    move = models.CharField(
        _("disposition"), max_length=10, choices=Disposition.choices
    )
    text = models.TextField(
        _("text"),
        max_length=1200,
        validators=[refuse_unreadable, refuse_unknown],
        help_text=_(
            "It can name {number}, {title}, {organization} and {edition} of the submission."
        ),
    )

    class Meta:
        verbose_name = _("letter on a disposition")
        verbose_name_plural = _("letters on dispositions")
        ordering = ["edition", "move"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "move"],
                name="letter_once",
                violation_error_message=_(
                    "This edition has a letter for this disposition already."
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_move_display())

    def filled(self, submission: Submission) -> str:
        """The text in the language of the author, with what it names."""
        with translation.override(submission.owner.language):
            values = {
                "number": submission.number,
                "title": submission.title,
                "organization": submission.organization_name,
                "edition": str(submission.edition),
            }
            return IN_BRACES.sub(lambda found: values[found[1]], self.text)


class PendingQuerySet(models.QuerySet["PendingDisposition"]):
    def open(self, edition: Edition) -> Self:
        """Those that can still be sent: the submission has not moved on without them."""
        done = models.Q(move="accept", submission__status=SubmissionStatus.ACCEPTED)
        rows = self.filter(submission__edition=edition, submission__status__in=WAITING)
        return rows.exclude(done).select_related(
            "submission__owner", "submission__edition", "by"
        )


class PendingDisposition(models.Model):
    """A disposition that staff have set and only staff see, until its letter is sent."""

    submission = models.OneToOneField(
        Submission,
        models.CASCADE,
        related_name="pending",
        verbose_name=_("submission"),
    )
    move = models.CharField(
        _("disposition"), max_length=10, choices=Disposition.choices
    )
    remark = models.CharField(
        _("remark"), max_length=500, blank=True, validators=[refuse_unreadable]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now=True)

    objects = PendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending disposition")
        verbose_name_plural = _("pending dispositions")
        ordering = ["submission"]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_move_display()}"

    def note(self, letters: dict[str, Letter]) -> str:
        """The text of its letter: the one of the edition, and the remark for this author."""
        letter = letters.get(self.move)
        parts = [letter.filled(self.submission) if letter else "", self.remark]
        return "\n\n".join(part for part in parts if part)


class Dispatch(Job):
    """Letters that are sent together, as they were when somebody looked at them a second time."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="dispatches", verbose_name=_("edition")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch of letters")
        verbose_name_plural = _("dispatches of letters")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="dispatch_live",
                condition=models.Q(state__in=LIVE),
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("forum:dispatch", args=[self.pk])

    def progress(self) -> dict[str, int]:
        """How many letters by outcome, and how many in all."""
        rows = self.items.order_by().values_list("outcome")
        counts = dict(rows.annotate(models.Count("pk")))
        outcomes = DispatchItem.Outcome.values
        return {name: counts.get(name, 0) for name in outcomes} | {
            "total": sum(counts.values()),
            "came_back": self.came_back().count(),
        }

    def came_back(self) -> "models.QuerySet[DispatchItem]":
        """The letters that did not arrive."""
        rows = self.items.filter(mail__came_back_at__isnull=False)
        return rows.select_related("submission__edition", "mail")

    def work(self) -> int:
        """Send what is left, each letter in its own transaction; returns how many were dealt
        with. Raises LeaseLostError when staff have stopped it."""
        total = max(self.items.count(), 1)
        left = self.items.filter(outcome=DispatchItem.Outcome.WAITING).count()
        done = 0
        while self._next():
            done += 1
            self.advance(min(100, 100 * (total - left + done) // total))
        self.finish()
        return done

    @transaction.atomic
    def _next(self) -> bool:
        """Deal with the next letter, if there is one. Raises LeaseLostError."""
        if not self.held().select_for_update().exists():
            raise LeaseLostError
        waiting = self.items.filter(outcome=DispatchItem.Outcome.WAITING)
        item = waiting.select_related("submission").order_by("pk").first()
        if item is None:
            return False
        item.outcome = DispatchItem.Outcome.REFUSED
        try:
            with transaction.atomic():
                item.submission.move(item.move, self.by, item.note)
                PendingDisposition.objects.filter(submission=item.submission).delete()
        except MoveRefused as error:
            item.sentence = str(error.message)[:300]
        except ValidationError as error:
            item.sentence = " ".join(error.messages)[:300]
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception("dispatch %s: item %s could not be sent", self.pk, item.pk)
            item.sentence = gettext("Something went wrong. Nothing was sent.")
        else:
            item.outcome = DispatchItem.Outcome.SENT
            item.mail = item.letter()
        item.save(update_fields=["outcome", "sentence", "mail"])
        return True


class DispatchItem(models.Model):
    """One letter of a dispatch: its text is the one that was looked at."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("rejected")

    dispatch = models.ForeignKey(
        Dispatch, models.CASCADE, related_name="items", verbose_name=_("dispatch")
    )
    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", verbose_name=_("submission")
    )
    move = models.CharField(
        _("disposition"), max_length=10, choices=Disposition.choices
    )
    note = models.TextField(_("text"), blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING
    )
    sentence = models.CharField(_("why not"), max_length=300, blank=True)
    mail = models.ForeignKey(
        OutgoingMail,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("outgoing e-mail"),
    )

    class Meta:
        verbose_name = _("letter of a dispatch")
        verbose_name_plural = _("letters of a dispatch")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "submission"], name="dispatch_item_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["dispatch", "outcome", "id"], name="dispatch_item_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.get_outcome_display()}"

    def letter(self) -> OutgoingMail | None:
        """The mail to the author that its move has just caused."""
        change = self.submission.history().filter(move=self.move).first()
        return change.mails.first() if change else None


def letters_of(edition: Edition) -> dict[str, Any]:
    """Disposition → letter."""
    return {letter.move: letter for letter in edition.letters.all()}

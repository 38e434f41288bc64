"""Questions to people who need no account: each is answered behind a link in a mail.

Every mail has a link of its own, and all links of a question lead to the same form until it is
answered, withdrawn, or its last day has passed.
"""

import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.dates.zones import geneva
from common.mail.addresses import AddressField
from common.mail.links import Linked, LinkedQuerySet

GRACE = datetime.timedelta(days=14)  # a link works so long after the deadline
MIN_WORDS, MAX_WORDS, USUAL_WORDS = 50, 5000, 500
MAX_QUESTION, MAX_NOTE, MAX_NAME, MAX_DRAFT = 2000, 2000, 200, 40_000
MAX_BOX = 2000  # characters of a project box
REMIND_BEFORE = datetime.timedelta(days=3)


def today() -> datetime.date:
    """The day in Geneva, where deadlines end."""
    return timezone.localdate(timezone=geneva())


class State(models.TextChoices):
    """How far a contribution has come; what follows from its times."""

    ASKED = "asked", _("Asked for")
    OPENED = "opened", _("Opened")
    LATE = "late", _("Late")
    RETURNED = "returned", _("Returned")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", pgettext_lazy("contribution", "Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ContributionQuerySet(LinkedQuerySet["Contribution"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def awaited(self) -> Self:
        """Those whose text may still come."""
        return self.standing().filter(sent_at=None, ends_on__gte=today())

    def long_over(self, moment: datetime.datetime) -> Self:
        """Those whose link had ended by this moment, of reports that nobody has published since.
        Until it ends they may be written to, also after the deadline."""
        versions = "block__section__report__publications__snapshots"
        published_at = Max(f"{versions}__published_at")
        rows = self.annotate(published_at=published_at)
        return rows.filter(
            Q(published_at=None) | Q(published_at__lte=moment),
            ends_on__lt=moment.date(),
        )

    def to_be_reminded(self) -> Self:
        """Nobody was reminded yet that the deadline is near."""
        near = today() + REMIND_BEFORE
        coming = Q(deadline__gte=today(), deadline__lte=near)
        return self.awaited().filter(coming, reminded_at=None)

    def to_be_reminded_late(self) -> Self:
        """The deadline has passed, and nobody was told yet."""
        return self.awaited().filter(deadline__lt=today(), late_reminded_at=None)


class Contribution(Linked):
    """A text that the person of an agency was asked to write for a block of a report.

    While the link is open the text is a draft here; sent, it is the text of the block.
    """

    block = models.ForeignKey(
        "reports.Block",
        models.CASCADE,
        related_name="contributions",
        verbose_name=_("block"),
    )
    name = models.CharField(_("name"), max_length=MAX_NAME)
    email = AddressField(_("e-mail address"))
    agency = models.CharField(
        _("agency"), max_length=MAX_NAME, help_text=_("Printed as the author.")
    )
    language = models.CharField(
        _("language of the e-mail"), max_length=8, choices=settings.LANGUAGES
    )
    question = models.TextField(
        _("what is asked"),
        max_length=MAX_QUESTION,
        validators=[MaxLengthValidator(MAX_QUESTION)],
    )
    words = models.PositiveSmallIntegerField(
        _("length in words"),
        default=USUAL_WORDS,
        validators=[MinValueValidator(MIN_WORDS), MaxValueValidator(MAX_WORDS)],
    )
    deadline = models.DateField(_("deadline"))
    ends_on = models.DateField(_("the link works until"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    text = models.TextField(
        _("draft"), blank=True, validators=[MaxLengthValidator(MAX_DRAFT)]
    )
    note = models.TextField(
        _("note"),
        blank=True,
        max_length=MAX_NOTE,
        validators=[MaxLengthValidator(MAX_NOTE)],
        help_text=_("Why the text was returned."),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    saved_at = models.DateTimeField(_("saved at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    returned_at = models.DateTimeField(_("returned at"), null=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    late_reminded_at = models.DateTimeField(
        _("reminded after the deadline at"), null=True
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["block"],
                condition=Q(withdrawn_at=None),
                name="contribution_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("deadline")),
                name="contribution_dates_in_order",
                violation_error_message=_("The link ends before the deadline."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="contribution_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(sent_at__isnull=False),
                name="contribution_accepted_when_sent",
            ),
        ]
        indexes = [GinIndex(fields=["tokens"], name="contribution_tokens")]

    def __str__(self) -> str:
        return f"{self.agency}: {self.name}"

    @property
    def state(self) -> State:
        if self.withdrawn_at:
            return State.WITHDRAWN
        if self.accepted_at:
            return State.ACCEPTED
        if self.sent_at:
            return State.SENT
        if self.is_late:
            return State.LATE
        if self.returned_at:
            return State.RETURNED
        return State.OPENED if self.opened_at else State.ASKED

    @property
    def is_late(self) -> bool:
        return self.sent_at is None and self.deadline < today()

    @property
    def has_ended(self) -> bool:
        return self.ends_on < today()

    @property
    def is_open(self) -> bool:
        """Whether the person may write: not sent, not withdrawn, not after the last day."""
        return not (self.withdrawn_at or self.sent_at or self.has_ended)

    def stamp(self, *names: str, **values: Any) -> None:
        """Store that this happened now, and what came with it."""
        values |= dict.fromkeys(names, timezone.now())
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))


class Answer(models.TextChoices):
    """What an owner says about the box of a project."""

    CONFIRMED = "confirmed", _("Confirmed")
    AMENDED = "amended", _("Amended")
    REFUSED = "refused", _("Left out of the report")


class BoxState(models.TextChoices):
    """How a box came to its text; frozen with it."""

    ASKED = "asked", _("The owner was asked")
    CONFIRMED = "confirmed", _("The owner confirmed it")
    PROPOSED = "proposed", _("The owner proposes another text")
    AMENDED = "amended", _("In the words of the owner")
    REFUSED = "refused", _("The owner does not want it in the report")
    SILENT = "silent", _("The owner did not answer")


class BoxQuestionQuerySet(LinkedQuerySet["BoxQuestion"]):
    """A link leads to all boxes of one owner that a mail asks about."""


class BoxQuestion(Linked):
    """The owner of a project is asked whether its box may be printed as it is."""

    block = models.ForeignKey(
        "reports.Block",
        models.CASCADE,
        related_name="box_questions",
        verbose_name=_("block"),
    )
    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="box_questions",
        verbose_name=_("project"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="box_questions",
        verbose_name=_("owner"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    ends_on = models.DateField(_("the link works until"))
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer.choices, blank=True
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    text = models.TextField(
        _("text of the box"),
        blank=True,
        max_length=MAX_BOX,
        validators=[MaxLengthValidator(MAX_BOX)],
        help_text=_("As the owner confirmed or proposed it."),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )

    objects = BoxQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a project box")
        verbose_name_plural = _("questions about project boxes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["block", "project"], name="box_question_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="box_question_answered_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                    answer=Answer.AMENDED,
                ),
                name="box_question_accepted_by_somebody",
            ),
        ]
        indexes = [GinIndex(fields=["tokens"], name="box_question_tokens")]

    def __str__(self) -> str:
        return str(self.project)

    @property
    def is_open(self) -> bool:
        return self.ends_on >= today()

    @property
    def state(self) -> BoxState:
        if self.answer == Answer.AMENDED and not self.accepted_at:
            return BoxState.PROPOSED
        if self.answer:
            return BoxState(self.answer)
        return BoxState.ASKED if self.is_open else BoxState.SILENT

"""One decision about many screened entries, by a worker: those that pass every check are accepted,
others are returned or rejected for one reason; and all is taken back at once."""

import datetime
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.jobs.batches import BatchItemBase, BatchOfMoves, Outcome
from common.jobs.models import LIVE
from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import PRIZE_WORKFLOW, UNDO_ALLOWED
from prizes.screening.models import EntryReason, Screening

State = Screening.State
MAIL_WAITS = UNDO_ALLOWED + datetime.timedelta(minutes=5)


class Decision(NamedTuple):
    """A move that can be made of many entries: `of` are the states of the screening that it
    takes, `undo` is the move back, offered as long as `undo_offered` after the batch."""

    of: tuple[Screening.State, ...]
    undo: str
    undo_offered: datetime.timedelta
    needs_reason: bool = True


# Nobody is written to when an entry is accepted, so that can be undone for a day; experts who have
# an entry end it earlier. Mails about the others wait until no undo can come any more.
HALF_OF_IT = UNDO_ALLOWED / 2  # the batch itself takes time, too
DECISIONS = {
    "accept": Decision(
        (State.PASSED,), "reopen", datetime.timedelta(days=1), needs_reason=False
    ),
    "send_back": Decision((State.FAILED, State.UNCLEAR), "undo", HALF_OF_IT),
    "refuse": Decision((State.FAILED,), "undo", HALF_OF_IT),
}


def notes_of(reason: EntryReason) -> dict[str, str]:
    """Language → the reason as owners read it, in English where it has no text of theirs."""
    worded = ((code, reason.wording(code)) for code, _name in settings.LANGUAGES)
    return {code: text.text for code, text in worded if text}


class ScreeningBatch(BatchOfMoves):
    """Its entries, and the wording of its reason, are those of the preview."""

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="+", verbose_name=_("contest")
    )
    notes = models.JSONField(_("reason by language"), default=dict, blank=True)

    class Meta(BatchOfMoves.Meta):
        verbose_name = _("batch of screened entries")
        verbose_name_plural = _("batches of screened entries")
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="screening_batch_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{PRIZE_WORKFLOW[self.move].label} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse(
            "admin:prizes_contest_screening_batch", args=[self.contest_id, self.pk]
        )

    @property
    def decision(self) -> Decision:
        return DECISIONS[self.move]

    @property
    def undo_offered(self) -> datetime.timedelta:
        return self.decision.undo_offered

    def start(self, ids: list[int]) -> None:
        self.save()
        ScreeningBatchItem.objects.bulk_create(
            ScreeningBatchItem(batch=self, entry_id=pk) for pk in ids
        )

    def apply(self, item: "ScreeningBatchItem") -> None:
        entry = item.entry
        if self.undo_at:
            entry.move(self.decision.undo, self.by)
            item.outcome = Outcome.UNDONE
            return
        screening = Screening.objects.filter(entry=item.entry_id).first()
        if screening is None or screening.state not in self.decision.of:
            raise MoveRefused(_("Its answers were changed after the preview."))
        if entry.submitted_at and entry.submitted_at > self.previewed_at:
            raise MoveRefused(_("It was submitted again after the preview."))
        language = entry.owner.language if entry.owner else settings.LANGUAGE_CODE
        moved = entry.move(self.move, self.by, self.notes.get(language, ""))
        if self.decision.needs_reason:
            OutgoingMail.objects.hold_back(moved.history()[0], MAIL_WAITS)
        item.outcome = Outcome.DONE


class ScreeningBatchItemQuerySet(models.QuerySet["ScreeningBatchItem"]):
    def for_work(self) -> Self:
        return self.select_related("entry__contest", "entry__owner")


class ScreeningBatchItem(BatchItemBase):
    batch = models.ForeignKey(
        ScreeningBatch, models.CASCADE, related_name="items", verbose_name=_("batch")
    )
    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="+", verbose_name=_("entry")
    )

    objects = ScreeningBatchItemQuerySet.as_manager()

    class Meta(BatchItemBase.Meta):
        verbose_name = _("entry of a batch")
        verbose_name_plural = _("entries of a batch")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "entry"], name="screening_batch_item_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "outcome", "id"], name="screening_batch_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.get_outcome_display()}"

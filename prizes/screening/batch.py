"""All entries that pass every check are accepted at once, by a worker; and taken back at once."""

import datetime
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.jobs.batches import BatchItemBase, BatchOfMoves, Outcome
from common.jobs.models import LIVE
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import PRIZE_WORKFLOW
from prizes.screening.models import Screening


class ScreeningBatch(BatchOfMoves):
    """Its entries are those of the preview. Nobody is written to when an entry is accepted, so
    the undo can be offered for a day; experts who have an entry end it earlier."""

    UNDO_OFFERED = datetime.timedelta(days=1)
    UNDO = "reopen"

    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="+", verbose_name=_("contest")
    )

    class Meta(BatchOfMoves.Meta):
        verbose_name = _("batch of accepted entries")
        verbose_name_plural = _("batches of accepted entries")
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

    def start(self, ids: list[int]) -> None:
        self.save()
        ScreeningBatchItem.objects.bulk_create(
            ScreeningBatchItem(batch=self, entry_id=pk) for pk in ids
        )

    def apply(self, item: "ScreeningBatchItem") -> None:
        if self.undo_at:
            item.entry.move(self.UNDO, self.by)
            item.outcome = Outcome.UNDONE
            return
        screening = Screening.objects.filter(entry=item.entry_id).first()
        if screening is None or screening.state != Screening.State.PASSED:
            raise MoveRefused(_("Its answers were changed after the preview."))
        item.entry.move(self.move, self.by)
        item.outcome = Outcome.DONE


class ScreeningBatchItemQuerySet(models.QuerySet["ScreeningBatchItem"]):
    def for_work(self) -> Self:
        return self.select_related("entry__contest")


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

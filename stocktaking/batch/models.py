"""Batches: one decision about many projects, whose ids were frozen at the preview."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.jobs.batches import BatchItemBase, BatchOfMoves, Outcome
from common.jobs.models import LIVE
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import UNDO_OFFERED
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.review.models import DeskAssignment
from stocktaking.revision.models import Revision, subject_of

BATCH_AT_MOST = 500


class Batch(BatchOfMoves):
    """The decision, its projects as items, and how far it is; an undo is a second turn at it."""

    UNDO_OFFERED = UNDO_OFFERED

    notes = models.JSONField(_("reason by language"), default=dict, blank=True)

    class Meta(BatchOfMoves.Meta):
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="batch_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{PROJECT_WORKFLOW[self.move].label} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("admin:stocktaking_project_batch", args=[self.pk])

    def start(self, ids: list[int]) -> None:
        """Store the projects of the batch; projects submitted later are never included."""
        self.save()
        BatchItem.objects.bulk_create(
            BatchItem(batch=self, project_id=pk) for pk in ids
        )

    def apply(self, item: "BatchItem") -> None:
        if self.undo_at:
            (item.revision or item.project).move("undo", self.by)
            item.outcome = Outcome.UNDONE
            return
        if (
            DeskAssignment.objects.live()
            .exclude(by=self.by)
            .filter(project=item.project_id)
            .exists()
        ):
            raise MoveRefused(_("A colleague is working on this submission."))
        subject = subject_of(item.project)
        if subject.submitted_at and subject.submitted_at > self.previewed_at:
            raise MoveRefused(_("It was submitted again after the preview."))
        owner = item.project.owner
        language = owner.language if owner else "en"
        subject.move(self.move, self.by, self.notes.get(language, ""))
        item.revision = subject if isinstance(subject, Revision) else None
        DeskAssignment.objects.release(self.by, [item.project_id])
        item.outcome = Outcome.DONE


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def for_work(self) -> Self:
        return self.select_related("project__owner", "revision")


class BatchItem(BatchItemBase):
    batch = models.ForeignKey(
        Batch, models.CASCADE, related_name="items", verbose_name=_("batch")
    )
    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="+",
        verbose_name=_("project"),
    )
    revision = models.ForeignKey(
        "stocktaking.Revision",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("new version"),
    )

    objects = BatchItemQuerySet.as_manager()

    class Meta(BatchItemBase.Meta):
        verbose_name = _("project of a batch")
        verbose_name_plural = _("projects of a batch")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "project"], name="batch_item_once"
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "id"], name="batch_item_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.get_outcome_display()}"

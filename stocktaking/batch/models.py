"""Batches: one decision about many projects, whose ids were frozen at the preview."""

import logging
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from common.moves.workflow import MoveRefused
from stocktaking.base.workflow import UNDO_OFFERED
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.review.models import DeskAssignment
from stocktaking.revision.models import Revision, subject_of

BATCH_AT_MOST = 500
log = logging.getLogger(__name__)


class Batch(Job):
    """The decision, its projects as items, and how far it is; an undo is a second turn at it."""

    move = models.CharField(_("move"), max_length=40)
    notes = models.JSONField(_("reason by language"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    query = models.CharField(_("query"), max_length=1000, blank=True)
    previewed_at = models.DateTimeField(_("previewed at"))
    undo_at = models.DateTimeField(_("undo asked for at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-created_at", "-pk"]
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

    @property
    def can_be_undone(self) -> bool:
        return bool(
            self.finished_at
            and not self.undo_at
            and timezone.now() - self.finished_at < UNDO_OFFERED
        )

    def ask_undo(self) -> bool:
        """Request the undo of the whole batch within a minute; returns whether it is accepted."""
        due = Batch.objects.filter(
            pk=self.pk, undo_at=None, finished_at__gt=Now() - UNDO_OFFERED
        )
        return due.exists() and self.enqueue(undo_at=Now())

    def progress(self) -> dict[str, Any]:
        """Counts of projects by outcome, and the percentage that is done."""
        counts = dict(
            self.items.order_by().values_list("outcome").annotate(models.Count("pk"))
        )
        total = sum(counts.values())
        waiting = counts.get(BatchItem.Outcome.WAITING, 0)
        if self.undo_at and not self.finished_at:
            waiting = counts.get(BatchItem.Outcome.DONE, 0)
        done = total - waiting
        return {
            "total": total,
            "done": done,
            "percent": 100 * done // total if total else 100,
            "made": counts.get(BatchItem.Outcome.DONE, 0),
            "refused": counts.get(BatchItem.Outcome.REFUSED, 0),
            "undone": counts.get(BatchItem.Outcome.UNDONE, 0),
        }

    def work(self) -> int:
        """Deal with what is left, each project in its own transaction; returns how many.

        Raises LeaseLostError when staff have stopped the batch.
        """
        outcome = BatchItem.Outcome.DONE if self.undo_at else BatchItem.Outcome.WAITING
        left = self.items.filter(outcome=outcome).count()
        total = max(self.items.count(), 1)
        done = 0
        while self._next(outcome):
            done += 1
            self.advance(100 * (total - left + done) // total)
        self.finish()
        return done

    @transaction.atomic
    def _next(self, outcome: str) -> bool:
        """Deal with the next open item, if there is one. Raises LeaseLostError.

        The lock of the batch makes staff who stop it, and a worker who takes it over, wait until
        the item is dealt with.
        """
        if not self.held().select_for_update().exists():
            raise LeaseLostError
        left = self.items.filter(outcome=outcome)
        item = left.select_related("project__owner", "revision").order_by("pk").first()
        if item is None:
            return False
        try:
            with transaction.atomic():
                self._apply(item)
        except MoveRefused as error:
            item.outcome, item.sentence = (
                BatchItem.Outcome.REFUSED,
                str(error.message)[:300],
            )
        except ValidationError as error:
            item.outcome, item.sentence = (
                BatchItem.Outcome.REFUSED,
                " ".join(error.messages)[:300],
            )
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception(
                "batch %s: project %s could not be dealt with", self.pk, item.project_id
            )
            item.outcome = BatchItem.Outcome.REFUSED
            item.sentence = gettext(
                "Something went wrong with this project. It was not changed."
            )
        item.save(update_fields=["outcome", "sentence", "revision"])
        return True

    def _apply(self, item: "BatchItem") -> None:
        if self.undo_at:
            (item.revision or item.project).move("undo", self.by)
            item.outcome = BatchItem.Outcome.UNDONE
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
        item.outcome = BatchItem.Outcome.DONE


class BatchItem(models.Model):
    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("rejected")
        UNDONE = "undone", _("undone")

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
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING
    )
    sentence = models.CharField(_("why not"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("project of a batch")
        verbose_name_plural = _("projects of a batch")
        ordering = ["pk"]
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

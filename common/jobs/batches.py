"""One decision about many records, whose ids were frozen at the preview, as a job: each record in
its own transaction, progress, and an undo as a second turn."""

import logging
from datetime import timedelta
from typing import Any, ClassVar

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.jobs.models import Job, JobQuerySet, LeaseLostError
from common.jobs.rows import one_by_one
from common.moves.workflow import MoveRefused

log = logging.getLogger(__name__)


class BatchOfMoves(Job):
    """A model of it has `items` (`BatchItemBase`), and says in `apply` what is done with one."""

    UNDO_OFFERED: ClassVar[timedelta]

    move = models.CharField(_("move"), max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    query = models.CharField(_("query"), max_length=1000, blank=True)
    previewed_at = models.DateTimeField(_("previewed at"))
    undo_at = models.DateTimeField(_("undo asked for at"), null=True, blank=True)

    items: Any

    objects = JobQuerySet.as_manager()

    class Meta(Job.Meta):
        abstract = True
        ordering = ["-created_at", "-pk"]

    def apply(self, item: Any) -> None:
        """Do it with one item, or undo it, and set its outcome. Raises MoveRefused and
        ValidationError."""
        raise NotImplementedError

    @property
    def undo_offered(self) -> timedelta:
        """How long after its end the batch can be undone."""
        return self.UNDO_OFFERED

    @property
    def can_be_undone(self) -> bool:
        return bool(
            self.finished_at
            and not self.undo_at
            and timezone.now() - self.finished_at < self.undo_offered
        )

    def ask_undo(self) -> bool:
        """Request the undo of the whole batch while it is offered; returns whether it is
        accepted."""
        due = self._rows().filter(
            undo_at=None, finished_at__gt=Now() - self.undo_offered
        )
        return due.exists() and self.enqueue(undo_at=Now())

    def progress(self) -> dict[str, Any]:
        """Counts of records by outcome, and the percentage that is done."""
        counts = dict(
            self.items.order_by().values_list("outcome").annotate(models.Count("pk"))
        )
        total = sum(counts.values())
        waiting = counts.get(Outcome.WAITING, 0)
        if self.undo_at and not self.finished_at:
            waiting = counts.get(Outcome.DONE, 0)
        done = total - waiting
        return {
            "total": total,
            "done": done,
            "percent": 100 * done // total if total else 100,
            "made": counts.get(Outcome.DONE, 0),
            "refused": counts.get(Outcome.REFUSED, 0),
            "undone": counts.get(Outcome.UNDONE, 0),
        }

    def work(self) -> int:
        """Deal with what is left, each record in its own transaction; returns how many.

        Raises LeaseLostError when staff have stopped the batch.
        """
        outcome = Outcome.DONE if self.undo_at else Outcome.WAITING
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
        item = self.items.filter(outcome=outcome).for_work().order_by("pk").first()
        if item is None:
            return False
        try:
            with transaction.atomic():
                self.apply(item)
        except MoveRefused as error:
            item.refuse(str(error.message))
        except ValidationError as error:
            item.refuse(" ".join(error.messages))
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception(
                "%s %s: %s could not be dealt with", self._meta, self.pk, item
            )
            item.refuse(
                gettext("Something went wrong with this record. It was not changed.")
            )
        item.save()
        return True


class Outcome(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    REFUSED = "refused", _("rejected")
    UNDONE = "undone", _("undone")


class BatchItemBase(models.Model):
    """One record of a batch; a model of it has `batch` and the record, and a manager with
    `for_work`."""

    SENTENCE_LENGTH: ClassVar[int] = 300

    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING
    )
    sentence = models.CharField(_("why not"), max_length=SENTENCE_LENGTH, blank=True)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def refuse(self, sentence: str) -> None:
        self.outcome = Outcome.REFUSED
        self.sentence = sentence[: self.SENTENCE_LENGTH]


def work_on_waiting(model: Any, task: str, sentence: str) -> int:
    """Take up the batches of a model that nobody works at, also those whose worker was lost;
    returns how many. Safe to run twice. `sentence` ends those that no worker lived through."""
    for batch in model.objects.worn_out():
        batch.give_up(sentence)
    waiting = list(model.objects.waiting().order_by("pk").values_list("pk", flat=True))
    return one_by_one(waiting, lambda pk: work_at(model, pk), task)


def work_at(model: Any, pk: int) -> bool:
    """One worker's turn at a batch; whether it was this worker's."""
    batch = model.objects.acquire(pk)
    if batch is None:
        return False
    try:
        batch.work()
    except LeaseLostError:  # stopped by staff: what is dealt with stays
        return True
    except BaseException:
        batch.release()
        raise
    return True

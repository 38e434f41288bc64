"""The job that builds one version of a publication."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.moves.actors import SystemActor

LEASE = timedelta(
    seconds=12
)  # a worker that does not renew its lease for so long has lost its build


MAX_ATTEMPTS = 4  # then a person must look: the job itself may kill the workers


class BuildQuerySet(models.QuerySet["Build"]):
    """All times are the database's: the clocks of the workers need not agree."""

    def live(self) -> Self:
        return self.filter(state__in=("queued", "running"))

    def waiting(self) -> Self:
        """Builds without a worker: never begun, or begun by a worker whose lease has expired."""
        return self.filter(
            Q(state="queued") | Q(state="running", lease_until__lt=Now())
        )

    def worn_out(self) -> Self:
        return self.waiting().filter(attempts__gte=MAX_ATTEMPTS)

    def acquire(self, pk: int) -> "Build | None":
        """Lease a waiting build under a new token; None when another worker has it.

        One UPDATE decides, so only one of two workers gets it.
        """
        token = uuid.uuid4()
        taken = (
            self.waiting()
            .filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
            .update(
                state="running",
                token=token,
                lease_until=Now() + LEASE,
                attempts=F("attempts") + 1,
                started_at=Coalesce(F("started_at"), Now()),
                error="",
            )
        )
        return self.select_related("publication").get(pk=pk) if taken else None

    def held(self, pk: int, token: uuid.UUID | None) -> Self:
        """The build while this token has the lease: every write of a worker goes through here."""
        return self.filter(pk=pk, token=token, token__isnull=False, state="running")

    def renew(self, pk: int, token: uuid.UUID | None) -> bool:
        """Renew the lease; False when the build was cancelled or belongs to another worker."""
        return bool(self.held(pk, token).update(lease_until=Now() + LEASE))


WORKER = SystemActor("worker")  # makes the moves of background jobs


class LeaseLostError(Exception):
    """The build was cancelled or another worker has it: stop, and write nothing more."""


class Build(models.Model):
    """The job row: the truth about one build, whatever the broker and the workers assume.

    A worker holds it by token and lease; the lease expires when the worker stops renewing it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Step(models.TextChoices):
        SNAPSHOT = "snapshot", _("Collecting the data")
        CHARTS = "charts", _("Drawing the charts")
        PDF = "pdf", _("Creating the PDF")
        XLSX = "xlsx", _("Writing the spreadsheet")
        DATA = "data", _("Writing the data files")

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="builds",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.QUEUED
    )
    step = models.CharField(_("step"), max_length=10, choices=Step.choices, blank=True)
    percent = models.PositiveSmallIntegerField(
        _("percent"), default=0, validators=[MaxValueValidator(100)]
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    note = models.TextField(
        _("note of the amendment"),
        blank=True,
        help_text=_("Shown to readers beside the version."),
    )
    error = models.CharField(_("error"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    token = models.UUIDField(_("token of the worker"), null=True, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = BuildQuerySet.as_manager()

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "version"], name="build_version_once"
            ),
            models.UniqueConstraint(
                fields=["publication"],
                name="build_one_live",
                condition=models.Q(state__in=("queued", "running")),
            ),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="build_percent"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running")
                | models.Q(token__isnull=False, lease_until__isnull=False),
                name="build_running_is_leased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="build_live",
                condition=models.Q(state__in=("queued", "running")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version}"

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction in which this worker still has the lease. Raises LeaseLostError.

        The row lock makes cancelling and take-over wait until the write is done.
        """
        with transaction.atomic():
            held = Build.objects.held(self.pk, self.token)
            if not held.select_for_update().exists():
                raise LeaseLostError
            yield

    def advance(self, step: str, percent: int) -> None:
        """Store the progress. Raises LeaseLostError."""
        held = Build.objects.held(self.pk, self.token)
        if not held.update(step=step, percent=percent):
            raise LeaseLostError

    def release(self) -> None:
        """Release the lease at once, after an error that may not happen again."""
        held = Build.objects.held(self.pk, self.token)
        held.update(state=self.State.QUEUED, token=None, lease_until=None)

    def finish(self) -> None:
        """Everything is written: the publication is ready. Raises LeaseLostError."""
        with self._publication_locked(), self.fenced():
            self._close(self.State.DONE, "", percent=100)
            self.publication.move("finish", WORKER)

    def fail(self, sentence: str) -> None:
        """Give up, with a sentence for the requester. Raises LeaseLostError."""
        with self._publication_locked(), self.fenced():
            self._close(self.State.FAILED, sentence[:500])
            self.publication.move("fail", WORKER, sentence[:500])

    def give_up(self, sentence: str) -> None:
        """Give up a build that was tried too often; does nothing when a worker has it again."""
        with self._publication_locked():
            if Build.objects.worn_out().select_for_update().filter(pk=self.pk).exists():
                self._close(self.State.FAILED, sentence)
                self.publication.move("fail", WORKER, sentence)

    @contextmanager
    def _publication_locked(self) -> Iterator[None]:
        """Locks publication, then build: the same order as in a person's cancel."""
        with transaction.atomic():
            type(self.publication).objects.select_for_update().get(
                pk=self.publication_id
            )
            yield

    def _close(self, state: str, error: str, **values: Any) -> None:
        Build.objects.filter(pk=self.pk).update(
            state=state,
            error=error,
            token=None,
            lease_until=None,
            finished_at=timezone.now(),
            **values,
        )

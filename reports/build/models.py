"""The job that builds one version of a publication."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from common.moves.actors import Person, SystemActor

WORKER = SystemActor("worker")  # makes the moves of background jobs


class Build(Job):
    """The building of one version, done step by step; any worker can go on with it."""

    LEASE: ClassVar[timedelta] = timedelta(seconds=12)

    class Step(models.TextChoices):
        SNAPSHOT = "snapshot", _("Collecting the data")
        CHARTS = "charts", _("Drawing the charts")
        PDF = "pdf", _("Creating the PDF")
        DOCX = "docx", _("Writing the Word document")
        XLSX = "xlsx", _("Writing the spreadsheet")
        DATA = "data", _("Writing the data files")

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="builds",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    step = models.CharField(_("step"), max_length=20, choices=Step.choices, blank=True)
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
    objects = JobQuerySet.as_manager()

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
                condition=models.Q(state__in=LIVE),
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
                condition=models.Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version}"

    def get_absolute_url(self) -> str:
        return self.publication.get_absolute_url()

    @property
    def can_be_retried(self) -> bool:
        """Only the last one: an earlier version has been built since."""
        return super().can_be_retried and self.version == self.publication.version

    def stop(self, user: Person) -> bool:
        """The publication goes with it. Raises MoveRefused."""
        self.publication.move("cancel", user)
        return True

    def retry(self, user: Person) -> bool:
        """A new build of the same publication. Raises MoveRefused."""
        self.publication.move("retry", user)
        return True

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction in which this worker still has the lease. Raises LeaseLostError.

        The row lock makes cancelling and take-over wait until the write is done.
        """
        with transaction.atomic():
            if not self.held().select_for_update().exists():
                raise LeaseLostError
            yield

    def finish(self, **values: object) -> None:
        """All is written: the publication is ready. Raises LeaseLostError."""
        with self._publication_locked(), self.fenced():
            super().finish(**values)
            self.publication.move("finish", WORKER)

    def fail(self, sentence: str) -> None:
        """Give up, with a sentence for the requester. Raises LeaseLostError."""
        with self._publication_locked(), self.fenced():
            super().fail(sentence)
            self.publication.move("fail", WORKER, sentence[:500])

    def give_up(self, sentence: str) -> bool:
        """Give up a build that nobody holds; does nothing when a worker has it again."""
        with self._publication_locked():
            given_up = super().give_up(sentence)
            if given_up:
                self.publication.move("fail", WORKER, sentence)
        return given_up

    @contextmanager
    def _publication_locked(self) -> Iterator[None]:
        """Locks publication, then build: the same order as in a person's cancel."""
        with transaction.atomic():
            type(self.publication).objects.select_for_update().get(
                pk=self.publication_id
            )
            yield

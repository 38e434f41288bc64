"""The jobs that build one version of a publication: a build, and its steps."""

import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from common.moves.actors import Person, SystemActor
from reports.output.models import remove_strays

FAULT = "fault"  # in the log of a step: how an attempt ended
REFERENCE, TRACED = 12, 900  # characters of a reference, of what is told of a fault
WORKER = SystemActor("worker")  # makes the moves of background jobs


class Build(Job):
    """The building of one version. Workers hold its steps; the build itself is held by nobody,
    and ends when its last step has ended."""

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="builds",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
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
        ]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version}"

    def get_absolute_url(self) -> str:
        return self.publication.get_absolute_url()

    def open_steps(self) -> None:
        """The steps of every report; those of the volumes follow from the snapshot."""
        kinds = [kind for kind in Step.Kind if kind != Step.Kind.VOLUME]
        Step.objects.bulk_create(Step(build=self, kind=kind) for kind in kinds)

    def open_volumes(self, numbers: list[int]) -> None:
        """A step for each volume, in the transaction that freezes which there are."""
        Step.objects.bulk_create(
            Step(build=self, kind=Step.Kind.VOLUME, volume=number) for number in numbers
        )

    def steps_in_order(self) -> list["Step"]:
        kinds = list(Step.Kind.values)
        return sorted(
            self.steps.all(), key=lambda step: (kinds.index(step.kind), step.volume)
        )

    @property
    def under_way(self) -> str:
        """The steps that workers are at, in words; "" when it waits."""
        running = [s for s in self.steps_in_order() if s.state == "running"]
        return ", ".join(str(step.title) for step in running)

    @property
    def can_be_retried(self) -> bool:
        """Only the last one: an earlier version has been built since."""
        return super().can_be_retried and self.version == self.publication.version

    def stop(self, user: Person) -> bool:
        """The publication goes with it. Raises MoveRefused."""
        self.publication.move("cancel", user)
        return True

    def retry(self, user: Person) -> bool:
        """Its failed steps again. Raises MoveRefused."""
        self.publication.move("retry", user)
        return True

    def cancel(self) -> bool:
        """Its workers lose their leases, and can write nothing more."""
        for step in self.steps.live():
            step.cancel()
        return super().cancel()

    def reopen(self) -> None:
        """Have the failed steps done again; what is done stays."""
        for step in self.steps.filter(state="failed"):
            step.enqueue()
        self.enqueue()

    def settle(self) -> None:
        """After one of its steps has ended: the build goes on, or ends when nothing can go on.

        The caller has locked the build, so of two last steps the second one ends it.
        """
        states = Counter(self.steps.values_list("state", flat=True))
        done = states["done"]
        self._rows().update(percent=100 * done // states.total())
        live = self._rows().filter(state__in=LIVE)
        if done == states.total():
            self._close(live, "done")
            self.publication.move("finish", WORKER)
            transaction.on_commit(
                partial(remove_strays, self.publication_id, self.version)
            )
        elif states["failed"] and not self._can_go_on():
            failed = [step for step in self.steps_in_order() if step.state == "failed"]
            sentence = failed[0].error
            self._close(live, "failed", sentence, error=sentence)
            self.publication.move("fail", WORKER, sentence[:500])

    def _can_go_on(self) -> bool:
        return (
            self.steps.filter(state="running").exists() or self.steps.ready().exists()
        )


class StepQuerySet(JobQuerySet):
    def ready(self) -> Self:
        """Steps that wait for a worker and for nothing else: those that they need are done."""
        others = Step.objects.filter(build=OuterRef("build")).exclude(state="done")
        blocked = Q(
            *(
                Q(Exists(others.filter(kind__in=needed)), kind=kind)
                for kind, needed in NEEDS.items()
                if needed
            ),
            _connector=Q.OR,
        )
        return self.waiting().filter(build__state__in=LIVE).exclude(blocked)

    def acquire(self, pk: int) -> Any:
        """As for every job, of a step that waits for no other; its build is under way then."""
        if not self.ready().filter(pk=pk).exists():
            return None
        step = super().acquire(pk)
        if step:
            Build.objects.filter(pk=step.build_id, state="queued").update(
                state="running", started_at=Coalesce("started_at", Now())
            )
        return step


class Step(Job):
    """One step of a build, held by one worker at a time; its result is a file or a part of the
    snapshot, so that any worker can go on with the next."""

    LEASE: ClassVar[timedelta] = timedelta(seconds=12)

    class Kind(models.TextChoices):
        SNAPSHOT = "snapshot", _("Collecting the data")
        CHARTS = "charts", _("Drawing the charts")
        VOLUME = "volume", _("Creating a volume of projects")
        PDF = "pdf", _("Creating the PDF")
        DOCX = "docx", _("Writing the Word document and the slides")
        XLSX = "xlsx", _("Writing the spreadsheet")
        DATA = "data", _("Writing the data files")

    build = models.ForeignKey(
        Build, models.CASCADE, related_name="steps", verbose_name=_("build")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    volume = models.PositiveSmallIntegerField(_("volume"), default=0)
    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a build")
        verbose_name_plural = _("steps of builds")
        ordering = ["build", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["build", "kind", "volume"], name="step_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="volume", volume__gt=0)
                | ~models.Q(kind="volume") & models.Q(volume=0),
                name="step_number_of_volume",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="step_percent"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="running")
                | models.Q(token__isnull=False, lease_until__isnull=False),
                name="step_running_is_leased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="step_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.build}: {self.title}"

    @property
    def title(self) -> str:
        """What is done in it."""
        number = f" {self.volume}" if self.volume else ""
        return f"{self.get_kind_display()}{number}"

    @property
    def seconds(self) -> int | None:
        """How long it took, or has taken by now; None before it began."""
        if self.started_at is None:
            return None
        return int(
            ((self.finished_at or timezone.now()) - self.started_at).total_seconds()
        )

    @property
    def last_line(self) -> str:
        """What the log says last; of a fault not what follows for programmers."""
        return str(self.log[-1][2]).partition("\n")[0] if self.log else ""

    @property
    def reference(self) -> str:
        """Under which the present attempt is found in the logs of the portal."""
        return self.token.hex[:REFERENCE] if self.token else ""

    @property
    def fault(self) -> str:
        """The reference of the fault in the program that ended the last attempt; "" when that was
        interrupted."""
        ended_by_fault = self.state == self.State.QUEUED and self.log
        if not ended_by_fault or self.log[-1][1] != FAULT:
            return ""
        return self.last_line.partition(" ")[0]

    def release_after(self, error: Exception) -> None:
        """Give the lease back after a fault in the program; the log holds where it was."""
        traced = "".join(traceback.format_exception(error))[-TRACED:]
        said = f"{self.reference} {error!r}"[:TRACED].replace("\n", " ")
        self.release(f"{said}\n{traced}", FAULT)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction in which this worker still has the lease. Raises LeaseLostError.

        The row lock makes cancelling and take-over wait until the write is done.
        """
        with transaction.atomic():
            if not self.held().select_for_update().exists():
                raise LeaseLostError
            yield

    def finish(self, said: str = "", **values: object) -> None:
        """Its result is written. Raises LeaseLostError."""
        with self._build_locked(), self.fenced():
            super().finish(said, **values)
            self.build.settle()

    def fail(self, sentence: str) -> None:
        """Give up, with a sentence for the requester. Raises LeaseLostError."""
        with self._build_locked(), self.fenced():
            super().fail(sentence)
            self.build.settle()

    def give_up(self, sentence: str) -> bool:
        """Give up a step that nobody holds; does nothing when a worker has it again."""
        with self._build_locked():
            given_up = super().give_up(sentence)
            if given_up:
                self.build.settle()
        return given_up

    @contextmanager
    def _build_locked(self) -> Iterator[None]:
        """Locks publication, build, step: the same order as in a person's cancel."""
        publications = type(self.build.publication).objects
        with transaction.atomic():
            publications.select_for_update().get(pk=self.build.publication_id)
            self.build = Build.objects.select_for_update().get(pk=self.build_id)
            yield


# What a step needs: steps of these kinds have to be done before. The report itself and the data
# files name the pages of the volumes.
WITH_CHARTS = (Step.Kind.SNAPSHOT, Step.Kind.CHARTS)
NEEDS: dict[Step.Kind, tuple[Step.Kind, ...]] = {
    Step.Kind.SNAPSHOT: (),
    Step.Kind.CHARTS: (Step.Kind.SNAPSHOT,),
    Step.Kind.VOLUME: WITH_CHARTS,
    Step.Kind.PDF: (*WITH_CHARTS, Step.Kind.VOLUME),
    Step.Kind.DOCX: WITH_CHARTS,
    Step.Kind.XLSX: WITH_CHARTS,
    Step.Kind.DATA: (*WITH_CHARTS, Step.Kind.VOLUME),
}

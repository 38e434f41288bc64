"""A release that staff have asked for, as a piece of work in the background."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.jobs.models import LIVE, Job, JobQuerySet, LeaseLostError
from common.moves.workflow import MoveRefused
from forum.agenda.models import EARLY_REASON, AgendaRelease
from forum.agenda.releasing import release_agenda
from forum.edition.models import Edition


class ReleaseJobQuerySet(JobQuerySet):
    def of_edition(self, edition: Edition) -> Self:
        return self.filter(edition=edition)


class Step(models.TextChoices):
    """What a worker does, in this order; the number beside it is how far it is by then."""

    COMPARING = "comparing", _("Sessions are compared with the last release")
    TELLING = "telling", _("E-mails to the people of changed sessions are written")


PERCENT = {Step.COMPARING: 10, Step.TELLING: 70}


class ReleaseJob(Job):
    """`agenda` is set in the transaction that makes it: until then the job can be cancelled, and
    a worker that takes it up afterwards makes no second one."""

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="release_jobs", verbose_name=_("edition")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("released by"),
    )
    name = models.CharField(_("name"), max_length=150)
    note = models.TextField(_("public note"), blank=True, max_length=2000)
    early_reason = models.TextField(
        _("why it was released before they were answered"),
        blank=True,
        max_length=EARLY_REASON,
    )
    agenda = models.OneToOneField(
        AgendaRelease,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="job",
        verbose_name=_("release"),
    )

    objects = ReleaseJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("release under way")
        verbose_name_plural = _("releases under way")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="release_job_live",
                condition=models.Q(state__in=LIVE),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=models.Q(state__in=LIVE),
                name="release_job_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("forum:release-job", args=[self.edition.slug, self.pk])

    @property
    def step_in_words(self) -> str:
        return str(Step(self.step).label) if self.step in Step.values else ""

    @property
    def can_be_retried(self) -> bool:
        return super().can_be_retried and self.agenda_id is None

    @property
    def can_be_cancelled(self) -> bool:
        return self.is_live and self.agenda_id is None

    @transaction.atomic
    def begin(self) -> Self:
        """Store it for a worker. Raises MoveRefused while another one of the edition is at work."""
        self.edition.lock()
        if ReleaseJob.objects.of_edition(self.edition).live().exists():
            raise MoveRefused(
                gettext("Another release of this agenda is being worked on.")
            )
        self.save()
        return self

    def cancel(self) -> bool:
        """End it before anything is public; False afterwards. A worker that is just writing is
        waited for, since it holds the row."""
        try:
            self._close(self._rows().filter(state__in=LIVE, agenda=None), "cancelled")
        except LeaseLostError:
            return False
        return True

    def retry(self, user: Any) -> bool:
        """The same once more. Raises IntegrityError while another one of the edition is at work."""
        return self.can_be_retried and self.enqueue(step="", by=user)

    @transaction.atomic
    def publish(self) -> AgendaRelease:
        """Make the release, and note it in the same transaction. Raises LeaseLostError after a
        cancellation, MoveRefused with a sentence when the agenda cannot be released."""
        if not self.held().select_for_update(of=("self",)).exists():
            raise LeaseLostError
        release = release_agenda(
            self.edition,
            self.by,
            self.name,
            self.note,
            early_reason=self.early_reason,
        )
        self.held().update(
            agenda=release, step=Step.TELLING, percent=PERCENT[Step.TELLING]
        )
        return release

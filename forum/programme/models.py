"""The released programme in print: each file is made once for a release, when somebody asks."""

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.jobs.models import Job, JobQuerySet
from forum.agenda.models import AgendaRelease


class PrintoutQuerySet(JobQuerySet):
    def of_earlier(self, release: AgendaRelease) -> Self:
        """Files of releases that this one has replaced."""
        return self.filter(
            agenda__edition=release.edition_id, agenda__number__lt=release.number
        )


class Printout(Job):
    """A PDF of one release in one language: the whole programme, or the sheets of one day."""

    LEASE: ClassVar[datetime.timedelta] = datetime.timedelta(minutes=2)

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Whole programme")
        DAY = "day", _("Day sheet")
        DOORS = "doors", _("Door sheets")

    agenda = models.ForeignKey(
        AgendaRelease,
        models.CASCADE,
        related_name="printouts",
        verbose_name=_("release"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    day = models.DateField(
        _("day"), null=True, blank=True, help_text=_("Empty: the whole edition.")
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    file = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = PrintoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed programme")
        verbose_name_plural = _("printed programmes")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agenda", "kind", "day", "language"],
                nulls_distinct=False,
                name="printout_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="programme", day__isnull=True)
                | ~models.Q(kind="programme") & models.Q(day__isnull=False),
                name="printout_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def name(self) -> str:
        return name_of(self.kind, self.day)

    @property
    def filename(self) -> str:
        edition = self.agenda.edition.slug
        number = self.agenda.number
        return f"wsis-forum-{edition}-{self.name}-{self.language}-release-{number}.pdf"

    def get_absolute_url(self) -> str:
        return reverse("forum:printout", args=[self.agenda.edition.slug, self.name])


def name_of(kind: str, day: datetime.date | None) -> str:
    """“programme”, “day-2027-07-05”, “doors-2027-07-05”: its part of the address."""
    return f"{kind}-{day.isoformat()}" if day else kind


class Offer:
    """A file that can be had of a release: made, being made, or not asked for yet."""

    def __init__(
        self,
        release: AgendaRelease,
        kind: Printout.Kind,
        day: datetime.date | None,
        made: dict[tuple[str, datetime.date | None], Printout],
    ) -> None:
        self.release, self.kind, self.day = release, kind, day
        self.printout = made.get((kind.value, day))

    @property
    def name(self) -> str:
        return name_of(self.kind.value, self.day)

    @property
    def state(self) -> str:
        return self.printout.state if self.printout else ""


def offers(release: AgendaRelease, days: list[datetime.date]) -> list[Offer]:
    """All files of a release in the reader's language: the programme, then day by day."""
    rows = Printout.objects.filter(agenda=release, language=get_language())
    made = {(row.kind, row.day): row for row in rows.select_related("agenda__edition")}
    every: list[Any] = [(Printout.Kind.PROGRAMME, None)]
    for day in days:
        every += [(Printout.Kind.DAY, day), (Printout.Kind.DOORS, day)]
    return [Offer(release, kind, day, made) for kind, day in every]

"""Figures: numbers as their sources wrote them, with their dates."""

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from roadmap import feed
from roadmap.record import dates
from roadmap.record.models import SourcedRecord, sort_date


class FigureQuerySet(models.QuerySet):
    def side_by_side(self) -> Self:
        """All figures, those of one subject together, newest first."""
        return self.order_by("subject", "-sort_date", "pk")


class Figure(SourcedRecord):
    """A number as its source wrote it; other sources may differ, and are shown beside it."""

    class Subject(models.TextChoices):
        PROJECTS = "projects", _("Projects in the Stocktaking database")
        MEMBERS = "members", _("Members of the Stocktaking platform")
        SUBMISSIONS = "submissions", _("Submissions to the WSIS Prizes")
        ENTRIES = "entries", _("Entries to the WSIS Prizes since 2012")
        WINNERS = "winners", _("Winners of the WSIS Prizes")
        CHAMPIONS = "champions", _("Champions of the WSIS Prizes")

    subject = models.CharField(
        _("what is counted"), max_length=20, choices=Subject.choices
    )
    as_of = partial.WrittenDateField(
        _("as of"),
        max_length=partial.MAX_LENGTH,
        validators=[dates.validate],
        help_text=_(
            "Enter a date as precise as the source: 2025, 2025-07 or 2025-07-11."
        ),
    )
    sort_date = sort_date("as_of")
    value = models.DecimalField(
        _("value"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Leave empty if the text is not a single number."),
    )
    written = models.CharField(_("as written"), max_length=100)
    note = models.CharField(_("note"), max_length=300, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["subject", "-sort_date", "pk"]
        constraints = [
            feed.FIGURES,
            models.UniqueConstraint(
                fields=["subject", "as_of", "written"], name="roadmap_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.written} ({self.when})"

    def get_absolute_url(self) -> str:
        return f"{reverse('roadmap:figures')}#figure-{self.pk}"

    @property
    def when(self) -> str:
        return str(dates.parse(self.as_of))

    def public_content(self) -> dict[str, Any]:
        plain = ("subject", "as_of", "written", "note", "link", "source")
        value = None if self.value is None else str(self.value)
        return {name: getattr(self, name) for name in plain} | {"value": value}

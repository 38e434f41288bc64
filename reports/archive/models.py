"""The archive: editions of reports that were published before this portal, since 2005."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reports.archive.feed import ARCHIVED_EDITIONS
from reports.citation.models import Cited
from reports.citation.text import citation

FIRST_YEAR, LAST_YEAR = 2003, 2100
PUBLISHER = "International Telecommunication Union"  # as it is cited, in every language


class ArchivedEdition(Cited):
    """One edition, as its sources describe it; the report itself is where `link` leads."""

    class Series(models.TextChoices):
        GLOBAL = "global", _("Global stocktaking report")
        REGIONAL = "regional", _("Regional stocktaking report")
        SUCCESS_STORIES = "success_stories", _("WSIS Prizes: success stories")
        SPECIAL = "special", _("Special report")

    series = models.CharField(_("series"), max_length=20, choices=Series.choices)
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(
        _("year"),
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    number = models.PositiveSmallIntegerField(
        _("number in its series"),
        null=True,
        blank=True,
        help_text=_("6 for the sixth edition. Leave empty if no source states it."),
    )
    region = models.ForeignKey(
        "reference.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    publisher = models.CharField(_("publisher"), max_length=200, default=PUBLISHER)
    link = models.URLField(_("link"), max_length=500, blank=True)
    note = models.TextField(_("what it is"), max_length=2000, blank=True)
    source = models.TextField(_("source"), max_length=2000)
    source_note = models.TextField(
        _("inferred or unconfirmed"), max_length=2000, blank=True
    )

    class Meta:
        verbose_name = _("edition in the archive")
        verbose_name_plural = _("editions in the archive")
        ordering = ["-year", "pk"]
        constraints = [
            ARCHIVED_EDITIONS,
            models.UniqueConstraint(
                fields=["series", "year", "title"],
                name="archivededition_once",
                violation_error_message=_("The archive has this edition already."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__range=(FIRST_YEAR, LAST_YEAR)),
                name="archivededition_year",
            ),
        ]
        indexes = [models.Index(fields=["-year", "id"], name="archivededition_order")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:edition", kwargs={"pk": self.pk})

    @property
    def citation(self) -> str:
        return citation(
            self.publisher,
            self.year,
            self.title,
            isbn=self.isbn,
            doi=self.doi,
            address=self.link,
        )

"""Resolutions: what was decided, paragraph by paragraph, and how decisions build on one another."""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from common.moves.actors import AnyUser
from common.search.fields import Words
from common.search.queryset import SearchQuerySet
from roadmap import feed
from roadmap.record import dates
from roadmap.record.models import SourcedRecord, sort_date


class ResolutionQuerySet(SearchQuerySet):
    def visible_to(self, user: AnyUser) -> Self:
        """Resolutions are public from their first day."""
        return self

    def for_list(self) -> Self:
        return self.select_related("body").defer("words")

    def for_page(self) -> Self:
        return self.select_related("body").prefetch_related(
            "relations__target",
            "taken_up_by__resolution",
            "paragraphs__asked",
            "action_lines",
        )


class Resolution(SourcedRecord):
    """A resolution, agenda or plan. Summaries are the portal's, not the text itself."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    symbol = models.CharField(_("symbol"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    body = models.ForeignKey(
        "roadmap.Body",
        models.PROTECT,
        related_name="resolutions",
        verbose_name=_("body"),
    )
    adopted = partial.WrittenDateField(
        _("adopted"),
        max_length=partial.MAX_LENGTH,
        validators=[dates.validate],
        help_text=_(
            "Enter a date as precise as the source: 2025, 2025-07 or 2025-07-11."
        ),
    )
    sort_date = sort_date("adopted")
    summary = models.TextField(_("summary in our words"), max_length=4000, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    action_lines = models.ManyToManyField(
        "reference.ActionLine",
        blank=True,
        related_name="resolutions",
        verbose_name=_("action lines"),
    )
    words = models.GeneratedField(
        expression=Words("symbol", "title", "summary", language="en"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["-sort_date", "pk"]
        constraints = [feed.RESOLUTIONS]
        indexes = [
            models.Index(fields=["-sort_date", "code"], name="resolution_order"),
            GinIndex(fields=["words"], name="resolution_words"),
        ]

    def __str__(self) -> str:
        return self.symbol

    def get_absolute_url(self) -> str:
        return reverse("roadmap:resolution", args=[self.pk])

    @property
    def when(self) -> str:
        return str(dates.parse(self.adopted))

    def public_content(self) -> dict[str, Any]:
        plain = ("symbol", "title", "adopted", "summary", "link", "source", "body_id")
        return {name: getattr(self, name) for name in plain} | {
            "relations": [
                [r.kind, r.target_id] for r in self.relations.order_by("kind", "target")
            ],
            "paragraphs": [paragraph.content() for paragraph in self.paragraphs.all()],
        }


class Relation(models.Model):
    """How one resolution refers to another."""

    class Kind(models.TextChoices):
        REVISES = "revises", _("revises")
        RECALLS = "recalls", _("recalls")
        ACKNOWLEDGES = "acknowledges", _("acknowledges")
        IMPLEMENTS = "implements", _("implements")
        REVIEWS = "reviews", _("reviews")
        REFERS = "refers", _("refers to")

    resolution = models.ForeignKey(
        Resolution,
        models.CASCADE,
        related_name="relations",
        verbose_name=_("resolution"),
    )
    kind = models.CharField(_("relation"), max_length=12, choices=Kind.choices)
    target = models.ForeignKey(
        Resolution,
        models.PROTECT,
        related_name="taken_up_by",
        verbose_name=_("other resolution"),
    )
    source = models.TextField(_("source"), max_length=2000)

    class Meta:
        verbose_name = _("relation of resolutions")
        verbose_name_plural = _("relations of resolutions")
        ordering = ["resolution", "kind", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "kind", "target"], name="resolution_relation_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(resolution=models.F("target")),
                name="relation_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.kind} {self.target_id}"


class Paragraph(models.Model):
    """One paragraph: what it asks, in our words, and of whom."""

    resolution = models.ForeignKey(
        Resolution,
        models.CASCADE,
        related_name="paragraphs",
        verbose_name=_("resolution"),
    )
    number = models.CharField(_("number"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    summary = models.TextField(_("summary in our words"), max_length=2000)
    asked = models.ManyToManyField(
        "roadmap.Agency",
        blank=True,
        related_name="paragraphs",
        verbose_name=_("who is asked"),
    )
    source = models.TextField(_("source"), max_length=2000)

    class Meta:
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        ordering = ["resolution", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "number"], name="paragraph_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} § {self.number}"

    def content(self) -> dict[str, Any]:
        agencies = sorted(agency.pk for agency in self.asked.all())
        return {"number": self.number, "summary": self.summary, "asked": agencies}

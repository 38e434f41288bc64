"""Figures and documents: what is said, by whom, as of when."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadmap import dates, feed
from roadmap.models.dated import sort_date
from roadmap.models.record import PublicRecord
from roadmap.querysets import DocumentQuerySet, FigureQuerySet


class Figure(PublicRecord):
    """A number as its source wrote it; other sources may say otherwise, and stand beside it."""

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
    as_of = dates.WrittenDateField(
        _("as of"),
        max_length=dates.MAX_LENGTH,
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


class Document(PublicRecord):
    """A report or paper, of a milestone or by itself; its versions follow one another."""

    title = models.CharField(_("title"), max_length=300, unique=True)
    issuer = models.ForeignKey(
        "roadmap.Agency",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("issued by"),
    )
    milestone = models.ForeignKey(
        "roadmap.Milestone",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("milestone"),
    )
    note = models.TextField(_("what it is"), max_length=2000, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title"]
        constraints = [feed.DOCUMENTS]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('roadmap:figures')}#document-{self.pk}"

    def public_content(self) -> dict[str, Any]:
        plain = ("title", "note", "source", "issuer_id", "milestone_id")
        return {name: getattr(self, name) for name in plain} | {
            "issues": [[i.label, i.date, i.link] for i in self.issues.all()]
        }


class Issue(models.Model):
    """One version of a document: “Zero draft”, “Revision 1”, “Final”."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="issues", verbose_name=_("document")
    )
    label = models.CharField(_("version"), max_length=80)
    date = dates.WrittenDateField(
        _("date"), max_length=dates.MAX_LENGTH, validators=[dates.validate], blank=True
    )
    sort_date = sort_date("date")
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    link = models.URLField(_("link"), max_length=500, blank=True)
    source = models.TextField(_("source"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["document", "-sort_date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "label", "language"], name="issue_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.label}"

    @property
    def when(self) -> str:
        return str(dates.parse(self.date)) if self.date else ""


class ActionLineReview(PublicRecord):
    """What a facilitator reports on an action line; a newer text stands for the older ones."""

    class Section(models.TextChoices):
        REACHED = "reached", _("Milestones reached")
        CHALLENGES = "challenges", _("Challenges")
        TRENDS = "trends", _("Emerging trends")

    action_line = models.ForeignKey(
        "reference.ActionLine",
        models.PROTECT,
        related_name="reviews",
        verbose_name=_("action line"),
    )
    section = models.CharField(_("section"), max_length=12, choices=Section.choices)
    agency = models.ForeignKey(
        "roadmap.Agency",
        models.PROTECT,
        related_name="reviews",
        verbose_name=_("written by"),
    )
    text = models.TextField(_("text"), max_length=10000)
    language = models.CharField(
        _("language of the text"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
    )

    class Meta:
        verbose_name = _("review of an action line")
        verbose_name_plural = _("reviews of action lines")
        ordering = ["action_line", "section", "agency"]
        constraints = [
            feed.REVIEWS,
            models.UniqueConstraint(
                fields=["action_line", "section", "agency"],
                name="action_line_review_once",
                violation_error_message=_(
                    "This agency already has a text here: change it, the older one is kept."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action_line_id}: {self.get_section_display()} ({self.agency_id})"

    def get_absolute_url(self) -> str:
        return reverse("roadmap:action-line", args=[self.action_line_id])

    def public_content(self) -> dict[str, Any]:
        plain = ("action_line_id", "section", "agency_id", "text", "language", "source")
        return {name: getattr(self, name) for name in plain}

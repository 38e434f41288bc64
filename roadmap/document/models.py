"""Documents: reports and papers with their successive versions."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Max, Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.dates import partial
from roadmap import feed
from roadmap.record import dates
from roadmap.record.models import SourcedRecord, sort_date


class DocumentQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        latest = Prefetch("issues")
        return (
            self.select_related("issuer", "milestone")
            .prefetch_related(latest)
            .annotate(newest=Max("issues__sort_date"))
            .order_by("-newest", "title")
        )


class Document(SourcedRecord):
    """A report or paper, of a milestone or independent, with successive versions."""

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
    date = partial.WrittenDateField(
        _("date"),
        max_length=partial.MAX_LENGTH,
        validators=[dates.validate],
        blank=True,
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

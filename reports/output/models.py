"""The result of a build: the frozen snapshot, its records, and the files."""

import json
from collections.abc import Iterable
from typing import Any, Self

from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.text.digits import BIGGEST_ID, BIGGEST_INTEGER
from reports.early.models import under_review_by
from reports.layout.layout import HASH_IN_WORDS
from reports.markup.pages import Page, pages_of
from reports.output.querysets import SnapshotRecordQuerySet


class ArtefactQuerySet(models.QuerySet["Artefact"]):
    def visible_to(self, user: AnyUser | None) -> Self:
        """The files of versions that are or were published; all for the secretariat.

        A version that somebody has cited stays available until the report is withdrawn. Its
        reviewers read one that waits.
        """
        if getattr(user, "is_secretariat", False):
            return self
        public = Snapshot.objects.public().filter(
            publication=OuterRef("publication"), version=OuterRef("version")
        )
        return self.filter(Exists(public) | Q(under_review_by(user, "publication")))


COPY_RECORDS = """
COPY reports_snapshotrecord (snapshot_id, position, chapter, volume, content) FROM STDIN
"""
PUBLIC = Q(published_at__isnull=False, publication__published_version__isnull=False)


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def public(self) -> Self:
        """Versions that are or were public, of publications that are not withdrawn."""
        return self.filter(PUBLIC)

    def visible_to(self, user: AnyUser | None) -> Self:
        """Those that are or were public, those under review by this person; all for the
        secretariat."""
        if getattr(user, "is_secretariat", False):
            return self
        return self.filter(PUBLIC | Q(under_review_by(user, "publication")))

    def of_version(self, publication: int, version: int) -> Self:
        """The version that an address names, whatever numbers stand in it."""
        return self.filter(
            publication=min(publication, BIGGEST_ID),
            version=min(version, BIGGEST_INTEGER),
        )


class SnapshotManager(models.Manager.from_queryset(SnapshotQuerySet)):  # type: ignore[misc]
    """Without the body, which may have hundreds of pages: whoever needs it, asks for it."""

    def get_queryset(self) -> SnapshotQuerySet:
        rows: SnapshotQuerySet = super().get_queryset()
        return rows.defer("body")


class Snapshot(models.Model):
    """The content of the database when a version was built: figures, texts and charts, frozen."""

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="snapshots",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    taken_at = models.DateTimeField(_("taken at"))
    figures = models.JSONField(_("figures"))
    texts = models.JSONField(_("texts"))
    body = models.JSONField(_("text"), default=list)
    contents = models.JSONField(
        _("contents of the pages"),
        default=list,
        help_text=_("Of a body that is read page by page; empty when it is one page."),
    )
    charts = models.JSONField(_("charts"), default=list)
    volumes = models.JSONField(
        _("volumes"),
        default=list,
        help_text=_("Those of a directory that is too large for the report itself."),
    )
    content_hash = models.CharField(_("SHA-256 of figures and entries"), max_length=64)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, help_text=_("Empty: never public.")
    )

    objects = SnapshotManager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["publication", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "version"], name="snapshot_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version}"

    @property
    def is_draft(self) -> bool:
        """Whether it never was public: its pages and files say so."""
        return self.published_at is None

    @property
    def build_id(self) -> str:
        """What tells two builds apart, as printed on each page: “v2 · 0a1b2c3d4e5f”."""
        return f"v{self.version} · {self.short_hash}"

    @property
    def short_hash(self) -> str:
        return self.content_hash[:HASH_IN_WORDS]

    def save_with_pages(self) -> None:
        """Store it; a long body page by page too, so that a reader's request reads one of them."""
        pages = pages_of(self.body)
        if len(pages) > 1:
            self.contents = [page.outline for page in pages]
        self.save()
        if self.contents:
            self.pages.bulk_create(
                SnapshotPage(snapshot=self, number=page.number, parts=page.parts)
                for page in pages
            )

    def page(self, number: int) -> "Page | SnapshotPage | None":
        if self.contents:
            return self.pages.filter(number=min(number, BIGGEST_INTEGER)).first()
        return Page(1, self.body) if number == 1 else None

    def every_page(self) -> "list[Page | SnapshotPage]":
        return list(self.pages.all()) if self.contents else [Page(1, self.body)]

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The content of all records in their order, read when a file first needs them."""
        return list(self.records.values_list("content", flat=True))

    def copy_records(self, records: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
        """Store (chapter, volume, content) of each record in this order, in one go: there are
        thousands."""
        with connection.cursor() as cursor, cursor.copy(COPY_RECORDS) as copy:
            for position, (chapter, volume, content) in enumerate(records, start=1):
                written = json.dumps(content, ensure_ascii=False)
                copy.write_row((self.pk, position, chapter, volume, written))

    def sources(self) -> list[dict[str, Any]]:
        """Each source with its note and its number of records, most first."""
        rows = self.records.annotate(
            source=KeyTextTransform("source", "content"),
            note=KeyTextTransform("source_note", "content"),
        )
        stated = rows.exclude(source="").values("source", "note")
        counted = stated.annotate(count=models.Count("pk"))
        return [dict(row) for row in counted.order_by("-count", "source", "note")]


class SnapshotPage(models.Model):
    """A page of a long body: the parts of its sections that stand on it."""

    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, related_name="pages", verbose_name=_("snapshot")
    )
    number = models.PositiveIntegerField(_("number"))
    parts = models.JSONField(_("parts of sections"))

    class Meta:
        verbose_name = _("page of a snapshot")
        verbose_name_plural = _("pages of snapshots")
        ordering = ["snapshot", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "number"], name="snapshot_page_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class SnapshotRecord(models.Model):
    """A record as it was then: a project, prize entry or item. Each has a row, so that a
    chapter's page reads only its own."""

    snapshot = models.ForeignKey(
        Snapshot, models.CASCADE, related_name="records", verbose_name=_("snapshot")
    )
    position = models.PositiveIntegerField(_("position"))
    chapter = models.CharField(_("chapter"), max_length=20, blank=True)
    volume = models.PositiveSmallIntegerField(
        _("volume"), default=0, help_text=_("0: the report itself.")
    )
    content = models.JSONField(_("content"))

    objects = SnapshotRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of a snapshot")
        verbose_name_plural = _("records of snapshots")
        ordering = ["snapshot", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "position"], name="snapshot_record_position_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["snapshot", "chapter", "position"],
                name="snapshot_record_of_chapter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content.get('number', '')} {self.content['title']}".strip()


class Format(models.TextChoices):
    """The formats of a report, in the order in which they are offered."""

    PDF = "pdf", "PDF"
    BRIEF = "brief", _("One-page brief (PDF)")
    DOCX = "docx", "DOCX"
    SLIDES = "pptx", _("Slides (PPTX)")
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"


OFFERED = models.Case(
    *(
        models.When(format=value, then=models.Value(place))
        for place, value in enumerate(Format.values)
    )
)


class Artefact(models.Model):
    """A file of one version; the row is written when the file is complete.

    The report itself has a file of each format. The volumes of its directory are numbered from 1;
    one that came out too long has parts.
    """

    Format = Format

    publication = models.ForeignKey(
        "reports.Publication",
        models.CASCADE,
        related_name="artefacts",
        verbose_name=_("publication"),
    )
    version = models.PositiveIntegerField(_("version"))
    format = models.CharField(_("format"), max_length=5, choices=Format.choices)
    volume = models.PositiveSmallIntegerField(
        _("volume"), default=0, help_text=_("0: the report itself.")
    )
    part = models.PositiveSmallIntegerField(
        _("part"), default=0, help_text=_("0: the volume is in one piece.")
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    projects = models.PositiveIntegerField(_("projects"), null=True, blank=True)
    file = models.FileField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = ArtefactQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a report")
        verbose_name_plural = _("files of reports")
        ordering = ["publication", "-version", "volume", "part", OFFERED]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "version", "format", "volume", "part"],
                name="artefact_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication} v{self.version} {self.get_format_display()}"

    def get_absolute_url(self) -> str:
        place = {"pk": self.publication_id, "version": self.version}
        if self.part:
            return reverse(
                "reports:volume-part",
                kwargs=place | {"volume": self.volume, "part": self.part},
            )
        if self.volume:
            return reverse("reports:volume", kwargs=place | {"volume": self.volume})
        return reverse("reports:download", kwargs=place | {"file_format": self.format})

    @property
    def link_text(self) -> str:
        """The text of a link to it: format and size."""
        return f"{self.get_format_display()}, {filesizeformat(self.size)}"

    @property
    def filename(self) -> str:
        p = self.publication
        name = f"wsis-{p.series}-report-{p.pk}-{p.language}-v{self.version}"
        if self.volume:
            name += f"-volume-{self.volume}"
        if self.part:
            name += f"-part-{self.part}"
        if self.format == self.Format.BRIEF:
            return f"{name}-brief.pdf"
        return f"{name}.{self.format}"


def artefact_folder(publication_id: int, version: int) -> str:
    return f"reports/{publication_id}/v{version}"


def remove_strays(publication_id: int, version: int) -> None:
    """Delete the files that a killed worker left in this version's folder without a row."""
    folder = artefact_folder(publication_id, version)
    kept = set(
        Artefact.objects.filter(
            publication_id=publication_id, version=version
        ).values_list("file", flat=True)
    )
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        if f"{folder}/{name}" not in kept:
            default_storage.delete(f"{folder}/{name}")

"""Editions of reports: sections of blocks, their texts in each language, comments on them."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
)
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common.mail import outbox
from common.moves.actors import AnyUser, Person
from reports.asking.models import BoxQuestion, Contribution
from reports.builders import success_stories
from reports.builders.scope import Scope
from reports.builders.texts import searched
from reports.report.kinds import (
    HEADING,
    MAX_QUERY,
    TEXTS_OF,
    BlockKind,
    SectionKind,
    Series,
    State,
    TextField,
    heading_of,
    parts_of,
)
from reports.report.segments import Segment, hash_of

WRITTEN_KINDS = (BlockKind.TEXT, BlockKind.QUOTE, BlockKind.CONTRIBUTION)
SCOPE = ("region_id", "contest_id", "from_year", "to_year", "query")
FIRST_YEAR, LAST_YEAR = 2003, 2100  # Stocktaking began with the Summit in Geneva


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: AnyUser) -> Self:
        """The reports whose text this person may read and write: all for the secretariat, for
        others those of which they are an editor."""
        if not user.is_authenticated:
            return self.none()
        if user.is_secretariat:
            return self
        return self.edited_by(user)

    def edited_by(self, user: Person) -> Self:
        return self.filter(editorships__user=user)

    def with_outline(self) -> Self:
        """With all that the editor's page and a build read: the same few queries for any size."""
        blocks = Block.objects.prefetch_related(
            "segments",
            models.Prefetch("contributions", Contribution.objects.standing()),
            models.Prefetch(
                "box_questions", BoxQuestion.objects.select_related("project")
            ),
        )
        sections = Section.objects.select_related("action_line").prefetch_related(
            "segments", models.Prefetch("blocks", blocks)
        )
        return self.select_related("region", "contest").prefetch_related(
            models.Prefetch("sections", sections)
        )


class Report(models.Model):
    """One edition of a series: what an editor writes, for the publications of all languages."""

    series = models.CharField(_("series"), max_length=20, choices=Series.choices)
    region = models.ForeignKey(
        "reference.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("region"),
        help_text=_("For a regional report only."),
    )
    contest = models.ForeignKey(
        "prizes.Contest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("prizes of the year"),
        limit_choices_to={"is_demonstration": False},
        help_text=_("For success stories only: an edition with published winners."),
    )
    from_year = models.PositiveSmallIntegerField(
        _("first year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    to_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    query = models.CharField(
        _("search"), max_length=MAX_QUERY, blank=True, editable=False
    )
    language = models.CharField(
        _("original language"),
        max_length=8,
        choices=settings.LANGUAGES,
        default="en",
        help_text=_("The language in which editors write; others are translations."),
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    next_on = models.DateField(
        _("next edition"),
        null=True,
        blank=True,
        help_text=_("Shown to readers, so that they can plan."),
    )
    editors: models.ManyToManyField = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        through="Editorship",
        related_name="reports_edited",
        verbose_name=_("editors"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(
        _("text changed at"), null=True, blank=True, editable=False
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of a report")
        verbose_name_plural = _("editions of reports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("series", "region", "contest", "from_year", "to_year", "query")
                ],
                nulls_distinct=False,
                name="report_once",
                violation_error_message=_("There is already a report on this scope."),
            ),
            models.CheckConstraint(
                condition=Q(series=Series.REGIONAL, region__isnull=False)
                | (~Q(series=Series.REGIONAL) & Q(region=None)),
                name="report_region_of_regional",
                violation_error_message=_(
                    "A regional report needs a region; a global report must not have one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(series=Series.SUCCESS_STORIES, contest__isnull=False)
                | (~Q(series=Series.SUCCESS_STORIES) & Q(contest=None)),
                name="report_contest_of_stories",
                violation_error_message=_(
                    "Success stories need the year of the prizes; other reports must have none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(series=Series.SUCCESS_STORIES)
                | Q(from_year=None, to_year=None),
                name="report_period_of_stocktaking",
                violation_error_message=_(
                    "Only stocktaking reports have a first and last year."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(series=Series.CUSTOM) & ~Q(query=""))
                | (~Q(series=Series.CUSTOM) & Q(query="")),
                name="report_query_of_custom",
                violation_error_message=_(
                    "The text of a report on a search is made with its first publication."
                ),
            ),
            models.CheckConstraint(
                condition=Q(to_year__gte=models.F("from_year"))
                | Q(to_year=None)
                | Q(from_year=None),
                name="report_period_in_order",
                violation_error_message=_("The last year lies before the first year."),
            ),
        ]

    def __str__(self) -> str:
        years = {self.from_year, self.to_year} - {None}
        parts = (
            self.get_series_display(),
            self.region or self.contest,
            "–".join(str(year) for year in sorted(filter(None, years))),
            searched(self.scope) if self.query else "",
        )
        return " · ".join(str(part) for part in parts if part)

    def get_absolute_url(self) -> str:
        return reverse("reports:edit", kwargs={"pk": self.pk})

    @property
    def counted(self) -> Scope | success_stories.Scope:
        """What its own numbers, such as {{total}}, count: projects, or entries to the Prizes."""
        if self.contest:
            return success_stories.Scope(self.contest)
        return self.scope

    @property
    def scope(self) -> Scope:
        """The projects of a stocktaking report."""
        return Scope(self.region_id, self.from_year, self.to_year, self.query)

    def touch(self) -> None:
        """Something that a report prints was changed: versions built before do not have it."""
        self.changed_at = timezone.now()
        self.save(update_fields=["changed_at"])

    def name_editors(self) -> None:
        """Who wrote the last edition writes this one too, and is told; unless it has editors."""
        if self.editorships.exists():
            return
        others = Report.objects.filter(
            series=self.series, region=self.region, query=self.query
        )
        written = others.filter(editorships__isnull=False).order_by(
            "-created_at", "-pk"
        )
        if before := written.first():
            for user in before.editors.filter(is_active=True).order_by("pk"):
                self.editorships.create(user=user).tell()

    def announce(self, next_on: datetime.date, due: datetime.date) -> None:
        """Tell readers of the next edition, unless somebody entered a later day than this one's."""
        if self.next_on is None or self.next_on <= due:
            self.next_on = next_on
            self.save(update_fields=["next_on"])

    def edit_url(self, language: str) -> str:
        """The editor's page in a language of the text."""
        return f"{self.get_absolute_url()}?language={language}"

    def printed_sections(self) -> list["Section"]:
        """The sections that a build prints, of a report from `with_outline`: those with something
        to say, and a chapter above a part that has. An untouched foreword is left out."""
        printed: list[Section] = []
        chapters: list[
            Section
        ] = []  # the open chapter, until one of its parts is printed
        for section in self.sections.all():
            if section.level == 1:
                chapters = [section]
            if section.is_empty:
                continue
            if section.level > 1:
                printed += [one for one in chapters if one not in printed]
            printed.append(section)
        return printed


class Editorship(models.Model):
    """A person who writes a report without being staff."""

    report = models.ForeignKey(
        Report,
        models.CASCADE,
        related_name="editorships",
        verbose_name=_("edition of a report"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="editorships",
        verbose_name=_("editor"),
    )
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("editor of a report")
        verbose_name_plural = _("editors of reports")
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "user"], name="editorship_once")
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.user}"

    def tell(self) -> None:
        """Write to somebody who was named as an editor."""
        outbox.send("reports/editor_named", self.user, {"report": self.report})


class Written(models.Model):
    """Something with texts in several languages, each a segment of its own."""

    class Meta:
        abstract = True

    @property
    def fields(self) -> tuple[TextField, ...]:
        """The texts that this has."""
        raise NotImplementedError

    @property
    def owner(self) -> Report:
        """The report to which this belongs."""
        raise NotImplementedError

    @property
    def original_language(self) -> str:
        return self.owner.language

    def segment(self, field: str, language: str) -> "Segment | None":
        """The text in exactly this language, of rows read with their segments."""
        rows: Iterable[Segment] = self.segments.all()  # type: ignore[attr-defined]  # of the subclasses
        return next(
            (row for row in rows if (row.field, row.language) == (field, language)),
            None,
        )

    def read(self, field: str, language: str) -> "Segment | None":
        """The text for a reader of this language: translated, or the original; None when
        nothing is written."""
        for one in (language, self.original_language):
            segment = self.segment(field, one)
            if segment and segment.text:
                return segment
        return None

    @transaction.atomic
    def write(
        self, field: str, language: str, text: str, by: Any, state: str = ""
    ) -> "Segment":
        """Store a text; what it replaces is kept. A translation remembers the original it is of."""
        is_original = language == self.original_language
        state = State.ORIGINAL if is_original else state or State.TRANSLATED
        segments: Any = self.segments  # type: ignore[attr-defined]  # of the subclasses
        row, _made = segments.get_or_create(
            field=field, language=language, defaults={"state": state}
        )
        segment: Segment = segments.select_for_update().get(pk=row.pk)
        segment.keep_earlier(text, by)
        segment.text, segment.state, segment.by = text, state, by
        segment.at = timezone.now()
        segment.original_hash = "" if is_original else self.original_hash(field)
        segment.save()
        self.owner.touch()
        return segment

    def original_hash(self, field: str) -> str:
        segments: Any = self.segments  # type: ignore[attr-defined]  # of the subclasses
        original = segments.filter(field=field, language=self.original_language).first()
        return hash_of(original)


class Section(Written):
    """A part of a report with a heading; level 2 belongs to the level 1 before it."""

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="sections", verbose_name=_("report")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    level = models.PositiveSmallIntegerField(
        _("level"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(2)],
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SectionKind.choices)
    action_line = models.ForeignKey(
        "reference.ActionLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("action line"),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "position"],
                name="section_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(level__in=(1, 2)), name="section_level_is_1_or_2"
            ),
            models.CheckConstraint(
                condition=Q(kind=SectionKind.CHAPTER) | Q(action_line=None),
                name="section_line_of_chapter",
            ),
        ]

    def __str__(self) -> str:
        heading = self.read("heading", translation.get_language() or "en")
        return heading.text if heading else self.usual_heading

    def get_absolute_url(self) -> str:
        return reverse(
            "reports:edit-section", kwargs={"pk": self.report_id, "section": self.pk}
        )

    @property
    def fields(self) -> tuple[TextField, ...]:
        return (HEADING,)

    @property
    def owner(self) -> Report:
        return self.report

    def edit_url(self, language: str, block: "Block | None" = None) -> str:
        """The editor's page of the section, at a block of it."""
        place = f"#b{block.pk}" if block else ""
        return f"{self.get_absolute_url()}?language={language}{place}"

    @property
    def usual_heading(self) -> str:
        """The heading, in the active language, as long as nobody writes another one."""
        if self.action_line:
            return f"{self.action_line_id} {self.action_line.name}"
        if self.kind == SectionKind.TEXT:
            return ""
        return str(heading_of(self.report.series, self.kind))

    @property
    def is_empty(self) -> bool:
        """Whether no block has anything to print, of rows read with blocks and segments."""
        return all(block.is_empty for block in self.blocks.all())


class Block(Written):
    """A piece of a section; `settings` hold what is no text, as the form of its kind judged it."""

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="blocks", verbose_name=_("section")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20, choices=BlockKind.choices)
    settings = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["section", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"],
                name="block_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.get_kind_display()}"

    @property
    def fields(self) -> tuple[TextField, ...]:
        return TEXTS_OF[self.kind]

    @property
    def owner(self) -> Report:
        return self.section.report

    @property
    def standard_name(self) -> str:
        """The part that the portal writes, in the active language; "" for other kinds."""
        name = self.settings.get("name", "")
        return str(parts_of(self.section.report.series).get(name, ""))

    @property
    def picture_url(self) -> str:
        """Where the people who write the report see the picture."""
        name = self.settings["file"].rpartition("/")[2].removesuffix(".webp")
        place = {"pk": self.section.report_id, "name": name}
        return reverse("reports:edit-picture", kwargs=place)

    @property
    def contribution(self) -> Contribution | None:
        """What somebody was asked to write here, of rows read with their contributions."""
        standing = (one for one in self.contributions.all() if not one.withdrawn_at)
        return next(standing, None)

    @property
    def is_empty(self) -> bool:
        """Whether it has nothing to print: no text, or none of its settings is made yet."""
        if self.kind in WRITTEN_KINDS:
            return self.read("text", self.original_language) is None
        return not self.settings
